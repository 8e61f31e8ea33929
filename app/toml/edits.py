"""Edits of a TOML text that keep comments, order and everything they do not mean to change.

An edit is planned as single changes on the smallest values that differ, so a new weight inside a long list of
services touches one number. The result is parsed and compared: it must mean the old text plus the edits and
nothing else, or the edit is refused.
"""

import tomllib
from collections.abc import Iterable
from difflib import SequenceMatcher
from typing import Any

import msgspec

from app.errors import UserError
from app.toml.insertion import insert
from app.toml.layout import Layout, spliced, written_path
from app.toml.removal import remove
from app.toml.render import written_value
from app.toml.scan import Path
from app.toml.trees import ABSENT, NoSuchPlaceError, is_same, plain, value_at, with_value, without_value


class Assign(msgspec.Struct, frozen=True):
    """Give a path a value, whatever it had."""

    path: Path
    value: Any


class Remove(msgspec.Struct, frozen=True):
    """Take a path and all below it away; an absent one stays absent."""

    path: Path


Edit = Assign | Remove


class TomlEditError(UserError):
    """An edit that this file has no place for."""

    kind = "edit"


def edited(text: str, edits: Iterable[Edit]) -> str:
    """The text, which must be valid TOML without byte order mark, after all edits in turn."""
    for edit in edits:
        text = _edited_once(text, edit)
    return text


def _edited_once(text: str, edit: Edit) -> str:
    path = edit.path
    if not path:
        raise TomlEditError("the file as a whole cannot be set or removed; name a key")
    tree = tomllib.loads(text)
    try:
        if isinstance(edit, Assign):
            value = plain(edit.value)
            intended = with_value(tree, path, value)
            result = _assign(text, path, value)
        else:
            intended = without_value(tree, path)
            result = remove(text, path)
    except NoSuchPlaceError as error:
        raise TomlEditError(str(error)) from error
    if not _means(result, intended, path):
        raise TomlEditError(
            f"{written_path(path)} cannot be changed without touching other keys; edit the file"
        )
    return result


def _assign(text: str, path: Path, value: Any) -> str:
    current = value_at(tomllib.loads(text), path)
    if is_same(current, value):
        return text
    if current is ABSENT:
        return insert(text, path, value)
    if isinstance(current, dict) and isinstance(value, dict):
        return _assign_table(text, path, current, value)
    if isinstance(current, list) and isinstance(value, list) and _can_grow(text, path, value):
        return _assign_list(text, path, current, value)
    entry = Layout(text).by_path.get(path)
    if entry is not None and not entry.is_header:
        return spliced(text, entry.value, written_value(value))
    return insert(remove(text, path), path, value)


def _assign_table(text: str, path: Path, current: dict[str, Any], value: dict[str, Any]) -> str:
    for name in current.keys() - value.keys():
        text = remove(text, (*path, name))
    for name, child in value.items():
        text = _assign(text, (*path, name), child)
    return _kept(text, path, value)


def _assign_list(text: str, path: Path, current: list[Any], value: list[Any]) -> str:
    """From the end to the beginning, so that the indexes of what is left to do stay right."""
    matcher = SequenceMatcher(None, list(map(repr, current)), list(map(repr, value)), autojunk=False)
    for _, start, end, new_start, new_end in reversed(
        [block for block in matcher.get_opcodes() if block[0] != "equal"]
    ):
        common = min(end - start, new_end - new_start)
        for index in reversed(range(start + common, end)):
            text = remove(text, (*path, index))
        for new in reversed(value[new_start + common : new_end]):
            text = insert(text, (*path, start + common), new)
        for offset in range(common):
            text = _assign(text, (*path, start + offset), value[new_start + offset])
    return _kept(text, path, value)


def _kept(text: str, path: Path, value: Any) -> str:
    """A value that lost its last element and with it its last header is written down again, empty."""
    return insert(text, path, value) if value_at(tomllib.loads(text), path) is ABSENT else text


def _can_grow(text: str, path: Path, value: list[Any]) -> bool:
    """[[tables]] hold tables only; every other list holds anything."""
    return path in Layout(text).by_path or all(isinstance(item, dict) for item in value)


def _means(text: str, intended: Any, path: Path) -> bool:
    """True if a text means the intended tree. What only exists through its parts may go with the last one."""
    try:
        actual = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return is_same(_without_empty(actual, path), _without_empty(intended, path))


def _without_empty(tree: dict[str, Any], path: Path) -> dict[str, Any]:
    """The tree without the tables and arrays around the path that hold nothing."""
    for length in range(len(path) - 1, 0, -1):
        if value_at(tree, path[:length]) in ({}, []) and isinstance(path[length - 1], str):
            tree = without_value(tree, path[:length])
    return tree
