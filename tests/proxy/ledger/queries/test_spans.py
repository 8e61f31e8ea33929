"""Spans of local time, where clocks change and where they do not."""

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.ledger.queries.spans import WINDOWS, Series, WindowName, series, today
from proxy.ledger.store.schema import QUARTER_MS

HOUR_MS = 3_600_000
ZONES = [
    ZoneInfo(name)
    for name in (
        "UTC",
        "Europe/Berlin",
        "America/Havana",
        "Asia/Kolkata",
        "Asia/Kathmandu",
        "Australia/Lord_Howe",
        "Pacific/Apia",
    )
]


FIRST = datetime(2012, 1, 1)  # noqa: DTZ001 -- the zone is drawn with it
LAST = datetime(2037, 12, 31)  # noqa: DTZ001 -- as above


def at(zone: str, *local: int) -> float:
    return datetime(*local, tzinfo=ZoneInfo(zone)).timestamp()  # type: ignore[misc, arg-type] # year, month, ...


def hours_of_days(found: Series) -> list[float]:
    return [(span.end - span.start) / HOUR_MS for span in found.spans]


def labels(found: Series) -> list[str]:
    return [span.label for span in found.spans]


@pytest.mark.parametrize(
    ("zone", "now", "changed", "hours"),
    [
        ("Europe/Berlin", (2026, 3, 30, 12), "2026-03-29", 23),
        ("Europe/Berlin", (2026, 10, 26, 12), "2026-10-25", 25),
        ("America/Havana", (2026, 3, 10, 12), "2026-03-08", 23),
        ("America/Havana", (2026, 11, 3, 12), "2026-11-01", 25),
        ("Australia/Lord_Howe", (2026, 4, 7, 12), "2026-04-05", 24.5),
        ("Australia/Lord_Howe", (2026, 10, 6, 12), "2026-10-04", 23.5),
    ],
)
def test_the_day_of_a_clock_change_is_shorter_or_longer_and_all_others_are_not(
    zone: str, now: tuple[int, ...], changed: str, hours: float
) -> None:
    found = series("7d", at(zone, *now), None, ZoneInfo(zone))
    lengths = dict(zip(labels(found), hours_of_days(found), strict=True))
    assert lengths.pop(changed) == hours
    assert set(lengths.values()) == {24}


@pytest.fixture
def system_zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[ZoneInfo]:
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield ZoneInfo(request.param)
    monkeypatch.undo()
    time.tzset()


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the zone of a process is fixed here")
@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("system_zone", [zone.key for zone in ZONES], indirect=True)
def test_without_a_zone_it_is_that_of_the_system(system_zone: ZoneInfo, window: WindowName) -> None:
    for month, day in ((3, 8), (3, 29), (4, 5), (6, 1), (10, 4), (10, 25), (11, 1), (12, 31)):
        now = datetime(2026, month, day, 12, 34, 56, tzinfo=system_zone).timestamp()
        oldest = int((now - 100 * 86_400) * 1000)
        assert series(window, now, oldest) == series(window, now, oldest, system_zone)
        assert today(now) == today(now, system_zone)


def test_a_day_without_midnight_begins_when_the_clock_jumps() -> None:
    first = series("7d", at("America/Havana", 2026, 3, 8, 12), None, ZoneInfo("America/Havana")).spans[-1]
    assert first.label == "2026-03-08"
    assert datetime.fromtimestamp(first.start / 1000, UTC) == datetime(2026, 3, 8, 5, tzinfo=UTC)


def test_a_day_with_two_midnights_begins_with_the_first() -> None:
    day = today(at("America/Havana", 2026, 11, 1, 12), ZoneInfo("America/Havana"))
    assert datetime.fromtimestamp(day.start / 1000, UTC) == datetime(2026, 11, 1, 4, tzinfo=UTC)


def test_the_hour_that_comes_twice_is_two_hours_with_two_labels() -> None:
    found = series("1d", at("Europe/Berlin", 2026, 10, 25, 12), None, ZoneInfo("Europe/Berlin"))
    assert [label for label in labels(found) if "T02:00" in label] == [
        "2026-10-25T02:00+02:00",
        "2026-10-25T02:00+01:00",
    ]


def test_the_hour_that_is_left_out_is_no_hour() -> None:
    found = series("1d", at("Europe/Berlin", 2026, 3, 29, 12), None, ZoneInfo("Europe/Berlin"))
    assert len(found.spans) == 24
    assert not [label for label in labels(found) if "2026-03-29T02" in label]


def test_hours_begin_where_the_zone_has_them() -> None:
    found = series("1d", at("Asia/Kolkata", 2026, 5, 28, 12, 59), None, ZoneInfo("Asia/Kolkata"))
    assert found.spans[-1].label == "2026-05-28T12:00+05:30"
    assert found.spans[-1].end == at("Asia/Kolkata", 2026, 5, 28, 13) * 1000


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ((2028, 3, 1, 1), ["2028-02-28", "2028-02-29", "2028-03-01"]),
        ((2027, 3, 1, 1), ["2027-02-27", "2027-02-28", "2027-03-01"]),
        ((2027, 1, 1, 0), ["2026-12-30", "2026-12-31", "2027-01-01"]),
    ],
    ids=["leap year", "common year", "new year"],
)
def test_days_at_the_ends_of_months(now: tuple[int, ...], expected: list[str]) -> None:
    assert labels(series("7d", at("UTC", *now), None, UTC))[-3:] == expected


def test_all_of_a_short_record_is_shown_by_weeks_that_begin_on_mondays() -> None:
    now = at("UTC", 2026, 5, 28, 12)
    found = series("all", now, int(at("UTC", 2026, 5, 13, 9) * 1000), UTC)
    assert (found.unit, labels(found)) == ("week", ["2026-05-11", "2026-05-18", "2026-05-25"])


def test_all_of_a_long_record_is_shown_by_months() -> None:
    now = at("UTC", 2026, 3, 31, 12)
    found = series("all", now, int(at("UTC", 2025, 8, 31, 9) * 1000), UTC)
    assert found.unit == "month"
    assert labels(found)[:2] == ["2025-08-01", "2025-09-01"]
    assert labels(found)[-2:] == ["2026-02-01", "2026-03-01"]


@pytest.mark.parametrize("oldest", [None, 10**13 * 4], ids=["nothing", "only what is yet to come"])
def test_without_a_past_all_is_the_week_that_is_going_on(oldest: int | None) -> None:
    assert labels(series("all", at("UTC", 2026, 5, 28), oldest, UTC)) == ["2026-05-25"]


def test_a_record_that_begins_in_1970_is_no_harm() -> None:
    """As on a machine whose clock was not set."""
    found = series("all", at("UTC", 2026, 5, 28), 0, UTC)
    assert labels(found)[0] == "1970-01-01"
    assert len(found.spans) == 56 * 12 + 5


def test_a_day_that_a_whole_country_left_out_is_no_day() -> None:
    found = series("7d", at("Pacific/Apia", 2011, 12, 31, 12), None, ZoneInfo("Pacific/Apia"))
    assert labels(found)[-3:] == ["2011-12-28", "2011-12-29", "2011-12-31"]
    assert all(span.start < span.end for span in found.spans)


@given(
    moment=st.datetimes(FIRST, LAST, timezones=st.sampled_from(ZONES)),
    window=st.sampled_from(WINDOWS),
    age=st.timedeltas(timedelta(0), timedelta(days=3000)),
)
def test_spans_follow_each_other_to_the_present_on_quarters_of_an_hour(
    moment: datetime, window: WindowName, age: timedelta
) -> None:
    now = moment.timestamp()
    oldest = int((now - age.total_seconds()) * 1000)
    found = series(window, now, oldest, moment.tzinfo)
    assert found.start <= now * 1000 < found.end
    assert found.spans[-1].start <= now * 1000
    assert all(
        one.end == following.start for one, following in zip(found.spans, found.spans[1:], strict=False)
    )
    assert all(span.start < span.end for span in found.spans)
    assert all(span.start % QUARTER_MS == 0 for span in found.spans)
    assert len(set(labels(found))) == len(found.spans)
    assert len(found.spans) == {"1d": 24, "7d": 7, "30d": 30}.get(window, len(found.spans))
    if window == "all":
        assert found.start <= oldest


@given(st.datetimes(FIRST, LAST, timezones=st.sampled_from(ZONES)))
def test_today_is_the_last_day_of_the_series(moment: datetime) -> None:
    now = moment.timestamp()
    assert today(now, moment.tzinfo) == series("7d", now, None, moment.tzinfo).spans[-1]
    assert (
        date.fromisoformat(today(now, moment.tzinfo).label)
        == datetime.fromtimestamp(now, moment.tzinfo).date()
    )
