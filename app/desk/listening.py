"""Tells windows what may have changed: at once, and then again once things have calmed down a little.

Exchanges are written in small batches, and on a busy day in many. So a change is told in the next turn of the
loop, and further ones of its kind not before a quarter of a second has passed. Nothing is looked at while
nobody listens, and nothing is ever looked at in vain: a breaker that half opens, a mark that ends and
a quota that begins anew do so by themselves, so a timer waits for the very next of them.
"""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import ExitStack

from app.desk.changes import Change
from app.desk.program import Program
from proxy.config import ProviderConfig

_CALM_SECONDS = 0.25
_A_LITTLE_LATER = 0.05
"""So that what ends by itself has ended when it is looked at."""
_FARTHEST = 86_400.0
"""A quota may last for a month, and a timer of Qt for 24 days."""

Listener = Callable[[Change], None]


class Listening:
    """Of one desk; on its loop only."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._listeners: list[Listener] = []
        self._sources = ExitStack()
        self._providers: Mapping[str, ProviderConfig] = {}
        self._news: dict[Change, asyncio.TimerHandle] = {}
        self._again: set[Change] = set()
        self._next_end: asyncio.TimerHandle | None = None

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call back, on the loop, with what has changed; the answer ends it."""

        def heard(change: Change) -> None:
            listener(change)

        def stop() -> None:
            if heard in self._listeners:
                self._listeners.remove(heard)
                if not self._listeners:
                    self._close()

        if not self._listeners:
            self._open()
        self._listeners.append(heard)
        return stop

    def _open(self) -> None:
        loop, program = asyncio.get_running_loop(), self._program
        answers = program.gateway.answers

        def written() -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(self._note, Change.RECORD)

        self._providers = program.loaded.settings.providers
        self._sources.callback(program.on_settings(self._note_settings))
        self._sources.callback(program.on_local_servers(lambda: self._note(Change.LOCAL)))
        self._sources.callback(answers.on_health(lambda: self._note(Change.HEALTH)))
        self._sources.callback(answers.on_written(written))
        self._wait_for_the_next_end()

    def _close(self) -> None:
        self._sources.close()
        for timer in (*self._news.values(), self._next_end):
            if timer is not None:
                timer.cancel()
        self._news.clear()
        self._again.clear()
        self._next_end = None

    def _note_settings(self) -> None:
        self._note(Change.SETTINGS)
        providers = self._program.loaded.settings.providers
        if providers != self._providers:
            self._providers = providers
            self._note(Change.PROVIDERS)

    def _note(self, change: Change) -> None:
        if not self._listeners:
            return  # a batch was on its way from the writer's thread
        if change in self._news:
            self._again.add(change)
        else:
            self._news[change] = asyncio.get_running_loop().call_later(0, self._tell, change)

    def _tell(self, change: Change) -> None:
        self._again.discard(change)
        self._news[change] = asyncio.get_running_loop().call_later(_CALM_SECONDS, self._calm, change)
        if change is Change.HEALTH:
            self._wait_for_the_next_end()
        for heard in tuple(self._listeners):
            heard(change)

    def _calm(self, change: Change) -> None:
        if change in self._again:
            self._tell(change)
        else:
            del self._news[change]

    def _wait_for_the_next_end(self) -> None:
        if self._next_end is not None:
            self._next_end.cancel()
            self._next_end = None
        wait = self._program.gateway.answers.next_end()
        if wait is None:
            return
        loop = asyncio.get_running_loop()
        if wait > _FARTHEST:
            self._next_end = loop.call_later(_FARTHEST, self._wait_for_the_next_end)
        else:
            self._next_end = loop.call_later(wait + _A_LITTLE_LATER, self._note, Change.HEALTH)
