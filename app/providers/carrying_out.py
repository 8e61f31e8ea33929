"""Doing what was planned: the key into the keyring, the table into config.toml, both or neither."""

from collections.abc import Sequence
from typing import Any

from app.errors import UserError
from app.keyring.state import KeyringKind, KeyringUnavailableError
from app.keyring.store import Keyring
from app.providers.interruption import Interruptible
from app.providers.known import known
from app.providers.planning import Plan, planned_anew, stored_names
from app.providers.storing import stored
from app.settings import Loaded, Settings, SettingsFile
from app.toml.edits import Edit, Remove
from proxy.secret import Secret


class LeftBehindError(UserError):
    """Something was removed from config.toml, and its key could not be removed from the keyring."""

    kind = "left_behind"


def carry_out(plan: Plan, key: Secret | None, file: SettingsFile, keyring: Keyring) -> Loaded:
    """Store the key first: a table without its key is what a running Tierwise would trip over.

    The file may have changed since it was planned: a list of keys made before would lose one that came.
    """
    now = plan

    def edits(settings: Settings, _tree: dict[str, Any]) -> Sequence[Edit]:
        nonlocal now
        now = planned_anew(plan, settings)
        return now.edits

    secrets = [] if key is None else [(plan.stores, key)]
    with Interruptible() as interruptible, stored(secrets, keyring):
        interruptible.hold()
        loaded = file.edit_by(edits)
    drop(now.name, now.drops, keyring)
    return loaded


def take_out(name: str, file: SettingsFile) -> tuple[Settings, tuple[str, ...]]:
    """The table goes; what the file says without it, and which secrets nothing names any more by that."""
    stored: tuple[str, ...] = ()

    def edits(settings: Settings, _tree: dict[str, Any]) -> Sequence[Edit]:
        nonlocal stored
        stored = stored_names(name, known(name, settings))
        return [Remove(("providers", name))]

    return file.edit_by(edits).settings, stored


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
