"""Files for secrets of our own making, for as long as there is no keyring. Provider keys never come here.

Each is private to the user (0600) and replaced in one step. What goes wrong is told as a
`PrivateFileError` without the chain that led to it: the frames below hold the text in plain.
"""

import contextlib
import time
from pathlib import Path

from app.errors import UserError
from app.files import PRIVATE_FILE, PRIVATE_FOLDER, write_atomically
from proxy.secret import Secret


class PrivateFileError(UserError):
    """A file for secrets cannot be read or written."""

    kind = "private_file"


class DamagedFileError(PrivateFileError):
    """The file can be read, but what it holds makes no sense."""


class PrivateFile:
    """One secret text in one file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> Secret | None:
        """The text without white space around it, None when there is none."""
        try:
            secret = Secret(self.path.read_text(encoding="utf-8").strip())
        except FileNotFoundError:
            return None
        except UnicodeDecodeError:
            failure: PrivateFileError = DamagedFileError(f"{self.path} cannot be read: it is not text.")
        except OSError as error:
            failure = PrivateFileError(f"{self.path} cannot be read: {error.strerror}.")
        else:
            return secret or None
        raise failure

    def write(self, secret: Secret) -> None:
        try:
            self.path.parent.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
            write_atomically(self.path, secret.reveal().encode(), mode=PRIVATE_FILE)
        except OSError as error:
            reason = error.strerror
        else:
            return
        raise PrivateFileError(f"{self.path} cannot be written: {reason}.")

    def remove(self) -> None:
        try:
            with contextlib.suppress(FileNotFoundError):
                self.path.unlink()
        except OSError as error:
            reason = error.strerror
        else:
            return
        raise PrivateFileError(f"{self.path} cannot be removed: {reason}.")

    def set_aside(self) -> Path:
        """Give the file a name that says it is damaged, and since when. That name."""
        aside = self.path.with_name(f"{self.path.name}.damaged-{time.strftime('%Y%m%d-%H%M%S')}")
        try:
            self.path.replace(aside)
        except OSError as error:
            reason = error.strerror
        else:
            return aside
        raise PrivateFileError(f"{self.path} is damaged and cannot be moved away: {reason}.")
