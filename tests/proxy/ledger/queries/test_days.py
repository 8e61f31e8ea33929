"""Certain days: their pieces follow each other without a gap, from the first midnight to the last."""

from datetime import date, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.ledger.queries.spans import Days, series

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("days", "unit", "count"),
    [
        (1, "hour", 24),
        (2, "hour", 48),
        (3, "day", 3),
        (62, "day", 62),
        (63, "week", 10),
        (182, "week", 27),
        (183, "month", 7),
        (730, "month", 24),
    ],
)
def test_the_more_days_the_longer_their_pieces(days: int, unit: str, count: int) -> None:
    first = date(2026, 1, 1)
    found = series(Days(first, first + timedelta(days - 1)), 0.0, None, ZoneInfo("UTC"))
    assert (found.unit, len(found.spans)) == (unit, count)


@given(
    first=st.dates(date(1990, 1, 1), date(2030, 1, 1)),
    days=st.integers(1, 900),
    zone=st.sampled_from(["UTC", "Europe/Berlin", "Australia/Lord_Howe", "America/Sao_Paulo"]),
)
def test_pieces_follow_each_other_from_midnight_to_midnight(first: date, days: int, zone: str) -> None:
    last = first + timedelta(days - 1)
    here = ZoneInfo(zone)
    found = series(Days(first, last), 0.0, None, here)
    assert all(one.end == other.start for one, other in pairwise(found.spans))
    assert found.start == series(Days(first, first), 0.0, None, here).start
    assert found.end == series(Days(last, last), 0.0, None, here).end
    assert len({span.label for span in found.spans}) == len(found.spans)


def test_the_day_of_a_clock_change_has_its_own_number_of_hours() -> None:
    for day, hours in ((date(2026, 3, 29), 23), (date(2026, 10, 25), 25)):
        assert len(series(Days(day, day), 0.0, None, BERLIN).spans) == hours


def test_first_and_last_piece_are_cut_where_the_days_end() -> None:
    found = series(Days(date(2026, 1, 15), date(2026, 12, 3)), 0.0, None, BERLIN)
    assert [found.spans[0].label, found.spans[1].label] == ["2026-01-15", "2026-02-01"]
    assert found.spans[-1].label == "2026-12-01"
    assert found.spans[-1].end - found.spans[-1].start == 3 * 86_400_000
