"""What the headers of an answer tell of allowances, without asking anybody for anything.

The windows of a subscription hold for the whole key. Counted ones (requests, tokens) hold for the model that
was asked: every vendor who sends them keeps them by model, or sends them for a part of its models only.
"""

from collections.abc import Iterable, Iterator, Mapping

from proxy.money.quota import Allowance
from proxy.routing.health.key import Key
from proxy.upstream.allowances.codex import read_codex_windows
from proxy.wire.limits import Window, read_limits

_SIGNS = ("anthropic-ratelimit", "x-ratelimit", "ratelimit", "x-codex-")
_OF_A_PLAN = "unified"
_PARTS = "_"
"""In a plan's window: the seven days of one model are called 7d_opus beside 7d of all."""
_UNITS = {"request": "requests", "req": "requests", "token": "tokens"}
_FARTHEST = 40 * 86400.0
"""No window is longer than a month; what is told beyond is nothing to wait for."""


def tells_limits(headers: Iterable[str]) -> bool:
    """Whether any of these names is worth a closer look; most answers have none."""
    return any(name.lower().startswith(_SIGNS) for name in headers)


def read_allowances(headers: Mapping[str, str], key: Key, model: str, now: float) -> tuple[Allowance, ...]:
    """All allowances these headers tell of; `now` is in seconds since 1970."""
    return (*_windows(headers, key, model, now), *_of_codex(headers, key, now))


def _windows(headers: Mapping[str, str], key: Key, model: str, now: float) -> Iterator[Allowance]:
    windows = read_limits(headers, now)
    has_parts = any(_is_of_a_plan(window) and window.name != _OF_A_PLAN for window in windows)
    for window in windows:
        is_of_a_plan = _is_of_a_plan(window)
        yield Allowance(
            provider=key.provider,
            key=key.label,
            window=window.name,
            model="" if is_of_a_plan else model,
            used_percent=window.used_percent,
            limit=window.limit,
            remaining=window.remaining,
            unit="percent" if is_of_a_plan else _unit(window.name),
            resets_at=_in_reach(None if window.resets_in is None else now + window.resets_in, now),
            seen_at=now,
            counts=not is_of_a_plan or _counts(window, has_parts=has_parts),
        )


def _of_codex(headers: Mapping[str, str], key: Key, now: float) -> Iterator[Allowance]:
    for window in read_codex_windows(headers, now):
        yield Allowance(
            provider=key.provider,
            key=key.label,
            window=window.name,
            used_percent=window.used_percent,
            unit="percent",
            resets_at=_in_reach(window.resets_at, now),
            seen_at=now,
            counts=not window.of,
        )


def _is_of_a_plan(window: Window) -> bool:
    return window.name.split(" ", 1)[0] == _OF_A_PLAN


def _counts(window: Window, *, has_parts: bool) -> bool:
    """The summary judges the model that was asked, so it counts only where it is all there is."""
    if window.name == _OF_A_PLAN:
        return not has_parts
    return _PARTS not in window.name


def _unit(window: str) -> str:
    words = (word.rstrip("s") for word in window.split())
    return next((_UNITS[word] for word in words if word in _UNITS), "")


def _in_reach(moment: float | None, now: float) -> float | None:
    return None if moment is None or moment > now + _FARTHEST else moment
