"""What is asked of the desk: about a request that was written, a recent or a recorded one, and routing."""

import asyncio
from collections.abc import Mapping
from typing import Any

from app.desk.desk import Desk
from app.desk.errors import DeskError
from ui.models.columns import Row
from ui.windows.routing.comparison import Past, compared
from ui.windows.routing.question import Choices, question_of
from ui.windows.routing.result import Result
from ui.windows.routing.words import tr

_PARTS = ("tierDefinitions", "rules", "override", "circuitBreakers", "marks")


class Questions:
    """A UserError says why there is no answer."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def of_written(self, text: str, choices: Choices) -> Result:
        question = await asyncio.to_thread(question_of, text, choices)
        return await self._asked(question, None)

    async def of_recent(self, row: Row) -> Result:
        return await self._asked({"id": row["id"]}, Past.of_recent(row))

    async def of_record(self, id_: str) -> Result:
        """As it was decided then: nobody knows any more what was asked."""
        record = await self._desk.exchange(id_)
        if record["decision"] is None:
            raise DeskError(tr("The decision about %1 is no longer kept.").replace("%1", id_))
        return Result(record["decision"], past=Past.of_record(record), is_record_only=True)

    async def routing(self) -> dict[str, Any]:
        """All that is shown of it; a part that could not be told has a sentence in its place."""
        routing = await self._desk.routing()
        for name in _PARTS:
            if isinstance(routing[name], dict) and "error" in routing[name]:
                raise DeskError(routing[name]["detail"])
        return routing

    async def _asked(self, question: Mapping[str, Any], past: Past | None) -> Result:
        found = await self._desk.explain(question)
        decision = found["decision"]
        against = None if past is None else compared(past, decision)
        return Result(decision, found["refusal"], past, against)
