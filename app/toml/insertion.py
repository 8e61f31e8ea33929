"""Putting one value into a TOML text, at the place where a person would have written it.

Every character that does not belong to the new value stays the same. Whether the change makes sense is the
business of `edits`, which plans it and proves the result.
"""

from collections.abc import Mapping
from typing import Any, Final

from app.toml.layout import Layout, is_inline, spliced, written_path
from app.toml.render import written_key, written_value
from app.toml.scan import Entry, Kind, Path, Span, skip_gap
from app.toml.sections import (
    add_element_section,
    add_section,
    count_sections,
    deserves_section,
)
from app.toml.trees import NoSuchPlaceError

_INDENT: Final = "  "


def insert(text: str, path: Path, value: Any) -> str:
    """Give a path a value that has none yet."""
    layout = Layout(text)
    parent, step = path[:-1], path[-1]
    if isinstance(step, int):
        return _insert_element(layout, parent, step, value)
    holder = layout.by_path.get(parent)
    if holder is None and parent:
        return _insert_into_unnamed(layout, parent, step, value)
    if holder is not None and not holder.is_header:
        return _insert_inline(text, holder, f"{written_key(step)} = {written_value(value)}")
    if deserves_section(path, value):
        return add_section(layout, path, value)
    return _insert_line(layout, holder, f"{written_key(step)} = {written_value(value)}")


def _insert_into_unnamed(layout: Layout, parent: Path, step: str, value: Any) -> str:
    """Into a table that is absent, or exists only because longer names lead through it."""
    inside = layout.below(parent)
    if not inside:
        return insert(layout.text, parent, {step: value})
    if inside[0].is_header:
        if isinstance(value, Mapping):
            return add_section(layout, (*parent, step), value)
        return add_section(layout, parent, {step: value})
    home = inside[0].home
    neighbour = [entry for entry in inside if entry.kind is Kind.PAIR and entry.home == home][-1]
    name = ".".join(written_key(str(part)) for part in (*parent[len(home) :], step))
    pair = f"{name} = {written_value(value)}"
    if is_inline(layout, neighbour):
        return spliced(layout.text, Span(neighbour.value.end, neighbour.value.end), f", {pair}")
    return _insert_after_line(layout, neighbour, pair)


def _insert_line(layout: Layout, header: Entry | None, pair: str) -> str:
    """A pair on a line of its own behind the last one of its table; the top of the file has no header."""
    home = header.path if header else ()
    pairs = [e for e in layout.entries if e.kind is Kind.PAIR and e.home == home]
    if header is not None:
        pairs = [e for e in pairs if header.value.start <= e.key.start < header.value.end]
    if pairs:
        return _insert_after_line(layout, pairs[-1], pair)
    if header is not None:
        return _insert_after_line(layout, header, pair)
    top = layout.start_with_comments(layout.entries[0].key.start) if layout.entries else len(layout.text)
    before, after = layout.text[:top], layout.text[top:]
    separator = "" if not before or before.endswith("\n") else layout.eol
    return before + separator + pair + layout.eol + (layout.eol if after else "") + after


def _insert_after_line(layout: Layout, neighbour: Entry, line: str) -> str:
    """A line behind the one that an entry ends on, indented like the line it begins on."""
    text = layout.text
    begin = layout.line_start(neighbour.key.start)
    indent = text[begin : begin + len(text[begin:]) - len(text[begin:].lstrip(" \t"))]
    end = layout.line_end(neighbour.value.start if neighbour.is_header else neighbour.value.end)
    if text[:end].endswith("\n"):
        return text[:end] + indent + line + layout.eol + text[end:]
    return text[:end] + layout.eol + indent + line


def _insert_inline(text: str, table: Entry, pair: str) -> str:
    written = table.value.of(text)
    if not written.startswith("{"):
        raise NoSuchPlaceError(f"{written_path(table.path)} is no table")
    inside = written[1:-1].rstrip()
    if not inside:
        return spliced(text, table.value, f"{{ {pair} }}")
    end = table.value.start + 1 + len(inside)
    return spliced(text, Span(end, end), f", {pair}")


def _insert_element(layout: Layout, array: Path, index: int, value: Any) -> str:
    entry = layout.by_path.get(array)
    elements = [e for e in layout.entries if e.kind is Kind.ELEMENT and e.home == array]
    count = len(elements) if entry else count_sections(layout, array)
    if index > count:
        raise NoSuchPlaceError(f"{written_path((*array, index))} does not exist")
    if entry is None and count == 0:
        return insert(layout.text, array, [value])
    if entry is None:
        return add_element_section(layout, (*array, index), value)
    if index < count:
        return _insert_before(layout, elements[index], written_value(value))
    if elements:
        return _insert_behind(layout, entry, elements[-1], written_value(value))
    start = entry.value.start + 1
    return spliced(layout.text, Span(start, start), written_value(value))


def _insert_before(layout: Layout, element: Entry, written: str) -> str:
    start = layout.line_start(element.value.start)
    indent = layout.text[start : element.value.start]
    if indent.isspace() or not indent:
        return spliced(layout.text, Span(start, start), f"{indent}{written},{layout.eol}")
    return spliced(layout.text, Span(element.value.start, element.value.start), f"{written}, ")


def _insert_behind(layout: Layout, array: Entry, last: Entry, written: str) -> str:
    """At the end of an array: on a line of its own where the last element has one."""
    text, end = layout.text, last.value.end
    behind = skip_gap(text, end)
    has_comma = text[behind] == ","
    newline = text.find("\n", behind if has_comma else end, array.value.end)
    if newline < 0:
        return spliced(text, Span(end, end), f", {written}")
    before = text[layout.line_start(last.value.start) : last.value.start]
    indent = before if before.isspace() or not before else _INDENT
    text = spliced(text, Span(newline + 1, newline + 1), f"{indent}{written}{',' * has_comma}{layout.eol}")
    return text if has_comma else spliced(text, Span(end, end), ",")
