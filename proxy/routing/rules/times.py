"""Tests of the time of day and the day of the week, in a zone or in the machine's own.

Zones are read from disk when a rule is compiled; judging one reads nothing. A clock that is put forward or
back is followed as people read it: hours that come twice count twice, and those left out never come.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from proxy.config import did_you_mean
from proxy.routing.rules.check import Asked, Check, Make, MisfitError, Outcome
from proxy.routing.rules.situation import Situation

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_SPAN: Final = re.compile(r"(\d\d?):(\d\d)-(\d\d?):(\d\d)", re.ASCII)
_SPANS_ALLOWED: Final = "allowed: a span and a zone, such as 22:00-06:00 Europe/Berlin"
_MIDNIGHT: Final = 24 * 60


def time_tests() -> Mapping[str, Make]:
    return {"between": _between}


def weekday_tests() -> Mapping[str, Make]:
    return {"equals": _on_day, "in": _on_days}


def _between(asked: Asked) -> Check:
    span, zone = _with_zone(asked.text)
    match = _SPAN.fullmatch(span)
    if match is None:
        raise MisfitError(f'found "{asked.text}"; {_SPANS_ALLOWED}')
    start, end = _minute(match[1], match[2]), _minute(match[3], match[4])
    if start in (end, _MIDNIGHT):
        raise MisfitError(f'found "{span}", which is no span of a day; {_SPANS_ALLOWED}')
    wraps = end < start

    def check(situation: Situation) -> Outcome:
        now = datetime.fromtimestamp(situation.now, zone)
        minute = now.hour * 60 + now.minute
        within = (minute >= start or minute < end) if wraps else start <= minute < end
        return within, minute

    return check


def _minute(hour: str, minute: str) -> int:
    of_day = int(hour) * 60 + int(minute)
    if int(minute) > 59 or of_day > _MIDNIGHT:
        raise MisfitError(f'found "{hour}:{minute}", which is no time of day; {_SPANS_ALLOWED}')
    return of_day


def _on_day(asked: Asked) -> Check:
    return _on((asked.text,))


def _on_days(asked: Asked) -> Check:
    return _on(asked.texts)


def _on(texts: tuple[str, ...]) -> Check:
    days: set[int] = set()
    zones: dict[str, ZoneInfo | None] = {}
    for text in texts:
        named, zone = _with_zone(text)
        days |= _days(named)
        zones[str(zone)] = zone
    if len(zones) > 1:
        raise MisfitError(f"found {len(zones)} zones; allowed: the same zone for every day")
    (zone,) = zones.values()

    def check(situation: Situation) -> Outcome:
        day = datetime.fromtimestamp(situation.now, zone).weekday()
        return day in days, day + 1

    return check


def _days(text: str) -> set[int]:
    """One day, or all from one to another, perhaps over the end of the week."""
    first, dash, last = text.lower().partition("-")
    begin = _day(first)
    end = _day(last) if dash else begin
    return {day % 7 for day in range(begin, end + (1 if end >= begin else 8))}


def _day(name: str) -> int:
    if name in DAYS:
        return DAYS.index(name)
    raise MisfitError(f'found "{name}"; allowed: {", ".join(DAYS)}{did_you_mean(name, DAYS)}')


def _with_zone(text: str) -> tuple[str, ZoneInfo | None]:
    """The first word, and the zone that the second one names; without one the machine's own."""
    first, _, name = text.strip().partition(" ")
    name = name.strip()
    if not name:
        return first, None
    zone = _zone(name)
    if isinstance(zone, str):
        raise MisfitError(zone)
    return first, zone


@lru_cache(maxsize=512)
def _zone(name: str) -> ZoneInfo | str:
    """Or that there is none. It is kept, for both are read from disk, and all names together take a while."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return f'no time zone is called "{name}"{did_you_mean(name, _names())}'


@lru_cache(maxsize=1)
def _names() -> frozenset[str]:
    return frozenset(available_timezones())
