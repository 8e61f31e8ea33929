"""Tells when a file changes, by looking at it once in a while.

Looking costs one `stat` and needs nothing of the operating system: it sees a file that is replaced, deleted
or created again, one behind a symbolic link, and one on a network drive, where notifications fail silently.
"""

import logging
import stat
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec

_SETTLING: Final = 0.1
"""Part of the interval after which a changed file is looked at again."""

_PATIENCE: Final = 2.0
"""Seconds that `stop` waits at most: a look at a network drive may hang for minutes."""

log = logging.getLogger("tierwise.settings")


class _Sight(msgspec.Struct, frozen=True):
    """What a look at a file shows. Another inode is another file, even of the same age and size."""

    modified: int
    size: int
    inode: int
    device: int


class FileWatch:
    """Watches one file from a thread of its own, from the making of this object until `stop`.

    What the file looks like is first seen here, in the caller's thread, before this returns. So watch first
    and read then: a change that comes in between is reported.

    `on_change` is called in the watching thread, after every change, deletion included; it should not take
    long.
    """

    def __init__(self, file: Path, on_change: Callable[[], None], *, interval: float = 1.0) -> None:
        self._file = file
        self._on_change = on_change
        self._interval = interval
        self._seen = _look(file)
        self._is_unread = threading.Event()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"watch {file.name}", daemon=True)
        self._thread.start()

    def look_again(self) -> None:
        """Report once more, as soon as the file can be opened: for a reader who could not read it."""
        self._is_unread.set()

    def stop(self, *, patience: float = _PATIENCE) -> None:
        """Watch no longer: no reaction begins after this, and one that has begun is waited for a while."""
        self._stopped.set()
        if threading.current_thread() is not self._thread:
            self._thread.join(patience)

    def _run(self) -> None:
        while not self._stopped.wait(self._interval):
            seen = _look(self._file)
            if (seen != self._seen and self._has_settled(seen)) or self._can_be_read_now():
                self._report()

    def _has_settled(self, seen: _Sight | None) -> bool:
        """Wait until two looks show the same: many programs empty a file before they write it."""
        while True:
            self._seen = seen
            if self._stopped.wait(self._interval * _SETTLING):
                return False
            seen = _look(self._file)
            if seen == self._seen:
                return True

    def _can_be_read_now(self) -> bool:
        return self._is_unread.is_set() and _can_be_opened(self._file)

    def _report(self) -> None:
        self._is_unread.clear()  # before the reaction, which may find that it cannot read
        if self._stopped.is_set():  # the last look may have taken long
            return
        try:
            self._on_change()
        except Exception:  # one failed reaction must not end the watch
            log.exception("the reaction to a change of %s failed", self._file)


def _look(file: Path) -> _Sight | None:
    """What the file looks like; None while there is none that can be seen."""
    try:
        seen = file.stat()
    except OSError:
        return None
    return _Sight(seen.st_mtime_ns, seen.st_size, seen.st_ino, seen.st_dev)


def _can_be_opened(file: Path) -> bool:
    try:
        if not stat.S_ISREG(file.stat().st_mode):  # opening a pipe would wait for somebody to write
            return False
        with file.open("rb"):
            return True
    except OSError:
        return False
