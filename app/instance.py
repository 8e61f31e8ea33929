"""One Tierwise per home: a file lock decides who runs, instance.json tells others how to reach it.

The lock is the truth. The operating system gives it back when the process ends, however it ends, so a
stale instance.json after a crash is recognised by a lock that can be had.
"""

import contextlib
import time
from pathlib import Path
from typing import IO, Self

import msgspec

from app.errors import HomeError, UserError
from app.file_lock import try_lock
from app.files import write_atomically
from app.home import ELSEWHERE, Home
from app.program_name import program_name

# Another process that only looks whether we run holds the lock for microseconds.
_TRIES = 5
_BETWEEN_TRIES = 0.01

_START_SECONDS = 10.0
_BETWEEN_LOOKS = 0.05


class AlreadyRunningError(UserError):
    """Another process holds the lock of this home."""

    exit_code = 3
    kind = "already_running"


class NotRunningError(UserError):
    """No process holds the lock of this home."""

    kind = "not_running"


class Instance(msgspec.Struct, frozen=True):
    """How to reach a running Tierwise; written for the user's own tools, readable by the user alone."""

    pid: int
    url: str
    admin_token: str
    version: str
    has_window: bool = False


class InstanceLock:
    """Held for as long as this process runs in this home."""

    def __init__(self, home: Home, *, stop_hint: str = "stop") -> None:
        self._home = home
        self._stop_hint = stop_hint
        self._path = home.run / "lock"
        self._file: IO[bytes] | None = None

    def __enter__(self) -> Self:
        self.acquire()
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    def acquire(self) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            file = self._path.open("ab")
        except OSError as error:
            raise _unusable(self._path, error) from error
        for _ in range(_TRIES):
            if try_lock(file):
                self._file = file
                self._forget_the_last_one()
                return
            time.sleep(_BETWEEN_TRIES)
        file.close()
        raise AlreadyRunningError(_describe_running(self._home, self._stop_hint))

    def release(self) -> None:
        if self._file is not None:
            with contextlib.suppress(OSError):
                _instance_file(self._home).unlink(missing_ok=True)
            self._file.close()
            self._file = None

    def announce(self, instance: Instance) -> None:
        file = _instance_file(self._home)
        try:
            write_atomically(file, msgspec.json.encode(instance), mode=0o600)
        except OSError as error:
            raise _unusable(file, error) from error

    def _forget_the_last_one(self) -> None:
        """What a killed instance left behind names a port that may be anybody's by now."""
        file = _instance_file(self._home)
        try:
            file.unlink(missing_ok=True)
        except OSError as error:
            self.release()
            raise _unusable(file, error) from error


def find_running(home: Home) -> Instance | None:
    """The instance that runs in this home and is ready; None where nobody holds the lock."""
    if not is_locked(home):
        return None
    try:
        instance = msgspec.json.decode(_instance_file(home).read_bytes(), type=Instance)
    except (OSError, msgspec.DecodeError):
        return None
    return instance if _is_alive(instance.pid) else None


def wait_for_running(home: Home) -> Instance:
    """The instance that holds the lock, once it is ready."""
    deadline = time.monotonic() + _START_SECONDS
    while is_locked(home):
        if (running := find_running(home)) is not None:
            return running
        if time.monotonic() > deadline:
            raise AlreadyRunningError(_describe_running(home, "stop"))
        time.sleep(_BETWEEN_LOOKS)
    raise NotRunningError(f"The Tierwise that ran in {home.root} has just ended. Start it again.")


def is_locked(home: Home) -> bool:
    try:
        file = (home.run / "lock").open("r+b")
    except OSError:
        return False
    with file:
        return not try_lock(file)


def _describe_running(home: Home, stop_hint: str) -> str:
    running = find_running(home)
    if running is None:
        return f"Another Tierwise is just starting or stopping in {home.root}."
    return (
        f"Tierwise already runs in {home.root}: process {running.pid} at {running.url}. "
        f"`{program_name()} {stop_hint}` ends it; another --home runs beside it."
    )


def _instance_file(home: Home) -> Path:
    return home.run / "instance.json"


def _is_alive(pid: int) -> bool:
    import psutil  # slow to load, and most commands find nothing running

    return psutil.pid_exists(pid)


def _unusable(file: Path, error: OSError) -> HomeError:
    return HomeError(f"{file} cannot be used: {error.strerror or error}. {ELSEWHERE}")
