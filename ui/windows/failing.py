"""When a provider is said to fail often: the same wherever it is said."""

from collections.abc import Mapping
from typing import Any, Final

_OFTEN: Final = 20.0
"""Percent of what was tried there."""


def statistics_of(name: str, told: Mapping[str, Any]) -> Mapping[str, Any]:
    """Of one provider; empty where none are known. An unread record is `told` with what is wrong with it."""
    found = told.get(name)
    return found if isinstance(found, Mapping) else {}


def fails_often(statistics: Mapping[str, Any]) -> bool:
    return bool(statistics.get("total")) and statistics["errorRate"] >= _OFTEN
