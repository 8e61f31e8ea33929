"""What is kept of exchanges, wired together: the log's line, the counters, the ledger, budgets and quotas.

Without a ledger exchanges are counted and logged, and that is all.
"""

import asyncio
import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from typing import Any

from proxy import log
from proxy.config import Config
from proxy.exchange import Exchange, Origin
from proxy.ledger.ledger import Ledger
from proxy.ledger.queries.totals import Sums, usd
from proxy.ledger.queries.usage import Filters, sums_of
from proxy.ledger.repricing import Progress, Repricing
from proxy.ledger.scribe import Scribe, Settled
from proxy.money.budget import BudgetState, BudgetSums, Spending, period
from proxy.money.usual import UsualCosts
from proxy.routing.service import Service
from proxy.server.admin import Program
from proxy.server.answers import Answers
from proxy.server.choosing.budgets import over_budget
from proxy.server.dashboard import pages, prices_page
from proxy.server.dashboard.counters import Counters
from proxy.server.dashboard.events import Events
from proxy.server.endpoint import Endpoint
from proxy.server.kept_allowances import KeptAllowances, kept_allowances
from proxy.upstream.outward import Outward
from proxy.upstream.recorder import Recorder

_log = log.area("ledger")

_SAVE_SECONDS = 60.0
_AGAIN_SECONDS = 30.0


class Bookkeeping:
    """Everything of one gateway that remembers."""

    def __init__(
        self,
        ledger: Ledger | None,
        out: Outward,
        line: Recorder,
        origin: Origin,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.origin = origin
        self.counters = Counters(origin)
        self._ledger = ledger
        self._out = out
        self._line = line
        self._now = now
        self._budgets = BudgetSums(at=now())
        self._is_over = False
        self._usual = UsualCosts()
        self._events: Events | None = None
        self._allowances = KeptAllowances(out.allowances)
        self._has_recalled = False
        self._repricing = None if ledger is None else _repricing(ledger, self._look_again)
        self._looking: asyncio.Task[None] | None = None
        self._closing = AsyncExitStack()

    def begun(self, exchange: Exchange, service: Service) -> None:
        """What it is going to cost is known when it is over; until then it counts as what is usual."""
        if usual := self._usual.of(str(service)):
            self._budgets.reserve(exchange.id, usual)

    def record(self, exchange: Exchange) -> None:
        """What clients ask of a demo counts as the demo's."""
        if exchange.origin is Origin.CLIENT:
            exchange.origin = self.origin
        self._budgets.release(exchange.id)
        self._line.record(exchange)
        self.counters.record(exchange)
        if self._ledger is not None:
            self._ledger.record(exchange)

    def apply(self, config: Config) -> None:
        if self._ledger is not None and self._repricing is not None:
            self._ledger.reconfigured(config)
            self._repricing.begin(config)

    def budget(self) -> BudgetState:
        """How spending stands to the budgets now. That one is reached is told once."""
        state = self._budgets.state(self._out.config.budgets, self._now())
        if state.over != self._is_over:
            self._is_over = state.over
            _log.warning("%s", over_budget(state) or "There is room in the budgets again.")
        return state

    def budgets(self) -> dict[str, Any]:
        """The same for people and programs. Until the record could be read what was spent is unknown."""
        state = self.budget()

        def against(spent: int, limit: int | None, unknown: int) -> dict[str, float | None]:
            is_known = self._has_recalled and (spent or not unknown)
            return {
                "spent_usd": usd(spent) if is_known else None,
                "limit_usd": None if limit is None else usd(limit),
                "unknown": unknown,
            }

        return {
            "daily": against(state.daily_spent, state.daily_limit, state.daily_unknown),
            "monthly": against(state.monthly_spent, state.monthly_limit, state.monthly_unknown),
            "in_flight_usd": usd(state.in_flight),
            "over": state.over,
            "action": state.action,
            "resets_at": state.resets_at,
            "sentence": over_budget(state),
        }

    def endpoints(self, answers: Answers, program: Program) -> list[Endpoint]:
        state = answers.state
        if state is None or self._repricing is None:
            return []
        self._events = Events(state)
        prices = prices_page.endpoints(
            state.config, state.ledger, self._repricing, program, self._now, state.leaves
        )
        return [*pages.endpoints(answers, state, self._events), *prices]

    def repricing(self) -> Progress | None:
        """How far the record is priced anew; None where nothing is."""
        return None if self._repricing is None else self._repricing.progress

    async def recall(self) -> None:
        """Know what was spent, and what was known of quotas, without being started."""
        if self._ledger is not None:
            await self._recall(self._ledger)

    async def start(self) -> None:
        """Go on where the last run ended, as soon as the record can be read; nobody waits for that."""
        if self._ledger is None or self._repricing is None:
            return
        async with AsyncExitStack() as undo:
            loop = asyncio.get_running_loop()

            def on_written(batch: Sequence[Settled], _first: int) -> None:
                loop.call_soon_threadsafe(self._spent, batch)

            undo.callback(self._ledger.listen(on_written))
            remembering = asyncio.create_task(self._remember(self._ledger))
            undo.callback(remembering.cancel)
            undo.push_async_callback(self._repricing.stop)
            self._repricing.begin(self._out.config)
            self._closing = undo.pop_all()

    def end_streams(self) -> None:
        if self._events is not None:
            self._events.close()

    async def stop(self) -> None:
        await self._closing.aclose()
        if self._looking is not None:
            self._looking.cancel()
        if self._ledger is not None:
            self._allowances.save(self._ledger)

    def _look_again(self) -> None:
        """What was spent is another sum since the record was priced anew."""
        if self._ledger is not None:
            self._looking = asyncio.create_task(self._recall(self._ledger))

    def _spent(self, batch: Sequence[Settled]) -> None:
        """What was written before the record is looked at is in the sums that are made then."""
        for each in batch:
            account = each.account
            cost = account.other_cost if account.cost is None else account.cost
            if each.record.origin != self.origin:
                continue
            received = each.record.received / 1000
            if account.cost is None and not each.record.on_subscription:
                self._budgets.add(None, received)
            if cost:
                self._budgets.add(cost, received)
                for one in each.record.tries:
                    if one.serves:
                        self._usual.note(f"{one.provider}/{one.model}", cost)

    async def _remember(self, ledger: Ledger) -> None:
        await self._recall(ledger)
        while True:
            await asyncio.sleep(_SAVE_SECONDS)
            self._allowances.save(ledger)

    async def _recall(self, ledger: Ledger) -> None:
        """Look at the record between two of its batches.

        The loop is told of it in the same turn: after the batches before and before the batches after it.
        So nothing is missed, and nothing counts twice.
        """
        loop = asyncio.get_running_loop()

        def look(scribe: Scribe) -> None:
            now = self._now()
            loop.call_soon_threadsafe(self._go_on, now, *self._kept(scribe.connection, now))

        while True:
            try:
                return await asyncio.wrap_future(ledger.change(look))
            except Exception as error:  # noqa: BLE001 -- whatever keeps the record from being opened may be over later
                _log.info("what was spent is not known yet: %s", error)
            await asyncio.sleep(_AGAIN_SECONDS)

    def _go_on(self, now: float, spending: Spending, kept: bytes | None) -> None:
        self._budgets.begin(spending, now)
        is_first, self._has_recalled = not self._has_recalled, True
        if is_first:
            self._allowances.restore(kept)

    def _kept(self, connection: sqlite3.Connection, now: float) -> tuple[Spending, bytes | None]:
        around = period(now)

        def sums(start: float, end: float) -> Sums:
            return sums_of(connection, int(start * 1000), int(end * 1000), Filters(origin=self.origin))

        day = sums(around.day_start, around.next_day)
        month = sums(around.month_start, around.next_month)
        spending = Spending(day["cost"], month["cost"], day["unknown_cost"], month["unknown_cost"])
        return spending, kept_allowances(connection)


def _repricing(ledger: Ledger, on_end: Callable[[], None]) -> Repricing:
    return Repricing(ledger.change, lambda: ledger.catalogue, on_end)
