"""Days and filters as plain values."""

from dataclasses import replace
from datetime import date

import pytest

from proxy.ledger.queries.spans import Days, Window
from proxy.ledger.queries.usage import Filters
from ui.windows.usage.question import Question, Range, days_from, days_until, first_question, stages

TODAY = date(2026, 3, 18)
WEEK = first_question(Filters(), TODAY)


@pytest.mark.parametrize(
    ("range_", "window"),
    [
        (Range.TODAY, Days(TODAY, TODAY)),
        (Range.LAST_DAY, "1d"),
        (Range.LAST_WEEK, "7d"),
        (Range.LAST_MONTH, "30d"),
        (Range.THIS_MONTH, Days(date(2026, 3, 1), TODAY)),
        (Range.ALL, "all"),
        (Range.CUSTOM, Days(date(2026, 3, 12), TODAY)),
    ],
)
def test_every_range_is_a_window_of_the_record(range_: Range, window: Window) -> None:
    assert replace(WEEK, range=range_).window(TODAY) == window


def test_a_day_that_is_moved_beyond_the_other_takes_it_along() -> None:
    early, middle, late = date(2026, 2, 1), date(2026, 3, 2), date(2026, 4, 3)
    assert days_from(early, Days(middle, late)) == Days(early, late)
    assert days_from(late, Days(early, middle)) == Days(late, late)
    assert days_until(late, Days(early, middle)) == Days(early, late)
    assert days_until(early, Days(middle, late)) == Days(early, early)


def test_what_is_chosen_is_told_in_the_order_of_the_cascade() -> None:
    question = WEEK.narrowed("tier", "SIMPLE").narrowed("client", "codex")
    assert question.chosen == (("client", "codex"), ("tier", "SIMPLE"))
    assert question.cleared() == WEEK


def test_clearing_keeps_the_days_and_the_origin() -> None:
    demo = Question(Range.ALL, WEEK.days, Filters(origin="demo", client="codex"))
    assert demo.cleared() == Question(Range.ALL, WEEK.days, Filters(origin="demo"))


def test_each_choice_stands_under_those_before_it_only() -> None:
    whole = Filters(client="a", provider="b", model="c", tier="d")
    assert dict(stages(whole)) == {
        "client": Filters(),
        "provider": Filters(client="a"),
        "model": Filters(client="a", provider="b"),
        "tier": Filters(client="a", provider="b", model="c"),
    }
