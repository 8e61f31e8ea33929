"""Files for secrets of our own making, for as long as there is no keyring. Provider keys never come here.

Each is private to the user (0600) and replaced in one step. What goes wrong is told as a
`PrivateFileError` without the chain that led to it: the frames below hold the text in plain.
"""

import contextlib
from pathlib import Path

from app.errors import UserError
from app.files import PRIVATE_FILE, PRIVATE_FOLDER, write_atomically
from proxy.secret import Secret


class PrivateFileError(UserError):
    """A file for secrets cannot be read or written."""

    kind = "private_file"


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
        except (OSError, UnicodeDecodeError) as error:
            reason = _reason(error)
        else:
            return secret or None
        raise PrivateFileError(f"{self.path} cannot be read: {reason}.")

    def write(self, secret: Secret) -> None:
        try:
            self.path.parent.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
            write_atomically(self.path, secret.reveal().encode(), mode=PRIVATE_FILE)
        except OSError as error:
            reason = _reason(error)
        else:
            return
        raise PrivateFileError(f"{self.path} cannot be written: {reason}.")

    def remove(self) -> None:
        try:
            with contextlib.suppress(FileNotFoundError):
                self.path.unlink()
        except OSError as error:
            reason = _reason(error)
        else:
            return
        raise PrivateFileError(f"{self.path} cannot be removed: {reason}.")


def _reason(error: OSError | UnicodeDecodeError) -> str:
    return "it is not text" if isinstance(error, UnicodeDecodeError) else str(error.strerror)
