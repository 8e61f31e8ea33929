"""The sums of the budgets: local days and months, also where clocks change or are set back."""

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.config import BudgetsConfig
from proxy.money.budget import BudgetSums, Spending, period

BERLIN = ZoneInfo("Europe/Berlin")
HAVANA = ZoneInfo("America/Havana")
BEIRUT = ZoneInfo("Asia/Beirut")
DOLLAR = 1_000_000_000
HOUR = 3600.0


def moment(zone: tzinfo, *when: int, fold: int = 0) -> float:
    year, month, day, *clock = when
    return datetime(year, month, day, *clock, tzinfo=zone, fold=fold).timestamp()  # type: ignore[misc,arg-type] # hour and minute


@pytest.mark.parametrize(
    ("zone", "noon", "hours"),
    [
        pytest.param(BERLIN, (2026, 11, 21, 12), 24, id="an ordinary day"),
        pytest.param(BERLIN, (2026, 3, 29, 12), 23, id="clocks go forward"),
        pytest.param(BERLIN, (2026, 10, 25, 12), 25, id="clocks go back"),
        pytest.param(BEIRUT, (2026, 3, 29, 12), 23, id="midnight is skipped"),
        pytest.param(HAVANA, (2026, 11, 1, 12), 25, id="midnight comes twice"),
    ],
)
def test_a_day_is_as_long_as_its_clocks_make_it(zone: ZoneInfo, noon: tuple[int, ...], hours: int) -> None:
    day = period(moment(zone, *noon), zone)
    assert day.next_day - day.day_start == hours * HOUR
    for inside in (day.day_start, day.day_start + 1.5 * HOUR, day.next_day - 0.5):
        assert period(inside, zone) == day
    assert period(day.day_start - 1, zone).next_day == day.day_start
    assert period(day.next_day, zone).day_start == day.next_day


@pytest.mark.parametrize(
    ("at", "first", "next_first"),
    [
        ((2026, 10, 31, 23, 59), (2026, 10, 1), (2026, 11, 1)),
        ((2026, 12, 31, 12), (2026, 12, 1), (2027, 1, 1)),
        ((2028, 2, 29, 12), (2028, 2, 1), (2028, 3, 1)),
        ((2026, 1, 1), (2026, 1, 1), (2026, 2, 1)),
    ],
)
def test_a_month_goes_from_its_first_to_the_next(
    at: tuple[int, ...], first: tuple[int, ...], next_first: tuple[int, ...]
) -> None:
    month = period(moment(BERLIN, *at), BERLIN)
    assert (month.month_start, month.next_month) == (moment(BERLIN, *first), moment(BERLIN, *next_first))


@pytest.fixture
def in_berlin() -> Iterator[None]:
    before = os.environ.get("TZ")
    os.environ["TZ"] = "Europe/Berlin"
    time.tzset()
    yield
    os.environ.pop("TZ")
    if before is not None:
        os.environ["TZ"] = before
    time.tzset()


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="this system's zone cannot be changed for one process")
@pytest.mark.usefixtures("in_berlin")
def test_without_a_zone_it_is_the_systems() -> None:
    for noon in ((2026, 3, 29, 12), (2026, 10, 25, 12), (2026, 11, 21, 12)):
        at = moment(BERLIN, *noon)
        assert period(at) == period(at, BERLIN)


BUDGETS = BudgetsConfig(daily_usd=1.0, monthly_usd=10.0, action="stop")
TODAY = (2026, 11, 21, 12)


def test_spending_counts_on_its_day_and_in_its_month() -> None:
    now = moment(BERLIN, *TODAY)
    sums = BudgetSums(Spending(daily=DOLLAR // 4, monthly=2 * DOLLAR), now, zone=BERLIN)
    sums.add(DOLLAR // 4, now)
    state = sums.state(BUDGETS, now)
    assert (state.daily_spent, state.monthly_spent) == (DOLLAR // 2, 9 * DOLLAR // 4)
    assert (state.daily_limit, state.monthly_limit, state.action) == (DOLLAR, 10 * DOLLAR, "stop")
    assert (state.over, state.resets_at) == (False, None)
    tomorrow = sums.state(BUDGETS, now + 24 * HOUR)
    assert (tomorrow.daily_spent, tomorrow.monthly_spent) == (0, 9 * DOLLAR // 4)
    next_month = sums.state(BUDGETS, now + 20 * 24 * HOUR)
    assert (next_month.daily_spent, next_month.monthly_spent) == (0, 0)


@pytest.mark.parametrize(
    ("daily", "monthly", "over", "until"),
    [
        pytest.param(DOLLAR - 1, DOLLAR - 1, False, None, id="not yet"),
        pytest.param(DOLLAR, DOLLAR, True, (2026, 11, 22), id="the day is reached"),
        pytest.param(0, 10 * DOLLAR, True, (2026, 12, 1), id="the month is reached"),
        pytest.param(2 * DOLLAR, 11 * DOLLAR, True, (2026, 12, 1), id="both, so the later end counts"),
    ],
)
def test_over_is_what_has_reached_a_limit_until_the_period_ends(
    daily: int, monthly: int, over: bool, until: tuple[int, ...] | None
) -> None:
    now = moment(BERLIN, *TODAY)
    state = BudgetSums(Spending(daily, monthly), now, zone=BERLIN).state(BUDGETS, now)
    assert state.over is over
    assert state.resets_at == (None if until is None else moment(BERLIN, *until))


def test_without_limits_nothing_is_ever_over() -> None:
    now = moment(BERLIN, *TODAY)
    state = BudgetSums(Spending(10**15, 10**15), now, zone=BERLIN).state(BudgetsConfig(), now)
    assert (state.daily_limit, state.monthly_limit, state.over, state.resets_at) == (None, None, False, None)


def test_what_is_in_flight_counts_until_it_is_released() -> None:
    now = moment(BERLIN, *TODAY)
    sums = BudgetSums(Spending(DOLLAR // 2, DOLLAR // 2), now, zone=BERLIN)
    sums.reserve("a", DOLLAR // 4)
    sums.reserve("b", DOLLAR // 8)
    sums.reserve("b", DOLLAR // 4)
    state = sums.state(BUDGETS, now)
    assert (state.in_flight, state.daily_spent, state.over) == (DOLLAR // 2, DOLLAR // 2, True)
    sums.release("a")
    sums.release("a")
    sums.release("never")
    assert sums.state(BUDGETS, now).in_flight == DOLLAR // 4
    assert not sums.state(BUDGETS, now).over


def test_a_clock_that_is_set_back_over_midnight_loses_and_doubles_nothing() -> None:
    midnight = moment(BERLIN, 2026, 12, 1)
    sums = BudgetSums(Spending(5, 50), midnight - 10, zone=BERLIN)
    sums.add(7, midnight + 1)
    sums.add(1, midnight - 1)
    assert sums.spent(midnight - 1) == Spending(6, 51)
    assert sums.spent(midnight + 1) == Spending(7, 7)
    sums.add(2, midnight + 2)
    assert sums.spent(midnight + 3) == Spending(9, 9)


def test_a_clock_that_leaps_ahead_for_once_costs_the_day_nothing() -> None:
    now = moment(BERLIN, *TODAY)
    sums = BudgetSums(Spending(3, 3), now, zone=BERLIN)
    sums.add(4, now + 20 * 365 * 24 * HOUR)
    assert sums.spent(now) == Spending(3, 3)


def test_years_of_days_are_not_all_remembered() -> None:
    start = moment(UTC, 2026, 1, 1, 12)
    sums = BudgetSums(zone=UTC)
    for day in range(400):
        sums.add(1, start + day * 24 * HOUR)
    assert sums.spent(start) == Spending(0, 31)
    assert sums.spent(start + 399 * 24 * HOUR) == Spending(1, 4)


@given(
    st.lists(
        st.tuples(
            st.datetimes(datetime(2026, 10, 20), datetime(2026, 11, 10)),  # noqa: DTZ001 -- the zone is given on the next line
            st.integers(0, 10**12),
        ),
        max_size=30,
    )
)
def test_in_whatever_order_it_is_added_a_month_is_the_sum_of_its_days(
    spent: list[tuple[datetime, int]],
) -> None:
    sums = BudgetSums(zone=BERLIN)
    for when, nano in spent:
        sums.add(nano, when.replace(tzinfo=BERLIN).timestamp())
    for year, month in ((2026, 10), (2026, 11)):
        first = datetime(year, month, 1, 12, tzinfo=BERLIN)
        days = [first + timedelta(days=n) for n in range(31)]
        of_month = [sums.spent(day.timestamp()) for day in days if day.month == month]
        assert sum(day.daily for day in of_month) == of_month[0].monthly
    total = sums.spent(moment(BERLIN, 2026, 10, 20)).monthly + sums.spent(moment(BERLIN, 2026, 11, 2)).monthly
    assert total == sum(nano for _, nano in spent)
