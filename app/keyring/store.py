"""The system keyring: secrets by name, from any loop or none, never waiting longer than asked to."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from app.keyring.entries import BackendEntries, Entries, TrustedBackend, WholeEntries
from app.keyring.split import SplitEntries
from app.keyring.state import (
    NOT_ASKED,
    READY,
    WAITING,
    KeyringState,
    KeyringUnavailableError,
    UntrustedKeyringError,
    UnusableSecretError,
)
from app.keyring.thread import AbandonedError, KeyringThread, Proceed, Work
from proxy.secret import Secret

T = TypeVar("T")

READ_TIMEOUT = 5.0
WRITE_TIMEOUT = 10.0  # somebody has just clicked, and may be typing the password of the keyring

_PROBE = "probe"  # never written: reading it tells whether the keyring answers


class Keyring:
    """Get, put and delete secrets; each raises KeyringUnavailableError when the keyring cannot be asked."""

    def __init__(self, thread: KeyringThread, choose: Callable[[], TrustedBackend] | None = None) -> None:
        self._thread = thread
        self._choose = choose or _choose
        # From here on written by the keyring thread only.
        self._answer = NOT_ASKED
        self._chosen: TrustedBackend | None = None
        self._refusal: KeyringState | None = None

    def state(self) -> KeyringState:
        """How the keyring answered last, or that it still has not."""
        return WAITING if self._thread.is_stuck else self._answer

    async def check(self, timeout: float = READ_TIMEOUT) -> KeyringState:
        """Ask the keyring something harmless. A locked one may show its prompt."""
        try:
            await self.get(_PROBE, timeout)
        except KeyringUnavailableError as error:
            return error.state
        return READY

    async def get(self, name: str, timeout: float = READ_TIMEOUT) -> Secret | None:
        return await self._thread.ask(self._reading(name), timeout=timeout)

    async def put(self, name: str, secret: Secret, timeout: float = WRITE_TIMEOUT) -> None:
        await self._thread.ask(self._writing(name, secret), timeout=timeout)

    async def delete(self, name: str, timeout: float = WRITE_TIMEOUT) -> None:
        await self._thread.ask(self._removing(name), timeout=timeout)

    def get_blocking(self, name: str, timeout: float = READ_TIMEOUT) -> Secret | None:
        return self._thread.ask_blocking(self._reading(name), timeout=timeout)

    def put_blocking(self, name: str, secret: Secret, timeout: float = WRITE_TIMEOUT) -> None:
        self._thread.ask_blocking(self._writing(name, secret), timeout=timeout)

    def delete_blocking(self, name: str, timeout: float = WRITE_TIMEOUT) -> None:
        self._thread.ask_blocking(self._removing(name), timeout=timeout)

    def _reading(self, name: str) -> Work[Secret | None]:
        return self._work(lambda entries: entries.read(name))

    def _writing(self, name: str, secret: Secret) -> Work[None]:
        if not _is_storable(secret):
            raise UnusableSecretError(f"The secret for {name} holds characters that are not valid Unicode.")
        return self._work(lambda entries: entries.write(name, secret))

    def _removing(self, name: str) -> Work[None]:
        return self._work(lambda entries: entries.remove(name))

    def _work(self, use: Callable[[Entries], T]) -> Work[T]:
        def work(proceed: Proceed) -> T:
            with self._noting_the_answer():
                return use(self._entries(proceed))

        return work

    @contextmanager
    def _noting_the_answer(self) -> Iterator[None]:
        try:
            yield
        except KeyringUnavailableError as error:
            self._answer = error.state
            raise
        except (AbandonedError, UnusableSecretError):
            self._answer = READY  # it did answer: too late, or with nonsense
            raise
        self._answer = READY

    def _entries(self, proceed: Proceed) -> Entries:
        trusted = self._trusted()
        entries = BackendEntries(trusted.backend, proceed)
        return WholeEntries(entries) if trusted.limit is None else SplitEntries(entries, trusted.limit)

    def _trusted(self) -> TrustedBackend:
        if self._refusal is not None:
            raise KeyringUnavailableError(self._refusal)
        if self._chosen is None:
            try:
                self._chosen = self._choose()
            except UntrustedKeyringError as error:
                self._refusal = error.state  # everything else that is in the way may pass
                raise
        return self._chosen


def _choose() -> TrustedBackend:
    # Importing `keyring` is slow, and choosing may ask D-Bus: the keyring thread does both.
    from app.keyring.choice import choose_backend

    return choose_backend()


def _is_storable(secret: Secret) -> bool:
    try:
        secret.reveal().encode()
    except UnicodeEncodeError:
        return False
    return True
