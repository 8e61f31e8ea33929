"""Doing what was planned: the key into the keyring, the table into config.toml, both or neither."""

from app.errors import UserError
from app.keyring.state import KeyringKind, KeyringUnavailableError
from app.keyring.store import Keyring
from app.providers.interruption import Interruptible
from app.providers.planning import Plan
from app.providers.storing import stored
from app.settings import Loaded, SettingsFile
from proxy.secret import Secret


class LeftBehindError(UserError):
    """Something was removed from config.toml, and its key could not be removed from the keyring."""

    kind = "left_behind"


def carry_out(plan: Plan, key: Secret | None, file: SettingsFile, keyring: Keyring) -> Loaded:
    """Store the key first: a table without its key is what a running Tierwise would trip over."""
    secrets = [] if key is None else [(plan.stores, key)]
    with Interruptible() as interruptible, stored(secrets, keyring):
        interruptible.hold()
        loaded = file.edit(*plan.edits)
    drop(plan.name, plan.drops, keyring)
    return loaded


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
