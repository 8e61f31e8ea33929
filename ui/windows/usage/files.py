"""What is shown, as a file for spreadsheets (CSV) or for programs (JSON), in pieces of text.

Unknown is an empty cell in CSV and null in JSON; it is never zero. No cell of the CSV is a formula.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, Final

from app.record.forms import lines, word
from proxy.ledger.queries.usage_rows import COLUMNS
from ui.windows.usage.asking import Line
from ui.windows.usage.question import CASCADE, Question

_ROWS_AT_A_TIME: Final = 500
_LONGEST_NAME: Final = 120
_NOT_IN_NAMES: Final = re.compile(r"[^\w.-]+")
_CAMEL: Final = re.compile(r"[A-Z]")
"""In names that an older dashboard knows; the same stands beside under a plain name."""


class FileKind(Enum):
    CSV = "csv"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class Export:
    """What is known of one question: the sums of the page, and the rows of the record behind them."""

    question: Question
    usage: Line
    rows: Sequence[Line]

    @property
    def since(self) -> datetime:
        return _local(self.usage["since"])

    @property
    def until(self) -> datetime:
        """Before that."""
        return _local(self.usage["until"])


def pieces_of(export: Export, kind: FileKind) -> Iterator[str]:
    return _PIECES[kind](export)


def file_name(export: Export, kind: FileKind) -> str:
    """With the days and the filters, so that two files are told apart."""
    last = _local(export.usage["until"] - 1)
    days = dict.fromkeys((f"{export.since:%Y-%m-%d}", f"{last:%Y-%m-%d}"))
    filters = [f"{group}-{name}" for group, name in export.question.chosen]
    stem = _NOT_IN_NAMES.sub("-", "_".join(["tierwise-usage", *days, *filters]))
    return f"{stem[:_LONGEST_NAME]}.{kind.value}"


def _csv(export: Export) -> Iterator[str]:
    yield lines([COLUMNS])
    for start in range(0, len(export.rows), _ROWS_AT_A_TIME):
        rows = export.rows[start : start + _ROWS_AT_A_TIME]
        yield lines([[_cell(row[name]) for name in COLUMNS] for row in rows])


def _cell(value: Any) -> object:
    if value is None:
        return ""
    return word(value) if isinstance(value, str) else value


def _json(export: Export) -> Iterator[str]:
    usage = export.usage
    document = {
        "range": {
            "name": export.question.range.value,
            "since": export.since.isoformat(),
            "until": export.until.isoformat(),
            "unit": usage["series_unit"],
        },
        "filters": dict(export.question.chosen),
        "totals": _plain(usage["totals"]),
        **{f"by_{group}": [_plain(line) for line in usage[f"by_{group}"]] for group in CASCADE},
        "series": [{**_plain(piece), "requests_by_tier": piece["byTier"]} for piece in usage["daily"]],
        "rows": list(export.rows),
    }
    yield from json.JSONEncoder(indent=1, ensure_ascii=False).iterencode(document)
    yield "\n"


def _plain(line: Line) -> dict[str, Any]:
    return {name: value for name, value in line.items() if not _CAMEL.search(name)}


def _local(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000).astimezone()


_PIECES: Final[Mapping[FileKind, Callable[[Export], Iterator[str]]]] = {
    FileKind.CSV: _csv,
    FileKind.JSON: _json,
}
