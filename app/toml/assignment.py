"""Giving a path another value, by changing the smallest values that differ.

So a new weight inside a long list of services touches one number, and an element that moves within its list
brings its text and its comments along.
"""

import tomllib
from typing import Any

from app.toml.arrays import reordered, without_comments
from app.toml.insertion import insert
from app.toml.layout import Layout, is_inline, spliced
from app.toml.matching import origins, stays_itself
from app.toml.removal import remove
from app.toml.render import value_lines, written_value
from app.toml.scan import Entry, KeyPath, Kind
from app.toml.sections import reordered_sections
from app.toml.trees import ABSENT, is_same, value_at


def assign(text: str, path: KeyPath, value: Any) -> str:
    """The text in which the path has the value, whatever it had."""
    current = value_at(tomllib.loads(text), path)
    if is_same(current, value):
        return text
    if current is ABSENT:
        return insert(text, path, value)
    entry = Layout(text).by_path.get(path)
    if entry is not None and entry.kind is Kind.ELEMENT and not stays_itself(current, value):
        return _replace_element(text, path, value)
    if isinstance(current, dict) and isinstance(value, dict):
        return _assign_table(text, path, current, value)
    if isinstance(current, list) and isinstance(value, list) and _can_hold(entry, value):
        return _assign_list(text, path, current, value)
    if entry is not None and not entry.is_header:
        return spliced(text, entry.value, _written_at(Layout(text), entry, value))
    return insert(remove(text, path), path, value)


def _assign_table(text: str, path: KeyPath, current: dict[str, Any], value: dict[str, Any]) -> str:
    for name in current.keys() - value.keys():
        text = remove(text, (*path, name))
    for name, child in value.items():
        text = assign(text, (*path, name), child)
    return _kept(text, path, value)


def _assign_list(text: str, path: KeyPath, current: list[Any], value: list[Any]) -> str:
    found = origins(current, value)
    new = [place for place, origin in enumerate(found) if origin is None]
    gone = [index for index in range(len(current)) if index not in found]
    for place, index in zip(new, gone, strict=False):  # what is new takes the places of what goes
        text = _replace_element(text, (*path, index), value[place])
        found[place] = index
    for index in reversed(gone[len(new) :]):
        text = remove(text, (*path, index))
    text = _reorder(text, path, [origin for origin in found if origin is not None])
    return _kept(_complete(text, path, value, found), path, value)


def _reorder(text: str, path: KeyPath, origin: list[int]) -> str:
    """Move the elements that are left, given by the indexes they had before others were removed."""
    standing = sorted(origin)
    order = [standing.index(index) for index in origin]
    if origin == standing:
        return text
    layout = Layout(text)
    array = layout.by_path.get(path)
    return reordered(layout, array, order) if array else reordered_sections(layout, path, order)


def _complete(text: str, path: KeyPath, value: list[Any], found: list[int | None]) -> str:
    """Insert what was not there, and change what is not yet as it should be."""
    standing = value_at(tomllib.loads(text), path)
    standing = [] if standing is ABSENT else standing
    for place, item in enumerate(value):
        if found[place] is None:
            text = insert(text, (*path, place), item)
            standing.insert(place, item)
        elif not is_same(standing[place], item):
            text = assign(text, (*path, place), item)
    return text


def _replace_element(text: str, path: KeyPath, value: Any) -> str:
    """Something else in the place of an element, whose comments are not about it."""
    layout = Layout(text)
    element = layout.by_path.get(path)
    if element is None or element.is_header:
        return remove(insert(text, path, value), (*path[:-1], int(path[-1]) + 1))
    text = without_comments(layout, element)
    return spliced(text, Layout(text).by_path[path].value, written_value(value))


def _written_at(layout: Layout, entry: Entry, value: Any) -> str:
    """A value as it is written in the place of another one."""
    if is_inline(layout, entry):
        return written_value(value)
    start = layout.line_start(entry.value.start)
    lines = value_lines(value, entry.value.start - start)
    return (layout.eol + layout.indent_of(start)).join(lines)


def _kept(text: str, path: KeyPath, value: Any) -> str:
    """A value that lost its last element and with it its last header is written down again, empty."""
    return insert(text, path, value) if value_at(tomllib.loads(text), path) is ABSENT else text


def _can_hold(entry: Entry | None, value: list[Any]) -> bool:
    """[[tables]] hold tables only; every other list holds anything."""
    return entry is not None or all(isinstance(item, dict) for item in value)
