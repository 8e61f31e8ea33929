"""What was spent of the budgets, where there are any."""

from collections.abc import Iterator
from dataclasses import dataclass

from ui.windows.overview.speech import Part, tr
from ui.words import money, percent


@dataclass(frozen=True, slots=True)
class Budget:
    """One of them, with the part of it that is spent; 1 is all of it."""

    title: str
    words: str
    share: float


def budgets_told(budgets: Part) -> tuple[Budget, ...]:
    """None where no limit is set. Spending without a limit is told beside one: the month beside the day."""
    has_any = any(_limit(budgets, name) is not None for name in ("daily", "monthly"))
    return tuple(_told(budgets)) if has_any else ()


def _told(budgets: Part) -> Iterator[Budget]:
    for name, title in (("daily", tr("Today")), ("monthly", tr("This month"))):
        spent, limit = budgets[name]["spent_usd"], _limit(budgets, name)
        amount = _amount(spent, budgets[name]["unknown"])
        if limit is None:
            yield Budget(title, tr("%1, no limit", amount), 0.0)
        elif spent is None:
            yield Budget(title, tr("%1 of %2", amount, money(limit)), 0.0)
        else:
            share = spent / limit if limit else 1.0
            words = "%1 of %2, %3" if share < 1 else "▲ %1 of %2, %3"
            yield Budget(title, tr(words, amount, money(limit), percent(share)), min(share, 1.0))


def _amount(spent: float | None, unknown: int) -> str:
    """Of some requests nobody may know what they cost."""
    return tr("at least %1", money(spent)) if spent is not None and unknown else money(spent)


def _limit(budgets: Part, name: str) -> float | None:
    limit: float | None = budgets[name]["limit_usd"]
    return limit
