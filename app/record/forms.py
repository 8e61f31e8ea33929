"""The rows of the record as text that other programs read, in pieces: any number of them fits into memory.

Unknown is an empty cell in CSV and null in JSON; it is never zero.
"""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping

from proxy.ledger.exporting import COLUMNS, Cell, Kind, Row

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""Spreadsheets calculate what begins with one of these, and clients choose names as they like."""

Pages = Iterable[list[Row]]


def as_csv(pages: Pages) -> Iterator[str]:
    yield lines([tuple(COLUMNS)])
    shown = [_SHOWN[kind] for kind, _ in COLUMNS.values()]
    for page in pages:
        yield lines([[show(cell) for show, cell in zip(shown, row, strict=True)] for row in page])


def as_json(pages: Pages) -> Iterator[str]:
    """One document: {"exchanges": [...]}."""
    between = '{"exchanges": [\n'
    for page in pages:
        for row in page:
            yield between + json.dumps(dict(zip(COLUMNS, row, strict=True)))
            between = ",\n"
    yield "\n]}\n" if between == ",\n" else between + "]}\n"


def lines(rows: Iterable[Iterable[object]]) -> str:
    """Rows as CSV."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue()


def _plain(cell: Cell) -> object:
    return "" if cell is None else cell


def _flag(cell: Cell) -> str:
    return "true" if cell else "false"


def word(cell: Cell) -> str:
    """A name as no spreadsheet calculates it."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(_FORMULA) else text


_SHOWN: Mapping[Kind, Callable[[Cell], object]] = {
    Kind.NUMBER: _plain,
    Kind.FLAG: _flag,
    Kind.ID: _plain,
    Kind.TIME: _plain,
    Kind.DOLLARS: _plain,
    Kind.WORD: word,
}
