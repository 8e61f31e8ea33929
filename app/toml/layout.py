"""A TOML text with its entries looked up by path."""

import bisect
import re
from functools import cached_property

from app.toml.render import written_key
from app.toml.scan import Entry, Path, Span, scan


class Layout:
    """Where the keys of one text stand."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def entries(self) -> list[Entry]:
        return scan(self.text)

    @cached_property
    def by_path(self) -> dict[Path, Entry]:
        return {entry.path: entry for entry in self.entries}

    def below(self, path: Path) -> list[Entry]:
        """The entry of a path and every entry inside it, in the order they stand."""
        return [entry for entry in self.entries if entry.path[: len(path)] == path]

    def nearest(self, path: Path) -> Entry | None:
        """Where a reader should look for a path: its own entry, else one inside it, else one around it."""
        if path in self.by_path:
            return self.by_path[path]
        for length in range(len(path), 0, -1):
            around = path[:length]
            if found := self.by_path.get(around) or next(iter(self.below(around)), None):
                return found
        return None

    def line_and_column(self, offset: int) -> tuple[int, int]:
        """Both count from 1."""
        line = bisect.bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1

    def start_with_comments(self, offset: int) -> int:
        """Where the line of the offset begins, or the comment that stands directly above it."""
        start = self.line_start(offset)
        while start and self.text[self.line_start(start - 1) : start].lstrip().startswith("#"):
            start = self.line_start(start - 1)
        return start

    def lines_of(self, entry: Entry) -> Span:
        """The whole lines that an entry is written on."""
        return Span(self.line_start(entry.key.start), self.line_end(entry.value.end))

    @property
    def eol(self) -> str:
        """The line end that most lines of the text have."""
        return "\r\n" if 2 * self.text.count("\r\n") > self.text.count("\n") else "\n"

    def line_start(self, offset: int) -> int:
        return self.text.rfind("\n", 0, offset) + 1

    def line_end(self, offset: int) -> int:
        """Behind the end of the line that the offset is in."""
        end = self.text.find("\n", offset)
        return len(self.text) if end < 0 else end + 1

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", self.text))]


def is_inline(layout: Layout, entry: Entry) -> bool:
    """True if the entry stands inside braces or brackets that hold values."""
    home = layout.by_path.get(entry.home)
    return home is not None and not home.is_header


def spliced(text: str, span: Span, new: str) -> str:
    """The text with something else in the place of one stretch."""
    return text[: span.start] + new + text[span.end :]


def written_path(path: Path) -> str:
    """A path as messages name it: `tiers.SIMPLE.services[1].weight`, `providers."my.host".kind`."""
    written = ""
    for step in path:
        if isinstance(step, int):
            written += f"[{step}]"
        else:
            written += ("." if written else "") + written_key(step)
    return written
