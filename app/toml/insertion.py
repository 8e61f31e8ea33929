"""Putting one value into a TOML text, at the place where a person would have written it.

Every character that does not belong to the new value stays the same. Whether the change makes sense is the
business of `edits`, which plans it and proves the result.
"""

from collections.abc import Mapping
from typing import Any

from app.toml.arrays import folded
from app.toml.layout import Layout, is_inline, spliced, written_path
from app.toml.render import INDENT, pair_lines, written_key, written_value
from app.toml.scan import Entry, KeyPath, Kind, Span, skip_gap
from app.toml.sections import add_element_section, add_section, count_sections, deserves_section
from app.toml.trees import NoSuchPlaceError


def insert(text: str, path: KeyPath, value: Any) -> str:
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
    return _insert_pair(layout, holder, pair_lines(written_key(step), value))


def _insert_into_unnamed(layout: Layout, parent: KeyPath, step: str, value: Any) -> str:
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
    if is_inline(layout, neighbour):
        end = neighbour.value.end
        return spliced(layout.text, Span(end, end), f", {name} = {written_value(value)}")
    return _insert_after_line(layout, neighbour, pair_lines(name, value))


def _insert_pair(layout: Layout, header: Entry | None, lines: list[str]) -> str:
    """A pair on lines of its own behind the last one of its table; the top of the file has no header."""
    pairs = layout.pairs(header.path if header else ())
    if header is not None:
        pairs = [pair for pair in pairs if header.value.start <= pair.key.start < header.value.end]
    if pairs:
        return _insert_after_line(layout, pairs[-1], lines)
    if header is not None:
        return _insert_after_line(layout, header, lines)
    top = layout.start_with_comments(layout.entries[0].key.start) if layout.entries else len(layout.text)
    before, after = layout.text[:top], layout.text[top:]
    separator = "" if not before or before.endswith("\n") else layout.eol
    return before + separator + layout.eol.join([*lines, *([""] * bool(after)), ""]) + after


def _insert_after_line(layout: Layout, neighbour: Entry, lines: list[str]) -> str:
    """Lines behind the one that an entry ends on, indented like the line it begins on."""
    text = layout.text
    indent = layout.indent_of(neighbour.key.start)
    written = layout.eol.join(indent + line for line in lines)
    end = layout.line_end(neighbour.value.start if neighbour.is_header else neighbour.value.end)
    if text[:end].endswith("\n"):
        return text[:end] + written + layout.eol + text[end:]
    return text[:end] + layout.eol + written


def _insert_inline(text: str, table: Entry, pair: str) -> str:
    written = table.value.of(text)
    if not written.startswith("{"):
        raise NoSuchPlaceError(f"{written_path(table.path)} is no table")
    inside = written[1:-1].rstrip()
    if not inside:
        return spliced(text, table.value, f"{{ {pair} }}")
    end = table.value.start + 1 + len(inside)
    return spliced(text, Span(end, end), f", {pair}")


def _insert_element(layout: Layout, array: KeyPath, index: int, value: Any) -> str:
    entry = layout.by_path.get(array)
    elements = layout.elements(array)
    count = len(elements) if entry else count_sections(layout, array)
    if index > count:
        raise NoSuchPlaceError(f"{written_path((*array, index))} does not exist")
    if entry is None and count == 0:
        return insert(layout.text, array, [value])
    if entry is None:
        return add_element_section(layout, (*array, index), value)
    if index < count:
        return folded(_insert_before(layout, elements[index], written_value(value)), array)
    if elements:
        return folded(_insert_behind(layout, entry, elements[-1], written_value(value)), array)
    return folded(_insert_first(layout, entry, written_value(value)), array)


def _insert_first(layout: Layout, array: Entry, written: str) -> str:
    """Into an empty array: below the comments in it, where there are lines for that."""
    if "\n" not in array.value.of(layout.text):
        return spliced(layout.text, array.value, f"[{written}]")
    end = layout.line_start(array.value.end - 1)
    above = layout.line_start(end - 1)
    is_beside = above > array.value.start and layout.text[above:end].strip()
    indent = layout.indent_of(above) if is_beside else layout.indent_of(array.value.start) + INDENT
    return spliced(layout.text, Span(end, end), f"{indent}{written},{layout.eol}")


def _insert_before(layout: Layout, element: Entry, written: str) -> str:
    start = element.value.start
    if not layout.begins_its_line(start):
        return spliced(layout.text, Span(start, start), f"{written}, ")
    above = layout.start_with_comments(start)
    return spliced(layout.text, Span(above, above), f"{layout.indent_of(start)}{written},{layout.eol}")


def _insert_behind(layout: Layout, array: Entry, last: Entry, written: str) -> str:
    """At the end of an array: on a line of its own where the last element has one."""
    text, end = layout.text, last.value.end
    behind = skip_gap(text, end)
    has_comma = text[behind] == ","
    newline = text.find("\n", behind if has_comma else end, array.value.end)
    if newline < 0:
        return spliced(text, Span(end, end), f", {written}")
    is_own_line = layout.begins_its_line(last.value.start)
    indent = (
        layout.indent_of(last.value.start) if is_own_line else layout.indent_of(array.value.start) + INDENT
    )
    text = spliced(text, Span(newline + 1, newline + 1), f"{indent}{written}{',' * has_comma}{layout.eol}")
    return text if has_comma else spliced(text, Span(end, end), ",")
