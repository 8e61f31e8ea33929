"""Single entries of a keyring backend, and what its errors mean to the user.

Every call into a backend goes through `call_backend`. A backend may raise anything, and its frames
hold plain values, so what it raises never travels on: the error that leaves here is a new one, with a
sentence that names the kind of failure and repeats nothing a backend says about a value.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from app.keyring.state import LOCKED, KeyringKind, KeyringState, KeyringUnavailableError, UnusableSecretError
from app.keyring.thread import Proceed
from proxy.secret import Secret

SERVICE = "tierwise"

T = TypeVar("T")

# By name, because the modules that define them exist on one system each.
_MEANS_LOCKED = {"KeyringLocked", "LockedException", "PromptDismissedException"}
_MEANS_ABSENT = {
    "NoKeyringError",
    "SecretServiceNotAvailableException",
    "ConnectionError",
    "FileNotFoundError",
    "TimeoutError",
}

_MOST_COPIES = 16


class Backend(Protocol):
    """What we use of a backend of the `keyring` library."""

    def get_password(self, service: str, username: str, /) -> str | None: ...

    def set_password(self, service: str, username: str, password: str, /) -> None: ...

    def delete_password(self, service: str, username: str, /) -> None: ...


@dataclass(frozen=True, slots=True)
class TrustedBackend:
    """A backend that passed the vetting, and the most UTF-16 units one of its entries takes."""

    backend: Backend
    limit: int | None = None


class Entries(Protocol):
    """Named secrets of one service."""

    def read(self, name: str) -> Secret | None: ...

    def write(self, name: str, secret: Secret) -> None: ...

    def remove(self, name: str) -> None: ...


class BackendEntries:
    """Each secret is one entry of the backend."""

    def __init__(self, backend: Backend, proceed: Proceed) -> None:
        self._backend = backend
        self._proceed = proceed

    def read(self, name: str) -> Secret | None:
        self._proceed()
        value = call_backend(lambda: _wrapped(self._backend.get_password(SERVICE, name)))
        self._proceed()  # the read may have hung at the unlock prompt for an hour
        return value

    def write(self, name: str, secret: Secret) -> None:
        self._proceed()
        call_backend(lambda: self._backend.set_password(SERVICE, name, secret.reveal()))

    def remove(self, name: str) -> None:
        """Remove every entry of that name: a backend removes one at a time and may hold several."""
        for _ in range(_MOST_COPIES):
            if self.read(name) is None:
                return
            call_backend(lambda: self._backend.delete_password(SERVICE, name))
        raise UnusableSecretError(
            f"The keyring does not let go of {name}. Remove it in your password application."
        )


class WholeEntries:
    """For backends that take a value of any length."""

    def __init__(self, entries: Entries) -> None:
        self._entries = entries

    def read(self, name: str) -> Secret | None:
        return self._entries.read(name)

    def write(self, name: str, secret: Secret) -> None:
        # Reading first lets a locked keyring hang in a call that changes nothing.
        self._entries.read(name)
        self._entries.write(name, secret)

    def remove(self, name: str) -> None:
        self._entries.remove(name)


def call_backend(call: Callable[[], T]) -> T:
    """What the backend answers, or KeyringUnavailableError without a trace of what it raised."""
    try:
        return call()
    except BaseException as error:  # noqa: BLE001 -- backends raise anything, Rust panics (no Exceptions) included
        state = _meaning(error)
    raise KeyringUnavailableError(state)


def _wrapped(value: str | None) -> Secret | None:
    return None if value is None else Secret(value)


def _meaning(error: BaseException) -> KeyringState:
    names = {kind.__name__ for kind in (*type(error).__mro__, *type(error.__cause__).__mro__)}
    if names & _MEANS_ABSENT:
        return KeyringState(
            KeyringKind.ABSENT,
            "The system keyring cannot be reached: no keyring service answers. "
            "Start one (on Linux gnome-keyring, KWallet or KeePassXC), then try again.",
        )
    if names & _MEANS_LOCKED:
        return LOCKED
    return KeyringState(
        KeyringKind.REFUSED,
        f"The system keyring refused the request ({_label(error)}). "
        "Open your password application to see whether the keyring works, then try again.",
    )


def _label(error: BaseException) -> str:
    """The class and the code of an error; its text might repeat the value."""
    for attribute in ("name", "winerror", "errno"):
        code = getattr(error, attribute, None)
        if isinstance(code, (str, int)):
            return f"{type(error).__name__} {code}"
    return type(error).__name__
