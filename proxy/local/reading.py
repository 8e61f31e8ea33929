"""Reading what servers tell of themselves: a value of the wrong type is one that was not told."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_BILLION, _MILLION = 1_000_000_000, 1_000_000
_HIGHEST = 2**53


def inner(told: Mapping[str, Any], *names: str) -> Mapping[str, Any]:
    """An object inside an object, by the names that lead to it."""
    for name in names:
        found = told.get(name)
        if not isinstance(found, dict):
            return {}
        told = found
    return told


def entries(told: Mapping[str, Any], name: str) -> Iterator[Mapping[str, Any]]:
    """The objects of a list."""
    found = told.get(name)
    if isinstance(found, list):
        yield from (each for each in found if isinstance(each, dict))


def text(told: Mapping[str, Any], *names: str) -> str:
    """The first of these that is a text and not empty."""
    values = (told.get(name) for name in names)
    return next((value for value in values if isinstance(value, str) and value), "")


def number(told: Mapping[str, Any], *names: str) -> int | None:
    """The first of these that is a whole number above zero: nobody has no context, no slots and no size."""
    for value in (told.get(name) for name in names):
        if isinstance(value, int | float) and not isinstance(value, bool) and 1 <= value < _HIGHEST:
            return int(value)
    return None


def yes_or_no(told: Mapping[str, Any], *names: str) -> bool | None:
    values = (told.get(name) for name in names)
    return next((value for value in values if isinstance(value, bool)), None)


def words(told: Mapping[str, Any], name: str) -> Sequence[str] | None:
    """A list of texts; None where there is none."""
    found = told.get(name)
    return [each for each in found if isinstance(each, str)] if isinstance(found, list) else None


def named(has: Sequence[str] | None, *names: str) -> bool | None:
    """Whether a complete list has any of these names."""
    return None if has is None else any(name in has for name in names)


def weights(count: int | None) -> str:
    """A number of weights as people write it."""
    if count is None:
        return ""
    if count >= _BILLION:
        return f"{count / _BILLION:.1f}".removesuffix(".0") + "B"
    millions = count / _MILLION
    return f"{round(millions)}M" if millions >= 1 else f"{millions:.1f}M"
