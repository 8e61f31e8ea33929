"""Secrets by name: from the environment (`env:NAME`) or the system keyring.

What the keyring has revealed is remembered until it is changed here or `forget` is called (the
upstream rejects a key, the configuration is read again), so requests do not wait for D-Bus and a
keyring that locks itself later takes no provider down. What it does not have is not remembered: a key
added by another program then works at the next request. The environment is always read anew.

A locked keyring may show its prompt each time it is asked. Reads therefore pause for a while after a
refusal; what the user does on purpose (`put`, `delete`, `check`) asks at once.
"""

import time
from collections.abc import Callable, Mapping

from app.home import Home
from app.keyring.home import HomeKeyring
from app.keyring.journal import JournalSecrets
from app.keyring.state import KeyringKind, KeyringState, KeyringUnavailableError
from app.keyring.store import READ_TIMEOUT, WRITE_TIMEOUT, Keyring
from app.keyring.thread import KeyringThread
from proxy.secret import Secret

_ENVIRONMENT = "env:"
_PAUSE_AFTER_LOCKED = 30.0


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
        self.of_home = HomeKeyring(self.keyring, home)
        self.journal = JournalSecrets(self.of_home, home.run)
        self._environ = environ
        self._clock = clock
        self._known: dict[str, Secret] = {}
        self._changes = 0
        self._paused: tuple[float, KeyringState] | None = None

    async def get(self, name: str, timeout: float = READ_TIMEOUT) -> Secret | None:
        if name.startswith(_ENVIRONMENT):
            value = self._environ.get(name.removeprefix(_ENVIRONMENT), "")
            return Secret(value) if value else None
        known = self._known.get(name)
        return known if known is not None else await self._read(name, timeout)

    async def put(self, name: str, secret: Secret, timeout: float = WRITE_TIMEOUT) -> None:
        """Store a secret in the keyring, never anywhere else."""
        _refuse_environment(name)
        self.forget(name)
        try:
            await self.keyring.put(name, secret, timeout)
        finally:
            self.forget(name)  # a read that began before the write must not be remembered
        await self.journal.settle()

    async def delete(self, name: str, timeout: float = WRITE_TIMEOUT) -> None:
        """Remove a secret from the keyring; one that is not there is removed already."""
        _refuse_environment(name)
        self.forget(name)
        try:
            await self.keyring.delete(name, timeout)
        finally:
            self.forget(name)
        await self.journal.settle()

    def forget(self, name: str | None = None) -> None:
        """Ask the keyring again for this secret, or for all of them, when they are next needed."""
        self._changes += 1
        self._paused = None
        if name is None:
            self._known.clear()
        else:
            self._known.pop(name, None)

    def state(self) -> KeyringState:
        """How the keyring answered last."""
        return self.keyring.state()

    async def check(self, timeout: float = READ_TIMEOUT) -> KeyringState:
        """Ask the keyring now. A locked one may show its prompt."""
        state = await self.keyring.check(timeout)
        if state.kind is KeyringKind.READY:
            self._paused = None
            await self.journal.settle()
        return state

    async def _read(self, name: str, timeout: float) -> Secret | None:
        if self._paused is not None and self._clock() < self._paused[0]:
            raise KeyringUnavailableError(self._paused[1])
        changes = self._changes
        try:
            secret = await self.keyring.get(name, timeout)
        except KeyringUnavailableError as error:
            if error.state.kind is KeyringKind.LOCKED:
                self._paused = (self._clock() + _PAUSE_AFTER_LOCKED, error.state)
            raise
        self._paused = None
        if secret is not None and changes == self._changes:
            self._known[name] = secret
        await self.journal.settle()
        return secret


def _refuse_environment(name: str) -> None:
    if name.startswith(_ENVIRONMENT):
        raise ValueError(f"{name} names an environment variable, which we only read")
