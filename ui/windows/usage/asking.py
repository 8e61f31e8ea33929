"""Asks the desk all that the page shows at once."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from proxy.ledger.queries.spans import Window
from proxy.ledger.queries.usage import Filters
from ui.frame.source import Source
from ui.windows.usage.question import Question, stages

Line = Mapping[str, Any]


class UsageDesk(Source, Protocol):
    """The desk, as far as this page needs it."""

    @property
    def filters(self) -> Filters: ...

    async def usage(self, window: Window, filters: Filters | None = None) -> dict[str, Any]: ...

    async def choices(
        self, window: Window, filters: Filters | None = None
    ) -> dict[str, list[dict[str, Any]]]: ...

    async def export_usage(self, window: Window, filters: Filters | None = None) -> list[dict[str, Any]]: ...


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


async def answer_to(question: Question, desk: UsageDesk, today: date) -> Answer:
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
