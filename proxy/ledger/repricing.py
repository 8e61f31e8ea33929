"""History priced anew: what was recorded is settled once more by the prices that hold now.

    begin     a configuration holds: is the record priced with its prices already?
    a chunk   a few exchanges, in the order in which they ended, through the same accounting as when they
              were new; their rows and what they are in the sums change in one transaction
    ended     the record says what it is priced with

Between two chunks whatever came meanwhile is written. What is done of it is never half: a run that a stop or
another price interrupts leaves true sums behind, and the next start finds that it did not end.
"""

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol, TypeVar

import peewee

from proxy import log
from proxy.config import Config
from proxy.ledger.rewriting import Rewriting
from proxy.ledger.scribe import Scribe
from proxy.ledger.store.problems import DamagedError, NewerError
from proxy.money.catalogue import Catalogue

_log = log.area("ledger")

_AGAIN_SECONDS = 30.0

T = TypeVar("T")


class _Change(Protocol):
    """Has something done by the thread that writes."""

    def __call__(self, work: Callable[[Scribe], T], /) -> Future[T]: ...


@dataclass(frozen=True, slots=True)
class Progress:
    """How many exchanges of how many are priced anew."""

    done: int
    total: int


class Repricing:
    """At most one run at a time; a change of prices begins another one."""

    def __init__(
        self,
        change: _Change,
        catalogue: Callable[[], Catalogue],
        on_end: Callable[[], None] = lambda: None,
        *,
        again_seconds: float = _AGAIN_SECONDS,
    ) -> None:
        """`on_end` is called on the loop when sums that somebody may have kept are other ones now."""
        self.progress: Progress | None = None
        """None while nothing is being priced anew."""
        self._change = change
        self._catalogue = catalogue
        self._on_end = on_end
        self._again_seconds = again_seconds
        self._terms: object = None
        self._task: asyncio.Task[None] | None = None
        self._begun = asyncio.Event()

    def begin(self, config: Config) -> None:
        """On the loop, after the writer was told of this configuration."""
        terms = config.prices, config.savings
        if terms == self._terms:
            return
        if self._task is not None:
            self._task.cancel()
        self._terms, self.progress, self._begun = terms, None, asyncio.Event()
        self._task = asyncio.create_task(self._run(config, self._begun))

    async def begun(self) -> Progress | None:
        """As soon as it is known how much there is to do."""
        await self._begun.wait()
        return self.progress

    async def ended(self) -> None:
        """Until nothing is left to do."""
        while (task := self._task) is not None and not task.done():
            with suppress(asyncio.CancelledError):
                await asyncio.shield(task)

    async def stop(self) -> None:
        if self._task is None:
            return
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        self._task = None

    async def _run(self, config: Config, begun: asyncio.Event) -> None:
        try:
            await self._attempt(config, begun)
        except (RuntimeError, NewerError) as error:
            self.progress = None
            _log.info("the record is not priced anew before the next start: %s", error)
        except Exception:  # noqa: BLE001 -- the edge of the task: a bug here must not keep prices from being set
            self.progress = None
            _log.exception("the record could not be priced anew")
        finally:
            begun.set()

    async def _attempt(self, config: Config, begun: asyncio.Event) -> None:
        """From the beginning again after trouble with the file, which the writer tells of."""
        while True:
            try:
                return await self._reprice(Rewriting(config, self._catalogue), begun)
            except (sqlite3.Error, peewee.PeeweeException, DamagedError, OSError) as error:
                _log.info("the record is priced anew as soon as it can be written: %s", error)
                begun.set()
            await asyncio.sleep(self._again_seconds)

    async def _reprice(self, run: Rewriting, begun: asyncio.Event) -> None:
        total = await self._done(run.open)
        if total:
            self.progress = Progress(0, total)
            _log.info("%d exchanges are priced anew", total)
        begun.set()
        done = 0
        while chunk := await self._done(run.step):
            done += chunk
            self.progress = Progress(min(done, total), total)
        self.progress = None
        if total:
            self._on_end()

    async def _done(self, work: Callable[[Scribe], T]) -> T:
        """Cancelling is for us only: work that the writer has been given, it does."""
        return await asyncio.shield(asyncio.wrap_future(self._change(work)))
