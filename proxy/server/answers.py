"""What can be asked of a gateway from within its process: all that the pages tell over HTTP, as plain values.

The pages are shells around these answers, so a window and a command are told the same. A LedgerError says
that the record cannot be read, a Failure that what was asked about does not exist or makes no sense.

Nothing here keeps the loop busy: the record, the catalogue of prices and bodies are read in threads.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec

from proxy.config import Config, TierName
from proxy.ledger.ledger import LedgerError
from proxy.ledger.queries.choices import choices
from proxy.ledger.queries.logs import LogFilters, exchange, log_news, logs, said
from proxy.ledger.queries.scores import scores
from proxy.ledger.queries.spans import Window
from proxy.ledger.queries.usage import Filters, usage
from proxy.ledger.queries.usage_rows import usage_rows
from proxy.ledger.scribe import Settled
from proxy.routing.health.standing import View
from proxy.routing.selection.told import told
from proxy.routing.service import Service
from proxy.server.choosing.world import World
from proxy.server.dashboard.overview import of_today, overview
from proxy.server.dashboard.price_list import prices
from proxy.server.dashboard.record import ask
from proxy.server.dashboard.routing import routing
from proxy.server.dashboard.state import State
from proxy.server.explaining import Explaining
from proxy.server.local_told import ToldServers
from proxy.server.offered import Offered
from proxy.server.override_page import set_for_all
from proxy.server.quotas import Quota, Quotas
from proxy.server.recent import Past, Recent
from proxy.server.sessions_told import sessions_told
from proxy.server.trial import Trial
from proxy.wire.failure import Failure, FailureKind

T = TypeVar("T")

_NO_RECORD = "No record is kept here."
_DAY_SECONDS = 86_400
_EVERY_MODEL = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """One gateway's. `filters` narrow what is counted; a `window` is 1d, 7d, 30d, all, or certain Days."""

    state: State | None
    """None where no record is kept."""
    config: Callable[[], Config]
    world: World
    explaining: Explaining
    newest: Recent
    quotas: Quotas
    offered: Offered
    trial: Trial
    servers: Callable[[], ToldServers]

    # -- of the record -----------------------------------------------------------------------------

    async def overview(self, filters: Filters) -> dict[str, Any]:
        return await overview(self._state, filters)

    async def today(self, filters: Filters) -> dict[str, Any]:
        """The sums of the local day, as `overview` has them."""
        now = self._state.now()
        return await self._ask(lambda connection: of_today(connection, now, filters))

    async def usage(self, window: Window, filters: Filters) -> dict[str, Any]:
        now = self._state.now()
        answer = await self._ask(lambda connection: usage(connection, window, now, filters))
        return {**answer, "flagship": self.config().savings.reference or None}

    async def usage_rows(self, window: Window, filters: Filters) -> list[dict[str, Any]]:
        """The same as a flat table, whose columns are `usage_rows.COLUMNS`."""
        now = self._state.now()
        return await self._ask(lambda connection: usage_rows(connection, window, now, filters))

    async def choices(self, window: Window, filters: Filters) -> dict[str, list[dict[str, Any]]]:
        """By provider, model, tier and client: [{name, requests}], by all filters but each one's own."""
        now = self._state.now()
        return await self._ask(lambda connection: choices(connection, window, now, filters))

    async def routing(self, filters: Filters) -> dict[str, Any]:
        return await routing(self._state, filters)

    async def logs(self, wanted: LogFilters, limit: int) -> dict[str, Any]:
        """{rows, next}: one page, the newest first; `Place.named(next)` is where the following one begins."""
        return await self._ask(lambda connection: logs(connection, wanted, limit))

    async def log_news(self, wanted: LogFilters, after: int | None, limit: int) -> dict[str, Any]:
        """{rows, is_all, last}: what was written after the row of that number, the last one first."""
        return await self._ask(lambda connection: log_news(connection, wanted, after, limit))

    async def exchange(self, id_: str) -> dict[str, Any]:
        """One row with its attempts, decision and reasons."""
        found = await self._ask(lambda connection: exchange(connection, id_))
        if found is None:
            raise Failure(FailureKind.NOT_FOUND, f"There is no exchange {id_[:100]} in the record.")
        return found

    async def said(self, id_: str) -> dict[str, Any] | None:
        """What was asked and answered, where it is kept."""
        found = await self._ask(lambda connection: said(connection, id_))
        plain: dict[str, Any] | None = msgspec.to_builtins(found)
        return plain

    async def scores(self, days: int, filters: Filters) -> list[tuple[float, int]]:
        """How many requests of the last days had which score."""
        since = round((self._state.now() - days * _DAY_SECONDS) * 1000)
        return await self._ask(lambda connection: scores(connection, since, filters))

    async def prices(self, beside: Iterable[str] = ()) -> dict[str, Any]:
        """Of every listed service, and of those that are named beside."""
        state = self._state
        return await prices(
            state.config(), state.ledger, state.now(), state.leaves, state.repricing(), beside
        )

    # -- of routing --------------------------------------------------------------------------------

    async def explain(self, question: bytes | Mapping[str, Any]) -> dict[str, Any]:
        """{decision, refusal}; the refusal is a sentence where nobody could serve it, else empty."""
        data = (
            question
            if isinstance(question, bytes)
            else await asyncio.to_thread(msgspec.json.encode, question)
        )
        found = await self.explaining.explained(await self.explaining.question(data))
        return {"decision": await asyncio.to_thread(told, found.decision), "refusal": found.refusal}

    async def recent(self) -> list[dict[str, Any]]:
        """The newest requests since the start, each with its first words."""
        newest = list(self.newest.newest_first())
        return await asyncio.to_thread(lambda: [past.told() for past in newest])

    async def sessions(self) -> dict[str, Any]:
        return await sessions_told(self.world)

    async def reset_breaker(self, service: str) -> None:
        """Forget what keeps provider/model from being asked; provider/* is every model of the provider."""
        named = Service.named(service)
        if named is None or named.provider not in self.config().providers:
            raise Failure(FailureKind.NOT_FOUND, "No such service: provider/model is wanted.")
        self.world.board.reset(named.provider if named.model == _EVERY_MODEL else named)

    def set_override(self, tier: TierName, minutes: float | None) -> None:
        """One tier for everything; without minutes until the program ends."""
        set_for_all(self.world, tier, minutes)

    def end_override(self) -> None:
        self.world.force(None)

    # -- of providers ------------------------------------------------------------------------------

    async def quota(self, *, refresh: bool = False) -> dict[str, Any]:
        """With `refresh` providers are asked for their balances now."""
        quota = await self.quotas.asked_for() if refresh else self.quotas.known()
        plain: dict[str, Any] = msgspec.to_builtins(quota)
        return plain

    async def local(self) -> dict[str, Any]:
        plain: dict[str, Any] = msgspec.to_builtins(self.servers())
        return plain

    async def test_provider(self, name: str, model: str | None = None) -> AsyncIterator[dict[str, Any]]:
        """{step, ok, text, seconds} for each step as it is done; `ok` is None where nothing was tried."""
        async for finding in self.trial.findings(name, model):
            yield msgspec.to_builtins(finding)

    async def models_of(self, provider: str, *, refresh: bool = False) -> list[dict[str, Any]]:
        """What is known of its models; with `refresh` its list is asked for, unless it was asked lately."""
        if refresh:
            await self.offered.look(provider)
        return await asyncio.to_thread(self.offered.models, provider)

    # -- at once, without waiting ------------------------------------------------------------------

    def last(self) -> Past | None:
        """The newest request since the start."""
        return next(self.newest.newest_first(), None)

    def known_quota(self) -> Quota:
        return self.quotas.known()

    def health(self) -> View:
        return self.world.board.snapshot()

    def next_end(self) -> float | None:
        """In how many seconds the next breaker, mark or quota window ends by itself; None where none does."""
        view = self.health()
        mark = None if view.next_end is None else view.next_end - view.at
        ends = (mark, self.quotas.allowances.next_reset())
        return min((each for each in ends if each is not None), default=None)

    # -- what changes ------------------------------------------------------------------------------

    def on_health(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Call back, on the loop, when a breaker, a mark, a quota or the one tier for everything has changed.

        The answer ends it. What ends by itself is not told: `next_end` says when to look again.
        """
        sources = (self.world.board, self.quotas.allowances, self.world.forced)
        stops = [each.listen(changed) for each in sources]

        def stop() -> None:
            for each in stops:
                each()

        return stop

    def on_written(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Call back, in the thread that writes, when rows were written; the answer ends it."""
        if self.state is None:
            return lambda: None

        def written(_batch: Sequence[Settled], _first: int) -> None:
            changed()

        return self.state.ledger.listen(written)

    @property
    def _state(self) -> State:
        if self.state is None:
            raise LedgerError(_NO_RECORD)
        return self.state

    async def _ask(self, question: Callable[[sqlite3.Connection], T]) -> T:
        return await ask(self._state.ledger, question)
