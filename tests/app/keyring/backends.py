"""Keyring backends for tests: in memory, with a limit, behind a gate, locked, broken, missing."""

import asyncio
import threading
from collections.abc import Callable, Mapping
from typing import NoReturn

import keyring.backend
import keyring.errors

from app.home import Home
from app.keyring.entries import TrustedBackend
from app.keyring.state import WAITING, KeyringKind, KeyringState, KeyringUnavailableError
from app.keyring.store import READ_TIMEOUT, WRITE_TIMEOUT, Keyring
from app.keyring.thread import KeyringThread
from app.secrets import Secrets
from proxy.secret import Secret


class MemoryBackend(keyring.backend.KeyringBackend):
    """A keyring in a dictionary. Its priority keeps it out of what the library discovers."""

    priority = -1

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[tuple[str, str], str] = {}
        self.reads = 0

    def get_password(self, service: str, username: str) -> str | None:
        self.reads += 1
        return self.values.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.values[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.values.pop((service, username), None) is None:
            raise keyring.errors.PasswordDeleteError("No such password!")


class CappedBackend(MemoryBackend):
    """Takes `limit` UTF-16 units per entry."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self.limit = limit

    def set_password(self, service: str, username: str, password: str) -> None:
        if len(password.encode("utf-16-le")) > 2 * self.limit:
            raise OSError(1783, "The stub received bad data")
        super().set_password(service, username, password)


class GatedBackend(MemoryBackend):
    """Hangs in every call until the gate is opened, as a prompt that nobody answers does."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = threading.Event()
        self.entered = threading.Event()

    def get_password(self, service: str, username: str) -> str | None:
        value = super().get_password(service, username)
        self.entered.set()
        self.gate.wait()
        return value


class FailingBackend(MemoryBackend):
    """Raises what `error` makes of the value in hand, for as long as there is an `error`."""

    def __init__(self, error: Callable[[str], BaseException] | None) -> None:
        super().__init__()
        self.error = error

    def get_password(self, service: str, username: str) -> str | None:
        value = super().get_password(service, username)
        if self.error is not None:
            raise self.error(value or "")
        return value

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.error is not None:
            raise self.error(password)
        super().set_password(service, username, password)


class HangingKeyring(Keyring):
    """Answers nobody. What each caller would wait is counted instead of waited for."""

    def __init__(self) -> None:
        super().__init__(KeyringThread())
        self.waited = 0.0

    async def get(self, name: str, timeout: float = READ_TIMEOUT) -> Secret | None:
        return self._hang(timeout)

    async def put(self, name: str, secret: Secret, timeout: float = WRITE_TIMEOUT) -> None:
        self._hang(timeout)

    async def delete(self, name: str, timeout: float = WRITE_TIMEOUT) -> None:
        self._hang(timeout)

    def _hang(self, timeout: float) -> NoReturn:
        self.waited += timeout
        raise KeyringUnavailableError(WAITING)


def keyring_on(backend: MemoryBackend, limit: int | None = None) -> Keyring:
    """The system keyring, were it this backend."""
    return Keyring(KeyringThread(), lambda: TrustedBackend(backend, limit))


def secrets_on(backend: MemoryBackend, home: Home, environ: Mapping[str, str] | None = None) -> Secrets:
    return Secrets(home, environ if environ is not None else {}, keyring_on(backend))


async def background_work() -> None:
    """Wait until nothing goes on in this loop but the caller."""
    await asyncio.gather(*(asyncio.all_tasks() - {asyncio.current_task()}))


def locked() -> FailingBackend:
    return FailingBackend(lambda value: keyring.errors.KeyringLocked("Failed to unlock the collection!"))


def no_keyring() -> Keyring:
    """A machine without any keyring, until its `choose` is replaced."""

    def choose() -> TrustedBackend:
        raise KeyringUnavailableError(KeyringState(KeyringKind.ABSENT, "This system offers no keyring."))

    return Keyring(KeyringThread(), choose)
