"""Secrets by name: from the environment (`env:NAME`) or the system keyring.

The environment is always read anew; what the keyring has revealed is remembered (see
`app.keyring.revealed`) until it is changed here or `forget` asks for it to be read again.

When the keyring answers, journal secrets that had to go to a file move there, in the background: no
request waits for that. `close` ends what goes on there.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping

from app.home import Home
from app.keyring.home import HomeKeyring
from app.keyring.journal import JournalSecrets
from app.keyring.revealed import RevealedSecrets
from app.keyring.state import KeyringKind, KeyringState
from app.keyring.store import READ_TIMEOUT, WRITE_TIMEOUT, Keyring
from app.keyring.thread import KeyringThread
from proxy.secret import Secret

_log = logging.getLogger("tierwise.secrets")

_ENVIRONMENT = "env:"


class Secrets:
    """The `SecretSource` of the gateway, and where the user's changes go."""

    def __init__(
        self,
        home: Home,
        environ: Mapping[str, str],
        keyring: Keyring | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.keyring = keyring or Keyring(KeyringThread())
        self.of_home = HomeKeyring(self.keyring, home, self._keyring_answered)
        self.journal = JournalSecrets(self.of_home, home.run)
        self._environ = environ
        self._revealed = RevealedSecrets(self.keyring, self._keyring_answered, clock)
        self._settling: asyncio.Task[None] | None = None
        self._is_closed = False

    async def close(self) -> None:
        """End what goes on in the background. Secrets can be read and changed as before."""
        self._is_closed = True
        await self._revealed.stop()
        if self._settling is not None and not self._settling.done():
            self._settling.cancel()
            await asyncio.gather(self._settling, return_exceptions=True)

    async def get(self, name: str, timeout: float = READ_TIMEOUT) -> Secret | None:
        if name.startswith(_ENVIRONMENT):
            value = self._environ.get(name.removeprefix(_ENVIRONMENT), "").strip()
            return Secret(value) if value else None
        return await self._revealed.get(name, timeout)

    async def put(self, name: str, secret: Secret, timeout: float = WRITE_TIMEOUT) -> None:
        """Store a secret in the keyring, never anywhere else."""
        _refuse_environment(name)
        try:
            await self.keyring.put(name, secret, timeout)
        finally:
            self._revealed.mark_stale(name)  # a write that was given up may still have been carried out
        self._changed(name)

    async def delete(self, name: str, timeout: float = WRITE_TIMEOUT) -> None:
        """Remove a secret from the keyring; one that is not there is removed already."""
        _refuse_environment(name)
        try:
            await self.keyring.delete(name, timeout)
        finally:
            self._revealed.mark_stale(name)
        self._changed(name)

    def forget(self, name: str | None = None) -> None:
        """Read this secret, or all of them, again when they are next needed.

        For all of them, even a keyring that has just said that it is locked is asked at once: the user
        has done something. One secret is forgotten because its provider rejects it, with every request.
        """
        if name is None:
            self._revealed.mark_all_stale()
            self._revealed.resume()
        else:
            self._revealed.mark_stale(name)

    def state(self) -> KeyringState:
        """How the keyring answered last."""
        return self.keyring.state()

    async def check(self, timeout: float = READ_TIMEOUT) -> KeyringState:
        """Ask the keyring now. A locked one may show its prompt."""
        state = await self.keyring.check(timeout)
        if state.kind is KeyringKind.READY:
            self._revealed.resume()
            self._keyring_answered()
        return state

    def _changed(self, name: str) -> None:
        self._revealed.discard(name)
        self._revealed.resume()
        self._keyring_answered()

    def _keyring_answered(self) -> None:
        is_settling = self._settling is not None and not self._settling.done()
        if not (self._is_closed or is_settling or self.journal.is_settled):
            self._settling = asyncio.create_task(self._settle())

    async def _settle(self) -> None:
        try:
            await self.journal.settle()
        except Exception:  # noqa: BLE001 -- a bug in here must not stay unseen until the program ends
            _log.exception("secrets of client settings could not be moved into the keyring")


def _refuse_environment(name: str) -> None:
    if name.startswith(_ENVIRONMENT):
        raise ValueError(f"{name} names an environment variable, which we only read")
