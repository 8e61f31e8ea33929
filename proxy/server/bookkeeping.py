"""What is kept of exchanges, wired together: the log's line, the counters, the ledger, budgets and quotas.

Without a ledger exchanges are counted and logged, and that is all.
"""

import asyncio
import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from typing import Any

import msgspec

from proxy import log
from proxy.config import Config
from proxy.exchange import Exchange, Origin
from proxy.ledger.ledger import Ledger, LedgerError
from proxy.ledger.queries.kept import recalled
from proxy.ledger.queries.totals import usd
from proxy.ledger.queries.usage import Filters, sums_of
from proxy.ledger.scribe import Settled
from proxy.money.budget import BudgetSums, Spending, period
from proxy.server.dashboard import pages
from proxy.server.dashboard.counters import Counters
from proxy.server.dashboard.events import Events
from proxy.server.dashboard.state import State
from proxy.server.endpoint import Endpoint
from proxy.upstream.outward import Outward
from proxy.upstream.recorder import Recorder

_log = log.area("ledger")

_ALLOWANCES = "allowances"
_SAVE_SECONDS = 60.0


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
        self._events: Events | None = None
        self._saved: bytes = b""
        self._summed_to: int | None = None
        """The last exchange that is in the sums of the budgets; None before they were read."""
        self._early: list[tuple[Sequence[Settled], int]] = []
        self._closing = AsyncExitStack()

    def record(self, exchange: Exchange) -> None:
        """What clients ask of a demo counts as the demo's."""
        if exchange.origin is Origin.CLIENT:
            exchange.origin = self.origin
        self._line.record(exchange)
        self.counters.record(exchange)
        if self._ledger is not None:
            self._ledger.record(exchange)

    def apply(self, config: Config) -> None:
        if self._ledger is not None:
            self._ledger.reconfigured(config)

    def budgets(self) -> dict[str, Any]:
        """How spending stands to the budgets."""
        state = self._budgets.state(self._out.config.budgets, self._now())
        return {
            "daily": _against(state.daily_spent, state.daily_limit),
            "monthly": _against(state.monthly_spent, state.monthly_limit),
            "in_flight_usd": usd(state.in_flight),
            "over": state.over,
            "action": state.action,
            "resets_at": state.resets_at,
        }

    def endpoints(self, state: Callable[[Ledger], State]) -> list[Endpoint]:
        if self._ledger is None:
            return []
        looked_at = state(self._ledger)
        self._events = Events(looked_at)
        return pages.endpoints(looked_at, self._events)

    async def start(self) -> None:
        """Go on where the last run ended, as soon as the record can be read; nobody waits for that."""
        if self._ledger is None:
            return
        async with AsyncExitStack() as undo:
            loop = asyncio.get_running_loop()

            def on_written(batch: Sequence[Settled], first: int) -> None:
                loop.call_soon_threadsafe(self._spent, batch, first)

            undo.callback(self._ledger.listen(on_written))
            remembering = asyncio.create_task(self._remember(self._ledger))
            undo.callback(remembering.cancel)
            self._closing = undo.pop_all()

    def end_streams(self) -> None:
        if self._events is not None:
            self._events.close()

    async def stop(self) -> None:
        await self._closing.aclose()
        if self._ledger is not None:
            self._save(self._ledger)

    def _spent(self, batch: Sequence[Settled], first: int) -> None:
        """What was written before the sums were read is in them already."""
        if self._summed_to is None:
            self._early.append((batch, first))
            return
        for seq, each in enumerate(batch, start=first):
            if seq > self._summed_to and each.record.origin == self.origin and each.account.cost:
                self._budgets.add(each.account.cost, each.record.received / 1000)

    async def _remember(self, ledger: Ledger) -> None:
        await self._recall(ledger)
        while True:
            await asyncio.sleep(_SAVE_SECONDS)
            self._save(ledger)

    async def _recall(self, ledger: Ledger) -> None:
        now = self._now()
        spending, self._summed_to, kept = Spending(), 0, None
        try:
            spending, self._summed_to, kept = await ledger.ask(lambda connection: self._kept(connection, now))
        except LedgerError as error:
            _log.debug("there is nothing to go on from: %s", error)
        self._budgets = BudgetSums(spending, now)
        for batch, first in self._early:
            self._spent(batch, first)
        self._early.clear()
        if kept is not None:
            self._out.allowances.restore(msgspec.json.decode(kept))
            self._saved = kept

    def _kept(self, connection: sqlite3.Connection, now: float) -> tuple[Spending, int, bytes | None]:
        around = period(now)

        def spent(start: float, end: float) -> int:
            return sums_of(connection, int(start * 1000), int(end * 1000), Filters(origin=self.origin))[
                "cost"
            ]

        return (
            Spending(spent(around.day_start, around.next_day), spent(around.month_start, around.next_month)),
            connection.execute("select coalesce(max(seq), 0) from exchanges").fetchone()[0],
            recalled(connection, _ALLOWANCES),
        )

    def _save(self, ledger: Ledger) -> None:
        snapshot = msgspec.json.encode(self._out.allowances.snapshot())
        if snapshot != self._saved:
            self._saved = snapshot
            ledger.remember(_ALLOWANCES, snapshot)


def _against(spent: int, limit: int | None) -> dict[str, float | None]:
    return {"spent_usd": usd(spent), "limit_usd": None if limit is None else usd(limit)}
