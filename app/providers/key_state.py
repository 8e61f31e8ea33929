"""Whether a provider's keys are where the configuration says, in plain words and without showing one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.keyring.state import KeyringUnavailableError, UnusableSecretError
from proxy.config import ProviderConfig, secret_name
from proxy.providers.kinds import KINDS
from proxy.secret import Secret

_READ_SECONDS: Final = 5.0


class KeyKind(StrEnum):
    """What is known about one key."""

    STORED = "stored"
    MISSING = "missing"
    UNKNOWN = "unknown"
    """The keyring cannot be asked now."""
    SET = "set"
    UNSET = "unset"
    ACCOUNT = "account"
    """None is stored; the cloud's own credentials are looked for when a request is sent."""
    NONE_NEEDED = "none_needed"
    CLIENT = "client"


LACKING: Final = frozenset({KeyKind.MISSING, KeyKind.UNSET})
"""Those of which we know that they will not do."""
USABLE: Final = frozenset(KeyKind) - LACKING - {KeyKind.UNKNOWN}
"""Those of which nothing is known that would speak against them. What nobody knows is neither."""


@dataclass(frozen=True, slots=True)
class KeyState:
    """One key: its form in config.toml, what is known, and the same for people."""

    form: str
    kind: KeyKind
    words: str


class KeyStates:
    """Looks keys up. A keyring that could not be asked is not asked again: each time may take seconds."""

    def __init__(self, read: Callable[[str, float], Secret | None], environ: Mapping[str, str]) -> None:
        self._read = read
        self._environ = environ
        self._obstacle = ""

    def of(self, name: str, config: ProviderConfig) -> tuple[KeyState, ...]:
        return tuple(self._of_form(form, name, config.kind) for form in config.key_forms)

    def _of_form(self, form: str, name: str, kind: str) -> KeyState:
        place, _, label = form.partition(":")
        match place:
            case "none":
                return KeyState(form, KeyKind.NONE_NEEDED, "none needed")
            case "client":
                return KeyState(form, KeyKind.CLIENT, "the client's own")
            case "env":
                return self._in_environment(form, label)
            case _:
                return self._in_keyring(form, name, kind)

    def _in_environment(self, form: str, variable: str) -> KeyState:
        if self._environ.get(variable, "").strip():
            return KeyState(form, KeyKind.SET, f"environment variable {variable}, set")
        return KeyState(form, KeyKind.UNSET, f"environment variable {variable}, not set here")

    def _in_keyring(self, form: str, name: str, kind: str) -> KeyState:
        label = form.partition(":")[2]
        called = f" ({label})" if label else ""
        is_there = self._is_stored(secret_name(form, name) or "")
        if is_there is None:
            return KeyState(form, KeyKind.UNKNOWN, f"unknown{called}: {self._obstacle}{_until_then(kind)}")
        if is_there:
            return KeyState(form, KeyKind.STORED, f"in the keyring{called}")
        if KINDS[kind].has_chain:
            return KeyState(form, KeyKind.ACCOUNT, f"the account's own credentials on this machine{called}")
        return KeyState(form, KeyKind.MISSING, f"missing in the keyring{called}")

    def _is_stored(self, secret: str) -> bool | None:
        if self._obstacle:
            return None
        try:
            return bool(self._read(secret, _READ_SECONDS))
        except KeyringUnavailableError as error:
            self._obstacle = str(error)
            return None
        except UnusableSecretError:
            return False  # what is there cannot be read, so it has to be stored anew


def _until_then(kind: str) -> str:
    return " Until then the account's own credentials on this machine serve." if KINDS[kind].has_chain else ""
