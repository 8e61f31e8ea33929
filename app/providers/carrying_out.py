"""Doing what was planned: the key into the keyring, the table into config.toml, both or neither."""

from collections.abc import Iterator
from contextlib import contextmanager

from app import speech
from app.errors import UserError
from app.keyring.state import KeyringKind, KeyringUnavailableError, UnusableSecretError
from app.keyring.store import Keyring
from app.providers.interruption import Interruptible
from app.providers.planning import Plan
from app.settings import Loaded, SettingsFile
from proxy.secret import Secret


class LeftBehindError(UserError):
    """Something was removed from config.toml, and its key could not be removed from the keyring."""

    kind = "left_behind"


class NoKeyringError(UserError):
    """The key has nowhere to go."""

    kind = "keyring"


def carry_out(plan: Plan, key: Secret | None, file: SettingsFile, keyring: Keyring) -> Loaded:
    """Store the key first: a table without its key is what a running Tierwise would trip over."""
    with Interruptible() as interruptible:
        if key is None:
            interruptible.hold()
            loaded = file.edit(*plan.edits)
        else:
            with _stored(plan.stores, key, keyring):
                interruptible.hold()
                loaded = file.edit(*plan.edits)
    drop(plan.name, plan.drops, keyring)
    return loaded


def stored_already(name: str, keyring: Keyring) -> Secret | None:
    """The key that the keyring holds under a name; NoKeyringError says what to do without a keyring."""
    try:
        return keyring.get_blocking(name)
    except KeyringUnavailableError as error:
        raise NoKeyringError(
            f"{error} Until then --key-env VARIABLE names an environment variable that holds the key."
        ) from error
    except UnusableSecretError:
        return None  # nobody can use what is there, so there is nothing to keep


@contextmanager
def _stored(name: str, key: Secret, keyring: Keyring) -> Iterator[None]:
    """The key is in the keyring, and as it was before if the block fails or is interrupted.

    A write that was given up may still have been carried out, so it is undone as well.
    """
    before = stored_already(name, keyring)
    try:
        keyring.put_blocking(name, key)
        yield
    except BaseException:
        _put_back(name, before, keyring)
        raise


def _put_back(name: str, before: Secret | None, keyring: Keyring) -> None:
    try:
        if before is None:
            keyring.delete_blocking(name)
        else:
            keyring.put_blocking(name, before)
    except KeyringUnavailableError as error:
        speech.remark(f"The keyring may hold the new key as {name} nevertheless: {error}")


def drop(provider: str, names: tuple[str, ...], keyring: Keyring) -> None:
    """Take keys that nothing names any more out of the keyring. Where there is none, none is left."""
    for name in names:
        try:
            keyring.delete_blocking(name)
        except KeyringUnavailableError as error:
            if error.state.kind is KeyringKind.ABSENT:
                return
            raise LeftBehindError(
                f"config.toml is changed, but a key of {provider} is still in the keyring, as {name} of the "
                f"service tierwise: {error}"
            ) from error
