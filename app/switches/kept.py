"""Keeps what is switched for some time over a restart, and over a crash: in a small file of this home."""

import logging
from pathlib import Path
from typing import Final

import msgspec

from app.files import PRIVATE_FILE, write_atomically
from app.switches.overlay import Overlay, Overlays
from proxy.config.switch import Switch

_NAME: Final = "switches.json"

log = logging.getLogger("tierwise.settings")


class Kept:
    """One home's file. It blocks; its troubles are told in the log, since nothing but a restart needs it."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / _NAME
        self._there: Overlays = {}
        """What is in the file."""

    def read(self) -> Overlays:
        """What the last run left, whether or not its time is over."""
        try:
            found = msgspec.json.decode(self._path.read_bytes(), type=list[Overlay])
            self._there = {each.what: each for each in found if _is_whole(each)}
        except FileNotFoundError:
            pass
        except (OSError, ValueError) as error:
            log.warning("what was switched for a while is forgotten; %s: %s", self._path, error)
        return self._there

    def write(self, overlays: Overlays) -> None:
        """Those that end with the program are not kept."""
        lasting = {what: each for what, each in overlays.items() if each.until is not None}
        if lasting == self._there:
            return
        try:
            if lasting:
                write_atomically(self._path, msgspec.json.encode(list(lasting.values())), mode=PRIVATE_FILE)
            else:
                self._path.unlink(missing_ok=True)
            self._there = lasting
        except OSError as error:
            log.warning("a restart will not know what is switched for a while; %s: %s", self._path, error)


def _is_whole(overlay: Overlay) -> bool:
    """Nothing but what could be switched: anybody may have written the file. ValueError says what is not."""
    Switch(overlay.what, overlay.value, 1.0)
    return overlay.until is not None
