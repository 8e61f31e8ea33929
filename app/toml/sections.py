"""Whole sections, a [header] with its pairs: how far they reach, adding them, and moving them.

A comment belongs to the section above whose header it stands without a blank line between, else to the one
that it follows directly; all others belong to no section and stay where they are.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from app.toml.layout import Layout, spliced, written_path
from app.toml.render import pair_lines, written_key
from app.toml.scan import Entry, KeyPath, Kind, Span
from app.toml.trees import NoSuchPlaceError

_SECTION_DEPTH: Final = 2
"""Tables up to [providers.ollama] get a header; deeper ones are written inline, beside their neighbours."""


def deserves_section(path: KeyPath, value: Any) -> bool:
    """True if a new value reads better below a header than on one line."""
    if isinstance(value, Mapping):
        return len(path) <= _SECTION_DEPTH
    return len(path) == 1 and _is_list_of_tables(value)


def section(layout: Layout, header: Entry) -> Span:
    """The lines of a section, from the comments above its header to those below its last pair."""
    text = layout.text
    end = layout.line_end(max((e.value.end for e in layout.inside(header)), default=header.value.start))
    follower = header.value.end  # the end of the body is where the next header begins
    limit = layout.start_with_comments(follower) if follower < len(text) else len(text)
    while end < limit and text.startswith("#", end + len(layout.indent_of(end))):
        end = layout.line_end(end)
    return Span(layout.start_with_comments(header.key.start), end)


def add_section(layout: Layout, path: KeyPath, value: Any) -> str:
    """A table, or a list of tables, behind what is nearest to it."""
    known = next(n for n in range(len(path), -1, -1) if n == 0 or layout.below(path[:n]))
    return _with_block(layout, _end_of_region(layout, path[:known]), _section_lines(path, value))


def add_element_section(layout: Layout, path: KeyPath, value: Any) -> str:
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


def count_sections(layout: Layout, array: KeyPath) -> int:
    """How many [[tables]] an array has."""
    return sum(entry.kind is Kind.TABLE_ELEMENT and entry.path[:-1] == array for entry in layout.entries)


def reordered_sections(layout: Layout, array: KeyPath, order: Sequence[int]) -> str:
    """The [[tables]] of an array in another order: each place is given the old index of what comes there.

    What stands between them stays. Tables that are written in several places cannot be moved: the text is
    then given back as it is.
    """
    if layout.text and not layout.text.endswith("\n"):
        ended = Layout(layout.text + layout.eol)
        return reordered_sections(ended, array, order).removesuffix(layout.eol)
    places = [place for index in range(len(order)) if (place := _lines_of(layout, (*array, index)))]
    if len(places) < len(order):
        return layout.text
    text = layout.text
    for place, index in reversed(list(zip(places, order, strict=True))):
        text = spliced(text, place, places[index].of(layout.text))
    return text


def _lines_of(layout: Layout, path: KeyPath) -> Span | None:
    """The lines of a table with those below it; None if other sections stand between them."""
    headers = [entry for entry in layout.entries if entry.is_header]
    own = [place for place, header in enumerate(headers) if header.path[: len(path)] == path]
    if own[-1] - own[0] >= len(own):
        return None
    return Span(section(layout, headers[own[0]]).start, section(layout, headers[own[-1]]).end)


def _end_of_region(layout: Layout, path: KeyPath) -> int:
    """Behind the last line that belongs to a path, where a new header cuts no section in two."""
    if not path:
        return len(layout.text)
    last = layout.below(path)[-1]
    headers = [entry for entry in layout.entries if entry.is_header and entry.key.start <= last.key.start]
    if headers:
        return section(layout, headers[-1]).end
    return layout.line_end(max(entry.value.end for entry in layout.entries if not entry.home))


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


def _section_lines(path: KeyPath, value: Any) -> list[str]:
    if not isinstance(value, Mapping):
        return _separated([["[" + _header(path) + "]", *_pairs(element)] for element in value])
    if len(path) < _SECTION_DEPTH and value and all(isinstance(child, Mapping) for child in value.values()):
        return _separated([_section_lines((*path, name), child) for name, child in value.items()])
    return [_header(path), *_pairs(value)]


def _separated(sections: list[list[str]]) -> list[str]:
    return [line for number, lines in enumerate(sections) for line in ([""] * bool(number) + lines)]


def _header(path: KeyPath) -> str:
    """Indexes are not written: a header means the last element so far."""
    return "[" + ".".join(written_key(step) for step in path if isinstance(step, str)) + "]"


def _pairs(table: Mapping[str, Any]) -> list[str]:
    return [line for name, value in table.items() for line in pair_lines(written_key(name), value)]


def _is_list_of_tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, Mapping) for item in value)
