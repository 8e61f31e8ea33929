"""Adding whole sections, a [header] with its pairs, to a TOML text."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from app.toml.layout import Layout, written_path
from app.toml.render import written_key, written_value
from app.toml.scan import Kind, Path
from app.toml.trees import NoSuchPlaceError

_SECTION_DEPTH: Final = 2
"""Tables up to [providers.ollama] get a header; deeper ones are written inline, beside their neighbours."""


def deserves_section(path: Path, value: Any) -> bool:
    """True if a new value reads better below a header than on one line."""
    if isinstance(value, Mapping):
        return len(path) <= _SECTION_DEPTH
    return len(path) == 1 and _is_list_of_tables(value)


def add_section(layout: Layout, path: Path, value: Any) -> str:
    """A table, or a list of tables, behind what is nearest to it."""
    known = next(n for n in range(len(path), -1, -1) if n == 0 or layout.below(path[:n]))
    return _with_block(layout, _end_of_region(layout, path[:known]), _section_lines(path, value))


def add_element_section(layout: Layout, path: Path, value: Any) -> str:
    """One more [[table]] in front of the one that has its index, or behind the last."""
    if not isinstance(value, Mapping):
        raise NoSuchPlaceError(f"{written_path(path)} can only be a table")
    lines = ["[" + _header(path) + "]", *_pairs(value)]
    follower = layout.by_path.get(path)
    if follower is None:
        array, index = path[:-1], int(path[-1])
        return _with_block(layout, _end_of_region(layout, (*array, index - 1)), lines)
    start = layout.start_with_comments(follower.key.start)
    return layout.text[:start] + layout.eol.join([*lines, "", ""]) + layout.text[start:]


def count_sections(layout: Layout, array: Path) -> int:
    """How many [[tables]] an array has."""
    return sum(entry.kind is Kind.TABLE_ELEMENT and entry.path[:-1] == array for entry in layout.entries)


def _end_of_region(layout: Layout, path: Path) -> int:
    """Behind the last line that belongs to a path, where a new header cuts no section in two."""
    if not path:
        return len(layout.text)
    last = layout.entries.index(layout.below(path)[-1])
    while last + 1 < len(layout.entries) and not layout.entries[last + 1].is_header:
        last += 1
    ends = (e.value.start if e.is_header else e.value.end for e in layout.entries[: last + 1])
    return layout.line_end(max(ends))


def _with_block(layout: Layout, position: int, lines: Sequence[str]) -> str:
    """The lines as a block of their own, one blank line away from its neighbours."""
    before, after = layout.text[:position], layout.text[position:]
    eol = layout.eol
    ends_open = bool(before) and not before.endswith("\n")
    lead = eol * (ends_open + _is_text(before.splitlines()[-1:]))
    tail = eol * ((not ends_open or bool(after)) + _is_text(after.splitlines()[:1]))
    return before + lead + eol.join(lines) + tail + after


def _is_text(lines: list[str]) -> bool:
    """True if there is a line, and something on it."""
    return bool(lines and lines[0].strip())


def _section_lines(path: Path, value: Any) -> list[str]:
    if not isinstance(value, Mapping):
        return _separated([["[" + _header(path) + "]", *_pairs(element)] for element in value])
    if len(path) < _SECTION_DEPTH and value and all(isinstance(child, Mapping) for child in value.values()):
        return _separated([_section_lines((*path, name), child) for name, child in value.items()])
    return [_header(path), *_pairs(value)]


def _separated(sections: list[list[str]]) -> list[str]:
    return [line for number, lines in enumerate(sections) for line in ([""] * bool(number) + lines)]


def _header(path: Path) -> str:
    """Indexes are not written: a header means the last element so far."""
    return "[" + ".".join(written_key(step) for step in path if isinstance(step, str)) + "]"


def _pairs(table: Mapping[str, Any]) -> list[str]:
    return [f"{written_key(name)} = {written_value(value)}" for name, value in table.items()]


def _is_list_of_tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, Mapping) for item in value)
