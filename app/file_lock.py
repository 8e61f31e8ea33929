"""Locks on files that hold between processes. The system gives one back however its holder ends."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from app.files import PRIVATE_FOLDER

_BETWEEN_TRIES: Final = 0.005


@contextmanager
def locked(path: Path, seconds: float) -> Iterator[None]:
    """Hold the lock of this file, which is made if need be; TimeoutError when others do not give it back.

    Threads of one process wait for each other just as processes do. This blocks, so it is nothing for a loop.
    """
    path.parent.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    deadline = time.monotonic() + seconds
    with path.open("ab") as file:
        while not try_lock(file):
            if time.monotonic() > deadline:
                raise TimeoutError
            time.sleep(_BETWEEN_TRIES)
        yield  # closing the file gives the lock back


if sys.platform == "win32":
    import msvcrt

    def try_lock(file: IO[bytes]) -> bool:
        """Take the lock if nobody holds it, until the file is closed."""
        file.seek(0)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def try_lock(file: IO[bytes]) -> bool:
        """Take the lock if nobody holds it, until the file is closed."""
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
