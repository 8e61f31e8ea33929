"""What can be said about the system keyring, and the error that says it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from app.errors import UserError
from proxy.secret import SecretUnavailableError


class KeyringKind(StrEnum):
    """How the keyring answered last."""

    READY = "ready"
    LOCKED = "locked"  # it said so, or the user dismissed its prompt
    WAITING = "waiting"  # it has not answered in time: most likely its prompt is open
    REFUSED = "refused"  # we do not trust it, or it does not serve us
    ABSENT = "absent"  # there is none


@dataclass(frozen=True, slots=True)
class KeyringState:
    """One look at the keyring: what it is, and a sentence for the user."""

    kind: KeyringKind
    sentence: str


READY = KeyringState(KeyringKind.READY, "The system keyring is ready.")
NOT_ASKED = KeyringState(KeyringKind.WAITING, "The system keyring has not been asked yet.")
WAITING = KeyringState(
    KeyringKind.WAITING,
    "The system keyring is waiting for you to unlock it, or hangs. Answer its prompt or unlock it in your "
    "password application, then try again.",
)
LOCKED = KeyringState(
    KeyringKind.LOCKED,
    "The system keyring is locked. Unlock it in your password application, then try again.",
)


class KeyringUnavailableError(SecretUnavailableError, UserError):
    """The keyring cannot be asked now; `state` says why."""

    kind: ClassVar[str] = "keyring"

    def __init__(self, state: KeyringState) -> None:
        super().__init__(state.sentence)
        self.state = state


class UntrustedKeyringError(KeyringUnavailableError):
    """A keyring that we do not trust is set up. Only a restart with another one changes that."""


class UnusableSecretError(SecretUnavailableError, UserError):
    """The keyring answers, but this one secret cannot be read from it or written to it."""

    kind: ClassVar[str] = "secret"
