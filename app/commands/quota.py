"""`tierwise quota`: how much of what providers allow is used up, as the running instance knows it."""

import argparse
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from app.commands.context import Commands, Context
from app.instance import NotRunningError, find_running
from app.remote import call, lines
from app.table import table

_REFRESH_SECONDS = 20.0
"""Longer than the instance gives its providers."""
_UNKNOWN = "unknown"
_HEADINGS = ("provider", "window", "used", "remaining", "resets in")
_WHOLE = ("requests", "tokens")
"""Units of which there are no parts."""
_SPANS = ((86400, "d"), (3600, "h"), (60, "min"))


def add(commands: Commands, common: argparse.ArgumentParser) -> None:
    quota = commands.add_parser(
        "quota",
        parents=[common],
        help="tell how much providers still allow",
        description="Tells how much of rate limits, plans and balances is used, as far as that is known. "
        "Exit code 1: Tierwise does not run.",
    )
    quota.add_argument("--refresh", action="store_true", help="ask the providers for their balances now")
    quota.set_defaults(command=show_quota)


def show_quota(context: Context, options: argparse.Namespace) -> int:
    running = find_running(context.home)
    if running is None:
        raise NotRunningError(
            "Tierwise is not running, and only then hears from providers. `tierwise serve` starts it."
        )
    if options.refresh:
        told = next(lines(running, "GET", "/api/quota?refresh=1", _REFRESH_SECONDS))
    else:
        told = call(running, "GET", "/api/quota")
    context.answer(page_of(told["providers"], time.time()), told)
    return 0


def page_of(providers: Sequence[Mapping[str, Any]], now: float) -> str:
    if not providers:
        return "No provider is configured and enabled."
    rows = table(
        [_HEADINGS, *(row for provider in providers for row in _rows(provider, now))], names=len(_HEADINGS)
    )
    troubles = [f"{each['provider']}: {each['detail']}" for each in providers if each["detail"]]
    return "\n".join([*rows, *troubles])


def _rows(provider: Mapping[str, Any], now: float) -> Iterable[tuple[str, ...]]:
    """A provider of whom nothing is known has a row that says so."""
    windows: Sequence[Mapping[str, Any]] = provider["windows"]
    if not windows:
        yield (provider["provider"], *(_UNKNOWN for _ in _HEADINGS[1:]))
    has_several_keys = len({window["key"] for window in windows}) > 1
    for window in windows:
        key = f" ({window['key']})" if has_several_keys else ""
        yield (
            provider["provider"] + key,
            window["name"] + _of_model(window),
            _percent(window["used_percent"]),
            _amount(window),
            _span(window, now),
        )


def _of_model(window: Mapping[str, Any]) -> str:
    return f" ({window['model']})" if window["model"] else ""


def _percent(used: float | None) -> str:
    """Rounded down: 100 % is nothing left."""
    return _UNKNOWN if used is None else f"{int(used)} %"


def _amount(window: Mapping[str, Any]) -> str:
    remaining = window["remaining"]
    if remaining is None:
        return _UNKNOWN
    number = f"{remaining:,.0f}" if window["unit"] in _WHOLE else f"{remaining:,.2f}"
    return f"{number} {window['unit']}".rstrip()


def _span(window: Mapping[str, Any], now: float) -> str:
    if window["kind"] == "resource":
        return "never by itself"
    if window["resets_at"] is None:
        return _UNKNOWN
    seconds = max(0, round(window["resets_at"] - now))
    for place, (size, unit) in enumerate(_SPANS):
        if seconds >= size:
            rest, (smaller, name) = seconds % size, (*_SPANS, (1, "s"))[place + 1]
            return f"{seconds // size} {unit} {rest // smaller} {name}"
    return f"{seconds} s"
