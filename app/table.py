"""Tables for people: columns that begin, or for numbers end, one below the other."""

from collections.abc import Iterable, Sequence

GAP = "  "


def table(rows: Iterable[Sequence[str]], names: int = 1) -> list[str]:
    """The rows as lines. The first `names` columns are words, to the left; all others are numbers."""
    cells = [tuple(row) for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return [_line(row, widths, names) for row in cells]


def _line(row: Sequence[str], widths: Sequence[int], names: int) -> str:
    words = map(str.ljust, row[:names], widths)
    numbers = map(str.rjust, row[names:], widths[names:])
    return GAP.join([*words, *numbers]).rstrip()
