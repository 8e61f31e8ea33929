"""The windows of a ChatGPT plan, as answers to Codex tell them: used percent, length in minutes, and reset.

Beside the plan's own two windows there may be others of a single model, which say nothing of the rest.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_HEADER = re.compile(
    r"x-codex-(?:([a-z0-9-]{1,40})-)?(primary|secondary)-"
    r"(used-percent|window-minutes|reset-at|reset-after-seconds)"
)
_NUMBER = re.compile(r"\d{1,12}(?:\.\d{1,9})?")
_SPANS = ((1440, "d"), (60, "h"), (1, "min"))


@dataclass(frozen=True, slots=True)
class CodexWindow:
    """One window; `of` names what it is limited to, and is empty for the plan as a whole."""

    name: str
    of: str
    used_percent: float
    resets_at: float | None
    """In seconds since 1970."""


def read_codex_windows(headers: Mapping[str, str], now: float) -> tuple[CodexWindow, ...]:
    """All of which a share is told; `now` is in seconds since 1970."""
    windows: dict[tuple[str, str], dict[str, float]] = {}
    for header, value in headers.items():
        found = _HEADER.fullmatch(header.lower())
        if found is not None and _NUMBER.fullmatch(value.strip()):
            windows.setdefault((found[1] or "", found[2]), {})[found[3]] = float(value)
    return tuple(
        CodexWindow(_name(of, which, told), of, told["used-percent"], _resets_at(told, now))
        for (of, which), told in windows.items()
        if "used-percent" in told and any(told.values())  # all zeros stand for no window at all
    )


def _resets_at(told: Mapping[str, float], now: float) -> float | None:
    after = told.get("reset-after-seconds")
    return told.get("reset-at") if after is None else now + after


def _name(of: str, which: str, told: Mapping[str, float]) -> str:
    """By its length where that is told, as people call these windows."""
    minutes = int(told.get("window-minutes", 0))
    span = next((f"{minutes // n}{unit}" for n, unit in _SPANS if minutes and minutes % n == 0), which)
    return " ".join(filter(None, ("codex", of, span)))
