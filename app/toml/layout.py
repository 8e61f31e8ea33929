"""A TOML text with its entries looked up by path."""

import bisect
import re
from functools import cached_property

from app.toml.render import written_key
from app.toml.scan import Entry, KeyPath, Kind, Span, scan


class Layout:
    """Where the keys of one text stand."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def entries(self) -> list[Entry]:
        return scan(self.text)

    @cached_property
    def by_path(self) -> dict[KeyPath, Entry]:
        return {entry.path: entry for entry in self.entries}

    def below(self, path: KeyPath) -> list[Entry]:
        """The entry of a path and every entry inside it, in the order they stand."""
        return [entry for entry in self.entries if entry.path[: len(path)] == path]

    def pairs(self, home: KeyPath) -> list[Entry]:
        """The pairs that are written in one table, under its header or inside its braces; () is the top."""
        return [entry for entry in self.entries if entry.kind is Kind.PAIR and entry.home == home]

    def elements(self, array: KeyPath) -> list[Entry]:
        """The values between the brackets of one array."""
        return [entry for entry in self.entries if entry.kind is Kind.ELEMENT and entry.home == array]

    def inside(self, header: Entry) -> list[Entry]:
        """Everything that stands between a header and the next one."""
        return [e for e in self.entries if header.value.start <= e.key.start < header.value.end]

    def nearest(self, path: KeyPath) -> Entry | None:
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
        line = bisect.bisect_right(self.line_starts, offset)
        return line, offset - self.line_starts[line - 1] + 1

    def offset_of(self, line: int, column: int) -> int:
        """Where a line and a column are, both counted from 1."""
        return self.line_starts[line - 1] + column - 1

    def start_with_comments(self, offset: int) -> int:
        """Where the line of the offset begins, or the comment lines that stand directly above it."""
        start = self.line_start(offset)
        known = bisect.bisect_right(self._value_ends, offset)
        lowest = self._value_ends[known - 1] if known else 0  # a text of several lines holds no comments
        while start and (above := self.line_start(start - 1)) >= lowest:
            if not self.text.startswith("#", above + len(self.indent_of(above))):
                break
            start = above
        return start

    def lines_of(self, entry: Entry) -> Span:
        """The whole lines that an entry is written on."""
        return Span(self.line_start(entry.key.start), self.line_end(entry.value.end))

    @property
    def eol(self) -> str:
        """The line end that most lines of the text have."""
        return "\r\n" if 2 * self.text.count("\r\n") > self.text.count("\n") else "\n"

    def indent_of(self, offset: int) -> str:
        """The white space that the line of the offset begins with."""
        start = end = self.line_start(offset)
        while self.text[end : end + 1] in (" ", "\t"):
            end += 1
        return self.text[start:end]

    def begins_its_line(self, offset: int) -> bool:
        """True if nothing but white space stands before the offset on its line."""
        return self.line_start(offset) + len(self.indent_of(offset)) >= offset

    def line_start(self, offset: int) -> int:
        return self.text.rfind("\n", 0, offset) + 1

    def line_end(self, offset: int) -> int:
        """Behind the end of the line that the offset is in."""
        end = self.text.find("\n", offset)
        return len(self.text) if end < 0 else end + 1

    @cached_property
    def _value_ends(self) -> list[int]:
        return sorted(entry.value.end for entry in self.entries if not entry.is_header)

    @cached_property
    def line_starts(self) -> list[int]:
        """Where each line begins."""
        return [0, *(match.end() for match in re.finditer("\n", self.text))]


def is_inline(layout: Layout, entry: Entry) -> bool:
    """True if the entry stands inside braces or brackets that hold values."""
    home = layout.by_path.get(entry.home)
    return home is not None and not home.is_header


def spliced(text: str, span: Span, new: str) -> str:
    """The text with something else in the place of one stretch."""
    return text[: span.start] + new + text[span.end :]


def written_path(path: KeyPath) -> str:
    """A path as messages name it: `tiers.SIMPLE.services[1].weight`, `providers."my.host".kind`."""
    written = ""
    for step in path:
        if isinstance(step, int):
            written += f"[{step}]"
        else:
            written += ("." if written else "") + written_key(step)
    return written
