"""What the keyring has revealed, remembered so that requests do not wait for D-Bus.

A remembered secret may be stale: somebody has asked for it to be read again. It is, when it is next
needed, and what the keyring then says wins, "no such entry" included. Only when the keyring cannot be
asked (locked, waiting, gone) does the stale value go on serving: a keyring that locks itself takes no
provider down. What the keyring does not have is not remembered, so a secret added by another program
works at the next request.

Whoever needs a secret while it is being read waits for that same read. A locked keyring may show its
prompt each time it is asked, so after a refusal nothing is read for a while.
"""

import asyncio
import time
from collections.abc import Callable
from functools import partial

from app.keyring.state import WAITING, KeyringKind, KeyringState, KeyringUnavailableError
from app.keyring.store import READ_TIMEOUT, Keyring
from proxy.secret import Secret

_PAUSE_AFTER_LOCKED = 30.0
_CANNOT_BE_ASKED = {KeyringKind.LOCKED, KeyringKind.WAITING, KeyringKind.ABSENT}

_Reading = asyncio.Task[Secret | None]


class RevealedSecrets:
    """Secrets of the keyring by name, read once."""

    def __init__(
        self, keyring: Keyring, answered: Callable[[], None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._keyring = keyring
        self._answered = answered
        self._clock = clock
        self._known: dict[str, Secret] = {}
        self._stale: set[str] = set()
        self._paused: tuple[float, KeyringState] | None = None
        self._shared: dict[str, _Reading] = {}  # those that still may be joined
        self._readings: set[_Reading] = set()

    async def get(self, name: str, timeout: float = READ_TIMEOUT) -> Secret | None:
        if name in self._known and name not in self._stale:
            return self._known[name]
        try:
            return await self._read(name, timeout)
        except KeyringUnavailableError as error:
            known = self._known.get(name)
            if known is None or error.state.kind not in _CANNOT_BE_ASKED:
                raise
            return known

    def mark_stale(self, name: str) -> None:
        """Read this secret again when it is next needed."""
        self._shared.pop(name, None)
        if name in self._known:
            self._stale.add(name)

    def mark_all_stale(self) -> None:
        self._shared.clear()
        self._stale.update(self._known)

    def discard(self, name: str) -> None:
        """Its value in the keyring is another one now, or none."""
        self._shared.pop(name, None)
        self._known.pop(name, None)
        self._stale.discard(name)

    def resume(self) -> None:
        """Ask the keyring again, even if it has just said that it is locked."""
        self._paused = None

    async def stop(self) -> None:
        """End every read; who still waits for one is told that the keyring cannot be asked now."""
        for reading in self._readings:
            reading.cancel()
        await asyncio.gather(*self._readings, return_exceptions=True)

    async def _read(self, name: str, timeout: float) -> Secret | None:
        if self._paused is not None and self._clock() < self._paused[0]:
            raise KeyringUnavailableError(self._paused[1])
        reading = self._shared.get(name) or self._begin(name, timeout)
        await asyncio.wait((reading,), timeout=timeout)
        if reading.done() and not reading.cancelled():
            return reading.result()
        raise KeyringUnavailableError(WAITING)

    def _begin(self, name: str, timeout: float) -> _Reading:
        # Others may join who have more time than the first.
        reading = asyncio.create_task(self._ask(name, max(timeout, READ_TIMEOUT)))
        self._shared[name] = reading
        self._readings.add(reading)
        reading.add_done_callback(partial(self._end, name))
        return reading

    async def _ask(self, name: str, timeout: float) -> Secret | None:
        try:
            secret = await self._keyring.get(name, timeout)
        except KeyringUnavailableError as error:
            if error.state.kind is KeyringKind.LOCKED:
                self._paused = (self._clock() + _PAUSE_AFTER_LOCKED, error.state)
            raise
        self._paused = None
        self._answered()
        return secret

    def _end(self, name: str, reading: _Reading) -> None:
        self._readings.discard(reading)
        if self._shared.get(name) is not reading:  # it began before a change: not to be remembered
            _ = reading.cancelled() or reading.exception()
            return
        del self._shared[name]
        if reading.cancelled() or reading.exception() is not None:
            return
        self._stale.discard(name)
        if (secret := reading.result()) is None:
            self._known.pop(name, None)
        else:
            self._known[name] = secret
