"""What a TOML text means, as plain dicts and lists: looking up and changing copies by path."""

import math
from collections.abc import Mapping
from typing import Any, Final

from app.toml.layout import written_path
from app.toml.scan import KeyPath

ABSENT: Final = object()
"""What stands where there is nothing."""


class NoSuchPlaceError(LookupError):
    """A path leads through something that is not there, or that cannot hold the value."""


def value_at(tree: Any, path: KeyPath) -> Any:
    for step in path:
        if isinstance(tree, dict) and isinstance(step, str):
            tree = tree.get(step, ABSENT)
        elif isinstance(tree, list) and isinstance(step, int):
            tree = tree[step] if 0 <= step < len(tree) else ABSENT
        else:
            return ABSENT
    return tree


def with_value(tree: Any, path: KeyPath, value: Any) -> Any:
    """A copy of the tree in which the path has the value; tables on the way are made."""
    if not path:
        return value
    step, rest = path[0], path[1:]
    if isinstance(step, str):
        if tree is ABSENT:
            tree = {}
        if isinstance(tree, dict):
            return {**tree, step: with_value(tree.get(step, ABSENT), rest, value)}
    else:
        if tree is ABSENT:
            tree = []
        if isinstance(tree, list) and 0 <= step <= len(tree):
            current = tree[step] if step < len(tree) else ABSENT
            return [*tree[:step], with_value(current, rest, value), *tree[step + 1 :]]
    raise NoSuchPlaceError(f"there is no place for {written_path((step,))}")


def without_value(tree: Any, path: KeyPath) -> Any:
    """A copy of the tree without the path."""
    if value_at(tree, path) is ABSENT:
        return tree
    step, rest = path[0], path[1:]
    if isinstance(tree, dict):
        if rest:
            return {**tree, step: without_value(tree[step], rest)}
        return {name: child for name, child in tree.items() if name != step}
    index = int(step)
    return [*tree[:index], *([without_value(tree[index], rest)] if rest else []), *tree[index + 1 :]]


def plain(value: Any) -> Any:
    """The value as a parser would give it back."""
    if isinstance(value, Mapping):
        return {name: plain(child) for name, child in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(child) for child in value]
    return value


def is_same(one: Any, other: Any) -> bool:
    """Equal in type too: 1, 1.0 and true are three values."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(is_same(one[name], other[name]) for name in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(is_same, one, other))
    if isinstance(one, float) and math.isnan(one):
        return math.isnan(other)
    return bool(one == other)
