"""Writing files so that a reader, a crash or a full disk never meets half of one."""

import contextlib
import os
import stat
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, TypeVar

import msgspec

PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700

Result = TypeVar("Result")


class Patience(msgspec.Struct, frozen=True):
    """How long to wait for another program that holds a file for a moment.

    Windows refuses to read or to replace a file that an editor, a virus scanner or a backup has open, with
    the same error as a file that is forbidden.
    """

    waits: tuple[float, ...]
    sleep: Callable[[float], None] = time.sleep

    def run(self, action: Callable[[], Result]) -> Result:
        """The result of an action, which is tried again after each wait."""
        for seconds in self.waits:
            try:
                return action()
            except PermissionError:
                self.sleep(seconds)
        return action()


PATIENCE: Final = Patience((0.05, 0.1, 0.15, 0.3, 0.4) if os.name == "nt" else ())
"""Elsewhere an open file is in nobody's way, so that a refusal is meant."""


def write_atomically(
    path: Path, data: bytes, *, mode: int | None = None, patience: Patience = PATIENCE
) -> None:
    """Replace `path` by `data` in one step.

    A symbolic link keeps pointing where it did: its target is replaced. Without `mode` an existing
    file keeps its permissions and a new one is private.
    """
    with written_beside(path, data, mode=mode, patience=patience) as put_in_place:
        put_in_place()


@contextlib.contextmanager
def written_beside(
    path: Path, data: bytes, *, mode: int | None = None, patience: Patience = PATIENCE
) -> Iterator[Callable[[], None]]:
    """The same for who wants to look at `path` once more, with nothing left to do but the one step itself.

    It is done by calling what is given; uncalled, nothing is changed.
    """
    target = path.resolve()
    if mode is None:
        mode = _mode_of(target)
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    temporary = Path(name)

    def put_in_place() -> None:
        patience.run(lambda: temporary.replace(target))
        _sync_folder(target.parent)

    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(mode)
        yield put_in_place
    finally:
        with contextlib.suppress(FileNotFoundError):
            temporary.unlink()


def _mode_of(path: Path) -> int:
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        return PRIVATE_FILE


def _sync_folder(folder: Path) -> None:
    """Make the rename itself durable, where the system lets a folder be opened."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
