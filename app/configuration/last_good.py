"""The configuration that was understood last, kept in backups/ for the day the file is broken."""

import logging
from typing import Final

from app.configuration.document import Document, read_bytes
from app.configuration.problem import ConfigError
from app.files import PRIVATE_FOLDER, write_atomically
from app.home import Home

_NAME: Final = "config.last-good.toml"

_log = logging.getLogger("tierwise.settings")


class LastGood:
    """Of one home."""

    def __init__(self, home: Home) -> None:
        self.path = home.backups / _NAME

    def content(self) -> bytes:
        """Empty where none was kept."""
        return read_bytes(self.path)

    def keep(self, document: Document) -> None:
        """In place of the one before. An empty one is none; nobody waits for a folder that is full."""
        if not document.text.strip():
            return
        try:
            if self.content() != document.content:
                self.path.parent.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
                write_atomically(self.path, document.content)
        except (OSError, ConfigError) as error:
            _log.warning("the last good configuration could not be kept: %s", error)
