"""Taking a proposal back: config.toml as it was before, if nobody has changed it since."""

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Final

import msgspec

from app.configuration.document import parse, read_bytes
from app.errors import UserError
from app.files import PRIVATE_FOLDER, write_atomically
from app.home import Home
from app.settings import SettingsFile
from app.toml.edits import Edit, edited

_COPY: Final = "config.before-tiers.toml"
_MARK: Final = "config.before-tiers.json"


class UndoError(UserError):
    """It cannot be taken back; everything is as it was."""

    kind = "undo"


class _Mark(msgspec.Struct, frozen=True):
    """What has to be so for the copy to be of use."""

    after: str
    """What the file has been since, as a hash."""
    existed: bool
    stored: tuple[str, ...] = ()
    """Names of the keys that came into the keyring with it."""


class Before:
    """The configuration as it was before a proposal, kept in backups/."""

    def __init__(self, home: Home) -> None:
        self._config = home.config
        self._file = SettingsFile(home)
        self._mark = home.backups / _MARK
        self.copy: Path = home.backups / _COPY

    def keep(self) -> bytes | None:
        """Copy the file away; None where there is none. What was kept before cannot be put back any more."""
        content = read_bytes(self._config) if self._config.exists() else None
        try:
            self.copy.parent.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
            self._mark.unlink(missing_ok=True)
            write_atomically(self.copy, content or b"")
        except OSError as error:
            raise UndoError(
                f"{self.copy} cannot be written: {error.strerror}. Nothing was changed."
            ) from error
        return content

    def remember(self, content: bytes | None, edits: Sequence[Edit], stored: Sequence[str]) -> bool:
        """Whether it can be undone: not if somebody else wrote to the file in the very same moment."""
        document = parse(self._config, content or b"")
        after = read_bytes(self._config)
        if document.encoded(edited(document.text, edits)) != after:
            return False
        mark = _Mark(_hash(after), content is not None, tuple(stored))
        write_atomically(self._mark, msgspec.json.encode(mark))
        return True

    def check(self) -> tuple[str, ...]:
        """The names of the keys that came with what would be undone; UndoError where it cannot be."""
        return self._read().stored

    def put_back(self) -> None:
        try:
            with self._file.alone():
                if self._read().existed:
                    write_atomically(self._config, self.copy.read_bytes())
                else:
                    self._config.unlink()
                self._mark.unlink()
        except OSError as error:
            raise UndoError(f"{self._config} cannot be put back: {error.strerror}.") from error

    def _read(self) -> _Mark:
        try:
            mark = msgspec.json.decode(self._mark.read_bytes(), type=_Mark)
        except FileNotFoundError as error:
            raise UndoError("There is no proposal to undo.") from error
        except (OSError, msgspec.MsgspecError) as error:
            raise UndoError(f"{self._mark} cannot be read.") from error
        if _hash(read_bytes(self._config)) != mark.after:
            raise UndoError(
                f"{self._config} was changed since, and that would be lost. As it was before the proposal it "
                f"is in {self.copy}."
            )
        return mark


def _hash(content: bytes) -> str:
    return sha256(content).hexdigest()
