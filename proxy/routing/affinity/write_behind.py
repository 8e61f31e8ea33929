"""Pins over a restart: brought back when the program starts, and written a little after they change.

    restore     once, while requests are already served: what they write meanwhile is not overwritten
    flush       every few seconds, and when the program stops: what has changed since, in one transaction

A program that is killed forgets the last seconds. A store that fails is tried again with the next flush.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

from proxy import log
from proxy.routing.affinity.affinity import Affinity
from proxy.routing.affinity.packing import Kept, Row, packed, unpacked
from proxy.routing.affinity.pins import Remembered

_log = log.area("affinity")

_AT_ONCE = 1000
"""Threads in one transaction. They are packed on the loop, in a few milliseconds."""
_SWEEP_SECONDS = 600.0


class NotKeptError(Exception):
    """The store can be neither read nor written now; the message is a sentence for the user."""


class PinStore(Protocol):
    """Keeps rows by key. Both may raise NotKeptError, and have then done nothing."""

    async def load(self) -> Sequence[Row]: ...

    async def save(self, changes: Mapping[bytes, Kept | None]) -> None:
        """All of them, or none; None: the row is to go."""
        ...


class WriteBehind:
    def __init__(self, affinity: Affinity, store: PinStore) -> None:
        self._affinity = affinity
        self._store = store
        self._is_restored = False
        self._swept = 0.0
        self._problem = ""

    async def restore(self, now: float) -> None:
        """What cannot be read now is brought back by a later flush."""
        if self._is_restored:
            return
        try:
            rows = await self._store.load()
        except NotKeptError as error:
            self._told(error)
            return
        if not self._is_restored:  # nor by somebody else meanwhile
            self._is_restored = True
            self._affinity.recall(*unpacked(rows, now))

    async def flush(self, now: float) -> None:
        """When this returns, what had changed by the time of the call is kept, or waits for the next one."""
        await self.restore(now)
        if abs(now - self._swept) > _SWEEP_SECONDS:
            self._swept = now
            self._affinity.sweep(now)
        try:
            for _ in range(0, self._affinity.changed, _AT_ONCE):
                await self._save(self._affinity.take_changed(_AT_ONCE))
        except NotKeptError as error:
            self._told(error)
        else:
            self._problem = ""

    async def _save(self, changed: Mapping[bytes, Remembered | None]) -> None:
        rows = {key: packed(known) if known is not None else None for key, known in changed.items()}
        try:
            await self._store.save(rows)
        except BaseException:  # also when it is cancelled; to keep them twice does no harm
            self._affinity.give_back(changed)
            raise

    def _told(self, error: NotKeptError) -> None:
        """Once for each problem, for it is met every few seconds."""
        if str(error) != self._problem:
            self._problem = str(error)
            _log.warning("pins are not kept over a restart for now: %s", error)
