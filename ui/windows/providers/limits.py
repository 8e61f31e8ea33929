"""What a provider allows, window by window: how much is used up, and when it begins anew."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ui.windows.providers.words import BETWEEN, clock, tr
from ui.words import UNKNOWN

_WHOLE = 100
_ALMOST = 90


@dataclass(frozen=True, slots=True)
class Limit:
    """One of them; a share of None is unknown."""

    title: str
    share: float | None
    words: str
    is_used_up: bool


def limits(quota: Mapping[str, Any], now: float) -> list[Limit]:
    """Of one provider, as `desk.quota` tells it."""
    several_keys = len({window["key"] for window in quota["windows"]}) > 1
    return [_limit(window, now, names_key=several_keys) for window in quota["windows"]]


def _limit(window: Mapping[str, Any], now: float, *, names_key: bool) -> Limit:
    used = window["used_percent"]
    is_used_up = used is not None and used >= _WHOLE
    facts = [_used(window), _left(window)]
    if window["resets_at"] is not None:
        facts.append(tr("anew at %1", clock(window["resets_at"], now)))
    elif window["kind"] == "resource" and is_used_up:
        facts.append(tr("until it is topped up"))
    words = BETWEEN.join(filter(None, facts)) or UNKNOWN
    sign = "✕ " if is_used_up else "▲ " if used is not None and used >= _ALMOST else ""
    about = filter(None, (window["model"], window["key"] if names_key else ""))
    title = BETWEEN.join((window["name"], *about))
    return Limit(title, None if used is None else min(used / _WHOLE, 1.0), sign + words, is_used_up)


def _used(window: Mapping[str, Any]) -> str:
    used = window["used_percent"]
    return tr("use unknown") if used is None else tr("%1 % used", f"{used:.0f}")


def _left(window: Mapping[str, Any]) -> str:
    if window["remaining"] is None:
        return ""
    unit = window["unit"]
    remaining = _amount(window["remaining"], unit)
    if window["limit"] is None:
        return tr("%1 left", remaining)
    return tr("%1 of %2 left", remaining, _amount(window["limit"], unit))


def _amount(number: float, unit: str) -> str:
    if unit.upper() == "USD":
        return f"${number:,.2f}"
    return f"{number:,.10g} {unit}".strip()
