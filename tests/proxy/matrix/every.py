"""Which cells a test runs in."""

import pytest

from tests.proxy.matrix.clients import CLIENTS
from tests.proxy.matrix.columns import COLUMNS

every_column = pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.format.value)
every_client = pytest.mark.parametrize("client", CLIENTS, ids=repr)
whole_and_streamed = pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])
