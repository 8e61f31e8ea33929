"""Edits of a TOML text that keep comments, order and everything they do not mean to change.

Every result is parsed and compared: it must mean the old text plus the edits and nothing else, or the edit is
refused.
"""

import tomllib
from collections.abc import Iterable
from typing import Any

import msgspec

from app.errors import UserError
from app.toml.assignment import assign
from app.toml.layout import written_path
from app.toml.removal import remove
from app.toml.render import UnwritableError
from app.toml.scan import KeyPath
from app.toml.trees import NoSuchPlaceError, is_same, plain, value_at, with_value, without_value


class Assign(msgspec.Struct, frozen=True):
    """Give a path a value, whatever it had."""

    path: KeyPath
    value: Any


class Remove(msgspec.Struct, frozen=True):
    """Take a path and all below it away; an absent one stays absent."""

    path: KeyPath


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
    if not edit.path:
        raise TomlEditError("the file as a whole cannot be set or removed; name a key")
    try:
        result, intended = _planned(text, edit)
        is_meant = _means(result, intended, edit.path)
    except (NoSuchPlaceError, UnwritableError) as error:
        raise TomlEditError(str(error)) from error
    except RecursionError as error:
        raise TomlEditError("values are nested too deeply") from error
    if not is_meant:
        raise TomlEditError(
            f"{written_path(edit.path)} cannot be changed without touching other keys; edit the file"
        )
    return result


def _planned(text: str, edit: Edit) -> tuple[str, Any]:
    """The text after an edit, and what it should mean."""
    tree = tomllib.loads(text)
    if isinstance(edit, Remove):
        return remove(text, edit.path), without_value(tree, edit.path)
    value = plain(edit.value)
    intended = with_value(tree, edit.path, value)
    return assign(text, edit.path, value), intended


def _means(text: str, intended: Any, path: KeyPath) -> bool:
    """True if a text means the intended tree. What only exists through its parts may go with the last one."""
    try:
        actual = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return is_same(without_empty(actual, path), without_empty(intended, path))


def without_empty(tree: dict[str, Any], path: KeyPath) -> dict[str, Any]:
    """The tree without the tables and arrays around the path that hold nothing."""
    for length in range(len(path) - 1, 0, -1):
        if value_at(tree, path[:length]) in ({}, []) and isinstance(path[length - 1], str):
            tree = without_value(tree, path[:length])
    return tree
