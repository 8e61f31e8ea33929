"""Tests of the time of day and the weekday, as people read their clocks."""

import time
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from proxy.routing.rules.situation import Situation
from tests.proxy.routing.rules.situations import asks, judged, rule, situation

BERLIN = ZoneInfo("Europe/Berlin")


def at(*moment: int, zone: ZoneInfo = BERLIN, fold: int = 0) -> Situation:
    year, month, day, *clock = moment
    hour, minute, second = [*clock, 0, 0, 0][:3]
    when = datetime(year, month, day, hour, minute, second, tzinfo=zone, fold=fold)
    return situation(now=when.timestamp())


@pytest.mark.parametrize(
    ("span", "clock", "holds"),
    [
        ("09:00-17:00", (8, 59, 59), False),
        ("09:00-17:00", (9,), True),
        ("09:00-17:00", (16, 59, 59), True),
        ("09:00-17:00", (17,), False),
        ("22:00-06:00", (21, 59), False),
        ("22:00-06:00", (22,), True),
        ("22:00-06:00", (0,), True),
        ("22:00-06:00", (5, 59), True),
        ("22:00-06:00", (6,), False),
        ("22:00-06:00", (12,), False),
        ("22:00-00:00", (23, 59), True),
        ("22:00-00:00", (0,), False),
        ("18:00-24:00", (23, 59), True),
        ("00:00-24:00", (12,), True),
        ("9:00-10:00", (9, 30), True),
    ],
)
def test_a_span_holds_from_its_start_until_just_before_its_end(
    span: str, clock: tuple[int, ...], holds: bool
) -> None:
    assert judged(asks("time", "between", f"{span} Europe/Berlin"), at(2026, 7, 1, *clock)).holds is holds


def test_the_zone_counts() -> None:
    noon_in_berlin = at(2026, 7, 1, 12)

    assert judged(asks("time", "between", "12:00-13:00 Europe/Berlin"), noon_in_berlin).holds
    assert judged(asks("time", "between", "19:00-20:00 Asia/Tokyo"), noon_in_berlin).holds
    assert judged(asks("time", "between", "10:00-11:00 UTC"), noon_in_berlin).holds


def test_without_a_zone_it_is_the_clock_of_the_machine() -> None:
    local = datetime.fromtimestamp(1_780_000_000, UTC).astimezone()
    span = f"{local.hour:02}:00-{local.hour + 1:02}:00"
    seen = situation(now=local.timestamp())

    assert judged(asks("time", "between", span), seen).holds
    assert judged(asks("weekday", "equals", f"{local:%a}".lower()), seen).holds


@pytest.mark.parametrize(
    ("moment", "holds"),
    [
        (datetime(2026, 3, 29, 0, 59, tzinfo=UTC), False),
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), False),
        (datetime(2026, 10, 24, 23, 59, tzinfo=UTC), False),
        (datetime(2026, 10, 25, 0, 0, tzinfo=UTC), True),
        (datetime(2026, 10, 25, 1, 59, tzinfo=UTC), True),
        (datetime(2026, 10, 25, 2, 0, tzinfo=UTC), False),
    ],
    ids=["before spring", "spring leaves the hour out", "before", "first time", "second time", "after"],
)
def test_an_hour_that_comes_twice_counts_twice_and_one_left_out_never(moment: datetime, holds: bool) -> None:
    condition = asks("time", "between", "02:00-03:00 Europe/Berlin")

    assert judged(condition, situation(now=moment.timestamp())).holds is holds


def test_the_trace_of_a_time_is_the_minute_of_the_day() -> None:
    (step,) = judged(asks("time", "between", "09:00-17:00 Europe/Berlin"), at(2026, 7, 1, 9, 30)).trace

    assert (step.value, step.found) == ("09:00-17:00 Europe/Berlin", 570)


SATURDAY, MONDAY = at(2026, 11, 21, 12), at(2026, 11, 23, 12)


@pytest.mark.parametrize(
    ("op", "value", "on_saturday", "on_monday"),
    [
        ("equals", "sat Europe/Berlin", True, False),
        ("equals", "Mon Europe/Berlin", False, True),
        ("equals", "mon-fri Europe/Berlin", False, True),
        ("equals", "fri-mon Europe/Berlin", True, True),
        ("equals", "sat-sun Europe/Berlin", True, False),
        ("in", ("sat Europe/Berlin", "mon Europe/Berlin"), True, True),
        ("in", "tue-sat Europe/Berlin", True, False),
        ("in", ("sun-fri UTC",), False, True),
    ],
)
def test_days_are_told_by_the_calendar(op: str, value: Any, on_saturday: bool, on_monday: bool) -> None:
    assert judged(asks("weekday", op, value), SATURDAY).holds is on_saturday
    assert judged(asks("weekday", op, value), MONDAY).holds is on_monday


def test_a_day_begins_at_midnight_of_its_zone() -> None:
    late_on_friday = situation(now=datetime(2026, 11, 20, 23, 30, tzinfo=UTC).timestamp())

    assert judged(asks("weekday", "equals", "sat Europe/Berlin"), late_on_friday).holds
    assert judged(asks("weekday", "equals", "fri UTC"), late_on_friday).holds


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "UTC"])
def test_one_zone_may_stand_with_any_of_several_days(zone: str) -> None:
    (step,) = judged(asks("weekday", "in", (f"fri {zone}", f"sat {zone}")), SATURDAY).trace

    assert (step.holds, step.found) == (True, 6)


def test_a_zone_that_there_is_not_is_looked_for_once() -> None:
    conditions = [asks("time", "between", f"22:00-06:00 Europe/Berlinn{n}") for n in range(20)]
    for each in conditions:
        assert 'did you mean "Europe/Berlin"?' in rule(each).broken
    begin = time.thread_time()
    for each in conditions:
        assert rule(each).broken
    assert time.thread_time() - begin < 0.005
