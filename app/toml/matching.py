"""Which elements of a new list are elements of the old one, so that they can be moved and not rewritten."""

from collections.abc import Callable, Sequence
from difflib import SequenceMatcher
from typing import Any, Final

from app.toml.trees import is_same

_IDENTITIES: Final = (("provider", "model"), ("url",))
"""Keys that say what a table stands for: with other values in them it is another thing."""

_LABEL: Final = "name"


def origins(old: Sequence[Any], new: Sequence[Any]) -> list[int | None]:
    """For each new element the index of the old one that it is, perhaps changed; None: it was not there.

    Equal elements come first, those that stay in order before those that move; then what is called the same;
    then what is mostly the same.
    """
    found: list[int | None] = [None] * len(new)
    matcher = SequenceMatcher(None, list(map(repr, old)), list(map(repr, new)), autojunk=False)
    for block in matcher.get_matching_blocks():
        for offset in range(block.size):
            found[block.b + offset] = block.a + offset
    free = [index for index in range(len(old)) if index not in found]
    for is_one in (is_same, _has_same_name, _is_mostly_same):
        for place, value in enumerate(new):
            if found[place] is None and (match := _first(free, old, value, is_one)) is not None:
                found[place] = match
                free.remove(match)
    for index in free if len(old) == len(new) else ():
        if found[index] is None and _is_nameless(old[index]) and _is_nameless(new[index]):
            found[index] = index
    return found


def stays_itself(old: Any, new: Any) -> bool:
    """True if a value in the place of another one is the same thing, changed."""
    return _has_same_name(old, new) or (_identity(old) is None and _identity(new) is None)


def _first(
    free: Sequence[int], old: Sequence[Any], value: Any, is_one: Callable[[Any, Any], bool]
) -> int | None:
    return next((index for index in free if is_one(old[index], value)), None)


def _has_same_name(old: Any, new: Any) -> bool:
    return _name(old) is not None and _name(old) == _name(new)


def _is_mostly_same(old: Any, new: Any) -> bool:
    """True for tables without identity of which at least half is equal, such as a renamed rule."""
    if not (isinstance(old, dict) and isinstance(new, dict) and stays_itself(old, new)):
        return False
    equal = sum(name in new and is_same(value, new[name]) for name, value in old.items())
    return 0 < max(len(old), len(new)) <= 2 * equal


def _is_nameless(value: Any) -> bool:
    """True for numbers, lists and the like, which are what they are by their place."""
    return not isinstance(value, (str, dict))


def _name(value: Any) -> str | None:
    """What a person would call an element; a service has the same name as text and as table."""
    if isinstance(value, dict) and isinstance(value.get(_LABEL), str) and _identity(value) is None:
        return str(value[_LABEL])
    return _identity(value)


def _identity(value: Any) -> str | None:
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        for keys in _IDENTITIES:
            parts = [value.get(key) for key in keys]
            if all(isinstance(part, str) for part in parts):
                return "/".join(map(str, parts))
    return None
