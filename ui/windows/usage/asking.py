"""Asks the desk all that the page shows at once."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from app.desk.desk import Desk
from ui.windows.usage.question import Question, stages

Line = Mapping[str, Any]

_LEAST_MS = 1000


@dataclass(frozen=True, slots=True)
class Answer:
    """To one question. `choices` are for each group the names there are, with their requests."""

    question: Question
    usage: Line
    choices: Mapping[str, Sequence[Line]]

    @property
    def totals(self) -> Line:
        totals: Line = self.usage["totals"]
        return totals


async def answer_to(question: Question, desk: Desk, today: date) -> Answer:
    window = question.window(today)
    of_group = dict(stages(question.filters))
    asked = list(dict.fromkeys(of_group.values()))
    usage, *found = await asyncio.gather(
        desk.usage(window, question.filters), *(desk.choices(window, filters) for filters in asked)
    )
    by_filters = dict(zip(asked, found, strict=True))
    return Answer(question, usage, {group: by_filters[of_group[group]][group] for group in of_group})


def local_day() -> date:
    """Today, by the clock on the wall."""
    return datetime.now().astimezone().date()


def until_midnight() -> int:
    """Milliseconds until the next day, by the same clock; never none."""
    end = datetime.combine(local_day() + timedelta(days=1), time()).astimezone()
    return max(_LEAST_MS, round((end - datetime.now().astimezone()).total_seconds() * 1000))
