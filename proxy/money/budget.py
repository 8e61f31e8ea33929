"""What was spent on the local day and in the local month, and how that stands to the budgets.

Spending is kept by the date it was made on, not as a sum that is set to zero at midnight. So a clock that is
set back, or a daylight-saving change, neither loses a dollar nor counts one twice.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Final, Literal

from proxy.config import BudgetsConfig
from proxy.money.cost import NANO

_MOST_DATES = 100
"""More than a month has, also for a clock that jumps about."""

Month = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Period:
    """Where the local day and month begin and end, in seconds since 1970."""

    day_start: float
    month_start: float
    next_day: float
    next_month: float


@dataclass(frozen=True, slots=True)
class Spending:
    """Nano-dollars spent on one local day and in its month, that day included.

    Where it is not known of some exchanges what they cost, at least this much was spent.
    """

    daily: int = 0
    monthly: int = 0
    daily_unknown: int = 0
    """Exchanges of which nobody knows what they cost."""
    monthly_unknown: int = 0


@dataclass(frozen=True, slots=True)
class _Sum:
    nano: int = 0
    unknown: int = 0

    def with_one(self, nano: int | None) -> "_Sum":
        return _Sum(self.nano, self.unknown + 1) if nano is None else _Sum(self.nano + nano, self.unknown)


_NOTHING: Final = _Sum()


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetState:
    """How spending stands to the budgets, in nano-dollars; a limit of None is none."""

    daily_spent: int
    daily_limit: int | None
    monthly_spent: int
    monthly_limit: int | None
    daily_unknown: int = 0
    monthly_unknown: int = 0
    in_flight: int
    """What open exchanges are expected to cost; it is in neither sum, and counts against both limits."""
    over: bool
    action: Literal["warn", "cheaper", "stop"]
    resets_at: float | None
    """When none of the limits that are reached holds any more, in seconds since 1970."""

    @property
    def until(self) -> str:
        """The same in local time, to stand at the end of a clause; empty where no limit is reached."""
        if self.resets_at is None:
            return ""
        return f" until {datetime.fromtimestamp(self.resets_at).astimezone():%Y-%m-%d %H:%M}"


def period(now: float, zone: tzinfo | None = None) -> Period:
    """The local day and month around a moment; without a zone by the system's."""
    today = datetime.fromtimestamp(now, zone).date()
    first = today.replace(day=1)
    next_first = (first + timedelta(days=32)).replace(day=1)
    return Period(
        _midnight(today, zone),
        _midnight(first, zone),
        _midnight(today + timedelta(days=1), zone),
        _midnight(next_first, zone),
    )


class BudgetSums:
    """The sums of the budgets. They begin with what the record knows of the day and month of `at`."""

    def __init__(self, spent: Spending = Spending(), at: float = 0.0, *, zone: tzinfo | None = None) -> None:
        self._zone = zone
        self._days: dict[date, _Sum] = {}
        self._months: dict[Month, _Sum] = {}
        self._in_flight: dict[str, int] = {}
        self.begin(spent, at)

    def begin(self, spent: Spending, at: float) -> None:
        """Go on from these sums; what is in flight stays so."""
        today = self._date(at)
        self._days = {today: _Sum(spent.daily, spent.daily_unknown)}
        self._months = {_month(today): _Sum(spent.monthly, spent.monthly_unknown)}

    def add(self, nano: int | None, at: float) -> None:
        """This much was spent at that moment; None is nobody knows how much."""
        day = self._date(at)
        self._days[day] = self._days.get(day, _NOTHING).with_one(nano)
        self._months[_month(day)] = self._months.get(_month(day), _NOTHING).with_one(nano)
        if len(self._days) > _MOST_DATES:
            del self._days[min(self._days)]
        if len(self._months) > _MOST_DATES:
            del self._months[min(self._months)]

    def reserve(self, exchange: str, expected: int) -> None:
        """An exchange is expected to cost this much; a later word on the same one takes its place."""
        self._in_flight[exchange] = expected

    def release(self, exchange: str) -> None:
        """It is over, so what it cost is known and added, or it came to nothing."""
        self._in_flight.pop(exchange, None)

    def spent(self, now: float) -> Spending:
        """On the day of that moment, and in its month."""
        today = self._date(now)
        day, month = self._days.get(today, _NOTHING), self._months.get(_month(today), _NOTHING)
        return Spending(day.nano, month.nano, day.unknown, month.unknown)

    def state(self, budgets: BudgetsConfig, now: float) -> BudgetState:
        spent, around = self.spent(now), period(now, self._zone)
        in_flight = sum(self._in_flight.values())
        daily, monthly = _limit(budgets.daily_usd), _limit(budgets.monthly_usd)
        ends = [
            end
            for sum_, limit, end in (
                (spent.daily, daily, around.next_day),
                (spent.monthly, monthly, around.next_month),
            )
            if limit is not None and sum_ + in_flight >= limit
        ]
        return BudgetState(
            daily_spent=spent.daily,
            daily_limit=daily,
            monthly_spent=spent.monthly,
            monthly_limit=monthly,
            daily_unknown=spent.daily_unknown,
            monthly_unknown=spent.monthly_unknown,
            in_flight=in_flight,
            over=bool(ends),
            action=budgets.action,
            resets_at=max(ends, default=None),
        )

    def _date(self, at: float) -> date:
        return datetime.fromtimestamp(at, self._zone).date()


def _midnight(day: date, zone: tzinfo | None) -> float:
    """The first moment of a day: where clocks skip midnight the moment of the skip, where it comes twice the
    first time.
    """
    return datetime(day.year, day.month, day.day, tzinfo=zone).timestamp()


def _month(day: date) -> Month:
    return day.year, day.month


def _limit(dollars: float) -> int | None:
    return round(dollars * NANO) if dollars else None
