"""What the benchmark says of pages that were painted late, or not at all."""

from typing import Any

import pytest

from benchmarks.desktop.painting import tell_paint
from benchmarks.table import Table


def paint(content: float) -> dict[str, Any]:
    return {"content": content, "all": content * 2, "cpu": content}


@pytest.mark.parametrize(
    ("took", "missing", "is_met"),
    [
        ([paint(100), paint(300)], [], True),
        ([paint(200)], [], False),
        ([], ["ImportError: gone"], False),
        ([paint(100)], ["ImportError: gone"], False),
    ],
)
def test_a_page_that_was_once_not_painted_was_not_measured(
    took: list[dict[str, Any]], missing: list[str], is_met: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    table = Table(52)
    tell_paint(table, "overview, first time", took, missing)
    assert table.is_met is is_met
    assert ("NOT measured: ImportError: gone" in capsys.readouterr().out) is bool(missing)
