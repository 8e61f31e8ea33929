"""The log files of a place, each once, whatever links there are; only those that changed lately."""

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from app.estimate.places import Place
from app.estimate.skipped import Skipped
from app.estimate.window import Window

_Identity: TypeAlias = tuple[int, int]


@dataclass(frozen=True, slots=True)
class LogFile:
    client: str
    path: Path
    is_recent: bool
    """Whether it was written to within the window; what it holds is older otherwise."""


def find_logs(places: Iterable[Place], window: Window, skipped: Skipped) -> list[LogFile]:
    """In the order of their names, which for Codex is the order in which sessions began: a session that
    was copied comes before its copies."""
    seen: set[_Identity] = set()
    logs = [log for place in places for log in _logs_in(place, window, skipped, seen)]
    return sorted(logs, key=lambda log: (log.client, log.path.name))


def _logs_in(place: Place, window: Window, skipped: Skipped, seen: set[_Identity]) -> Iterator[LogFile]:
    for path in _paths_in(place, skipped, seen):
        try:
            status = path.stat()
        except OSError:
            skipped.files += 1
            continue
        # A pipe that bears the name of a log would be waited for without end.
        if not stat.S_ISREG(status.st_mode) or _was_seen(status, seen):
            continue
        yield LogFile(place.client, path, is_recent=not window.begins_after(status.st_mtime))


def _paths_in(place: Place, skipped: Skipped, seen: set[_Identity]) -> Iterator[Path]:
    """Links to folders are followed, for people move their logs elsewhere; a loop of them ends by itself."""

    def note(error: OSError) -> None:
        skipped.folders += not isinstance(error, FileNotFoundError | NotADirectoryError)

    for folder, inner, names in os.walk(place.folder, onerror=note, followlinks=True):
        inner[:] = [name for name in inner if _is_new(Path(folder, name), seen)]
        yield from (Path(folder, name) for name in names if place.is_log(name))


def _is_new(folder: Path, seen: set[_Identity]) -> bool:
    try:
        return not _was_seen(folder.stat(), seen)
    except OSError:
        return True  # the walk finds out itself, and says so


def _was_seen(status: os.stat_result, seen: set[_Identity]) -> bool:
    identity = (status.st_dev, status.st_ino)
    if identity in seen:
        return True
    seen.add(identity)
    return False
