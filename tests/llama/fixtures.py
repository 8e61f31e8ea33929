"""The fixture `llama`: import it into a test module or a conftest to have a real llama.cpp there.

One server serves the whole session, so tests do not change it.
"""

import importlib.util
from collections.abc import Iterator

import pytest

from tests.llama.server import LlamaServer, llama_server


@pytest.fixture(scope="session")
def llama(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LlamaServer]:
    need_llama()
    with llama_server(tmp_path_factory.mktemp("llama")) as server:
        yield server


def need_llama() -> None:
    """Skips the test where it cannot run."""
    if importlib.util.find_spec("xllamacpp") is None:
        pytest.skip("needs a real llama.cpp; the package xllamacpp has no wheel for this platform")
