"""Keys into the keyring, together with what names them in config.toml: all of it or nothing."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Final, TypeAlias

from app import speech
from app.errors import UserError
from app.keyring.state import KeyringUnavailableError, UnusableSecretError
from app.keyring.store import Keyring
from proxy.secret import Secret

Named: TypeAlias = tuple[str, Secret]
"""A secret with the name that it has in the keyring."""

KEY_ENV: Final = "Until then --key-env VARIABLE names an environment variable that holds the key."


class NoKeyringError(UserError):
    """The key has nowhere to go."""

    kind = "keyring"


def stored_already(name: str, keyring: Keyring, advice: str = KEY_ENV) -> Secret | None:
    """The key that the keyring holds under a name. If it cannot be asked, the error ends with the advice."""
    try:
        return keyring.get_blocking(name)
    except KeyringUnavailableError as error:
        raise NoKeyringError(f"{error} {advice}") from error
    except UnusableSecretError:
        return None  # nobody can use what is there, so there is nothing to keep


@contextmanager
def stored(secrets: Sequence[Named], keyring: Keyring, advice: str = KEY_ENV) -> Iterator[None]:
    """They are in the keyring; if the block fails or is interrupted all is as it was before.

    A write that was given up may still have been carried out, so it is undone as well.
    """
    with ExitStack() as undoing:
        for name, secret in secrets:
            undoing.callback(_put_back, name, stored_already(name, keyring, advice), keyring)
            keyring.put_blocking(name, secret)
        yield
        undoing.pop_all()


def _put_back(name: str, before: Secret | None, keyring: Keyring) -> None:
    try:
        if before is None:
            keyring.delete_blocking(name)
        else:
            keyring.put_blocking(name, before)
    except KeyringUnavailableError as error:
        speech.remark(f"The keyring may hold the new key as {name} nevertheless: {error}")
