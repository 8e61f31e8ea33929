"""What providers say of their limits in the headers of any answer: how much is left, and until when.

Every vendor has a style of its own, and a moment comes as a date, as seconds since 1970, as a span such as
`1m2.5s`, or as bare seconds. All of it becomes seconds from now; what cannot be read is left out.
"""

import calendar
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.utils import mktime_tz, parsedate_tz

_ANTHROPIC = "anthropic-ratelimit-"
_UNIFIED = "anthropic-ratelimit-unified-"
_OPEN_STYLES = ("x-ratelimit-", "ratelimit-")
_MEASURES = ("limit", "remaining", "reset")
_UNIFIED_MEASURES = ("utilization", "status", "reset")
_USED_UP = "rejected"
_BEYOND = "overage"
"""Paying beyond the subscription, which is refused wherever nobody has asked for it: not a window."""

_SPAN = re.compile(r"(?:(\d{1,9})d)?(?:(\d{1,9})h)?(?:(\d{1,9})m(?!s))?(?:(\d{1,9}(?:\.\d{1,12})?)s)?")
_SPAN_UNITS = (86400, 3600, 60, 1)
_MILLISECONDS = re.compile(r"(\d{1,12}(?:\.\d{1,12})?)(ms|us|µs)")
_RFC3339 = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(\.\d{1,9})?(?:[Zz]|([+-])(\d\d):?(\d\d))"
)
_NUMBER = re.compile(r"\d{1,16}(?:\.\d{1,12})?")
_A_DATE_IN_SECONDS = 1e9
_A_DATE_IN_MILLISECONDS = 1e12


@dataclass(frozen=True, slots=True)
class Window:
    """One limit over one span of time. None is what the provider does not say, which is not zero."""

    name: str
    limit: float | None = None
    remaining: float | None = None
    used_percent: float | None = None
    resets_in: float | None = None
    """Seconds from now, zero if that moment has passed."""

    @property
    def is_used_up(self) -> bool:
        if self.remaining is not None:
            return self.remaining <= 0
        return self.used_percent is not None and self.used_percent >= 100


def read_limits(headers: Mapping[str, str], now: float) -> tuple[Window, ...]:
    """All windows the headers tell of; `now` is in seconds since 1970."""
    lower = {name.lower(): value.strip() for name, value in headers.items()}
    return (*_unified(lower, now), *_counted(lower, now))


def wait(headers: Mapping[str, str], now: float) -> float | None:
    """The seconds after which to come back, for an answer that refused; None if nothing tells them.

    Without a Retry-After it is when the last of the windows that are used up begins anew.
    """
    lower = {name.lower(): value.strip() for name, value in headers.items()}
    milliseconds = _number(lower.get("retry-after-ms", ""))
    if milliseconds is not None:
        return milliseconds / 1000
    told = _seconds_until(lower.get("retry-after", ""), now)
    if told is not None:
        return told
    resets = (window.resets_in for window in read_limits(lower, now) if window.is_used_up)
    return max((seconds for seconds in resets if seconds is not None), default=None)


def _unified(headers: Mapping[str, str], now: float) -> Iterator[Window]:
    """The windows of an Anthropic subscription, and under the name `unified` what they amount to."""
    for name, said in _grouped(headers, _UNIFIED, _UNIFIED_MEASURES).items():
        if name == _BEYOND:
            continue
        share = _number(said.get("utilization", ""))
        used = None if share is None else share * 100
        if said.get("status") == _USED_UP:
            used = max(used or 0.0, 100.0)
        resets_in = _seconds_until(said.get("reset", ""), now)
        if used is not None or resets_in is not None:
            yield Window(f"unified {name}".strip(), used_percent=used, resets_in=resets_in)


def _counted(headers: Mapping[str, str], now: float) -> Iterator[Window]:
    groups = _grouped(headers, _ANTHROPIC, _MEASURES)
    for prefix in _OPEN_STYLES:
        groups |= _grouped(headers, prefix, _MEASURES)
    for name, said in groups.items():
        limit, remaining = _number(said.get("limit", "")), _number(said.get("remaining", ""))
        resets_in = _seconds_until(said.get("reset", ""), now)
        if limit is not None or remaining is not None:
            yield Window(name or "requests", limit, remaining, _used_percent(limit, remaining), resets_in)


def _grouped(headers: Mapping[str, str], prefix: str, measures: tuple[str, ...]) -> dict[str, dict[str, str]]:
    """By window, then by measure. The measure stands before the window's name or after it."""
    groups: dict[str, dict[str, str]] = {}
    for header, value in headers.items():
        if not header.startswith(prefix) or (prefix is _ANTHROPIC and header.startswith(_UNIFIED)):
            continue
        words = header.removeprefix(prefix).split("-")
        at = -1 if words[-1] in measures else 0
        if words[at] in measures:
            measure = words.pop(at)
            groups.setdefault(" ".join(words), {})[measure] = value
    return groups


def _used_percent(limit: float | None, remaining: float | None) -> float | None:
    if not limit or remaining is None:
        return None
    return max(0.0, 100 * (1 - remaining / limit))


def _number(text: str) -> float | None:
    return float(text) if _NUMBER.fullmatch(text) else None


def _seconds_until(text: str, now: float) -> float | None:
    number = _number(text)
    if number is not None and number < _A_DATE_IN_SECONDS:
        return number
    moment = _moment(text, number)
    return _span(text) if moment is None else max(0.0, moment - now)


def _moment(text: str, number: float | None) -> float | None:
    """In seconds since 1970."""
    if number is not None:
        return number / 1000 if number >= _A_DATE_IN_MILLISECONDS else number
    return _rfc3339(text) or _http_date(text)


def _span(text: str) -> float | None:
    tiny = _MILLISECONDS.fullmatch(text)
    if tiny is not None:
        return float(tiny[1]) / (1000 if tiny[2] == "ms" else 1_000_000)
    found = _SPAN.fullmatch(text)
    if found is None or not text:
        return None
    return math.fsum(float(part or 0) * unit for part, unit in zip(found.groups(), _SPAN_UNITS, strict=True))


def _rfc3339(text: str) -> float | None:
    found = _RFC3339.fullmatch(text)
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(part) for part in found.groups()[:6])
    if year < 1970 or not 1 <= month <= 12:
        return None
    moment = calendar.timegm((year, month, day, hour, minute, second)) + float(found[7] or 0)
    if found[8] is None:
        return moment
    offset = 3600 * int(found[9]) + 60 * int(found[10])
    return moment - offset if found[8] == "+" else moment + offset


def _http_date(text: str) -> float | None:
    parsed = parsedate_tz(text) if text[:1].isalpha() else None
    if parsed is None:
        return None
    try:
        return float(mktime_tz(parsed))
    except (ValueError, OverflowError):
        return None
