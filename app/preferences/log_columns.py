"""Which columns of the log the user has chosen, kept over a restart in a small file of the home."""

import logging
from pathlib import Path
from typing import Final

import msgspec

from app.files import PRIVATE_FILE, write_atomically

_NAME: Final = "log-columns.json"

_log = logging.getLogger("tierwise.ui")


def kept_columns(folder: Path) -> frozenset[str] | None:
    """None: as many as there is room for. A file of another shape is as good as none. It blocks."""
    try:
        return msgspec.json.decode((folder / _NAME).read_bytes(), type=frozenset[str]) or None
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return None


def keep_columns(folder: Path, names: frozenset[str] | None) -> None:
    """It blocks. No more than a choice of columns is lost where that fails."""
    file = folder / _NAME
    try:
        if names is None:
            file.unlink(missing_ok=True)
        else:
            write_atomically(file, msgspec.json.encode(sorted(names)), mode=PRIVATE_FILE)
    except OSError as error:
        _log.info("the choice of columns is not kept: %s", error)
