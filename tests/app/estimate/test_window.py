"""Days are those of the local calendar, whatever the clocks did."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from app.estimate.request import UnreadableLineError, moment
from app.estimate.window import Window

pytestmark = pytest.mark.skipif(not hasattr(time, "tzset"), reason="the time zone cannot be chosen here")


@pytest.fixture(autouse=True)
def berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("now", "days", "since"),
    [
        ("2026-11-21T12:00:00Z", 1, "2026-11-21T00:00:00+01:00"),
        ("2026-11-21T23:30:00Z", 1, "2026-11-22T00:00:00+01:00"),
        ("2026-11-21T12:00:00Z", 30, "2026-10-23T00:00:00+02:00"),
        ("2026-10-25T22:00:00Z", 2, "2026-10-24T00:00:00+02:00"),
    ],
    ids=["today", "past midnight here, not in UTC", "summer time at the beginning", "a day of 25 hours"],
)
def test_the_first_day_begins_at_local_midnight(now: str, days: int, since: str) -> None:
    window = Window.ending(datetime.fromisoformat(now).astimezone(), days)
    assert window.since.isoformat() == since
    edge = window.since.timestamp()
    assert [window.holds(edge - 0.001), window.holds(edge)] == [False, True]
    assert [window.begins_after(edge - 0.001), window.begins_after(edge)] == [True, False]


@pytest.mark.parametrize(
    "text", ["2026-11-21T12:00:00.500Z", "2026-11-21T13:00:00.500+01:00", "2026-11-21T12:00:00.500"]
)
def test_times_are_read_with_their_zone_and_without_one_as_utc(text: str) -> None:
    assert moment(text) == datetime(2026, 11, 21, 12, 0, 0, 500_000, tzinfo=UTC).timestamp()


@pytest.mark.parametrize("text", ["", "now", "2026-13-01", "0001-01-01T00:00:00+23:59:59.999999x"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(UnreadableLineError):
        moment(text)
