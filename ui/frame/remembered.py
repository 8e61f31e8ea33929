"""Where the window was and which page it showed, kept over a restart in a small file of the home."""

import base64
import logging
from pathlib import Path
from typing import Final

import msgspec

from app.files import PRIVATE_FILE, write_atomically

_NAME: Final = "window.json"

_log = logging.getLogger("tierwise.ui")


class Remembered(msgspec.Struct, frozen=True):
    """What is kept. A file of another shape is as good as none."""

    geometry: str = ""
    page: str = ""
    has_told_of_tray: bool = False
    """Whether the user has been told that closing the window leaves the tray icon."""

    @property
    def geometry_bytes(self) -> bytes:
        try:
            return base64.b64decode(self.geometry, validate=True)
        except ValueError:
            return b""


def remembered(folder: Path) -> Remembered:
    """It blocks."""
    try:
        return msgspec.json.decode((folder / _NAME).read_bytes(), type=Remembered)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return Remembered()


def remember(folder: Path, what: Remembered) -> None:
    """It blocks. Nothing but the place of a window is lost where that fails."""
    try:
        write_atomically(folder / _NAME, msgspec.json.encode(what), mode=PRIVATE_FILE)
    except OSError as error:
        _log.info("the place of the window is not kept: %s", error)


def as_text(geometry: bytes) -> str:
    return base64.b64encode(geometry).decode("ascii")
