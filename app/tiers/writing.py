"""Writing a proposal: its keys into the keyring and the rest into config.toml, both or neither."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.errors import UserError
from app.home import Home
from app.keyring.store import Keyring
from app.proposal.proposal import Proposal
from app.providers.interruption import Interruptible
from app.providers.storing import stored, stored_already
from app.settings import Loaded, Settings, SettingsFile
from app.tiers.undoing import Before
from app.toml.edits import Edit

_ADVICE: Final = (
    "Without --import-keys, --yes uses keys of the environment from there; --no-keys does without any."
)


class ChangedError(UserError):
    """The configuration is not the one that the proposal was made for."""

    kind = "changed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was written."""

    can_undo: bool
    stored: tuple[str, ...]
    """Names of the keys that came into the keyring. What was there under such a name stays, and is used:
    nobody has a copy of it."""


def written(made: Proposal, of: Loaded, file: SettingsFile, home: Home, keyring: Keyring) -> Outcome:
    """The keys first: a table without its key is what a running Tierwise would trip over.

    What was kept of an earlier proposal is given up only when nothing but the file itself can be in the way.
    """
    new = [named for named in made.secrets if stored_already(named[0], keyring, _ADVICE) is None]
    names = tuple(name for name, _ in new)
    with Interruptible() as interruptible, stored(new, keyring, _ADVICE):
        interruptible.hold()
        if file.load().version != of.version:
            raise _changed(file)
        before, done = Before(home), list[Edit]()
        content = before.keep()

        def edits(settings: Settings, tree: dict[str, Any]) -> Sequence[Edit]:
            if settings != of.settings:  # another program has just changed it
                raise _changed(file)
            done[:] = made.edits(tree)
            return done

        file.edit_by(edits)
        return Outcome(before.remember(content, done, names), names)


def _changed(file: SettingsFile) -> ChangedError:
    """Lists of services are written whole, so what somebody put into one meanwhile would be lost."""
    return ChangedError(
        f"{file.path} was changed while the proposal stood, so nothing was written. Ask for it anew: it "
        "will be one for the file as it is now."
    )
