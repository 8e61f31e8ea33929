"""Making one file of the record and the configuration, while the program may run."""

import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app.files import PRIVATE_FOLDER
from app.home import Home
from app.record.archive import Manifest, is_backup, manifest_of, write_archive
from app.record.contents import Contents, contents_of, looking_at
from app.record.errors import NoRecordError, RecordError, read_from
from proxy.ledger.store.copies import copy_to, forget_what_was_said


@dataclass(frozen=True, slots=True)
class Backup:
    """One that was just made."""

    file: Path
    size: int
    manifest: Manifest
    has_config: bool


def back_up(home: Home, named: Path | None, now: datetime, occasion: str = "") -> Backup:
    """Into the file or folder that is named, else into the home's own folder of backups."""
    config = _config(home)
    if config is None and not home.database.exists():
        raise NoRecordError(f"There is nothing to back up in {home.root} yet.")
    file = _target(home, named, now, occasion)
    try:
        with tempfile.TemporaryDirectory(dir=file.parent, prefix=".tierwise-backup-") as folder:
            database, contents = _copied(home.database, Path(folder))
            manifest = manifest_of(now.astimezone().isoformat(timespec="seconds"), contents)
            write_archive(file, manifest, database, config)
        return Backup(file, file.stat().st_size, manifest, config is not None)
    except OSError as error:
        raise RecordError(f"{file} cannot be written: {error.strerror}.") from error


def _copied(path: Path, folder: Path) -> tuple[Path | None, Contents | None]:
    if not path.exists():
        return None, None
    copy = folder / path.name
    with read_from(path):
        with looking_at(path) as connection:
            copy_to(connection, copy)
        forget_what_was_said(copy)
        return copy, contents_of(copy)


def _config(home: Home) -> bytes | None:
    try:
        return home.config.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise RecordError(f"{home.config} cannot be read: {error.strerror}.") from error


def _target(home: Home, named: Path | None, now: datetime, occasion: str) -> Path:
    dated = f"tierwise-{now.astimezone():%Y-%m-%dT%H-%M-%S}{occasion}.zip"
    if named is None:
        home.backups.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
        return _free(home.backups / dated)
    if named.is_dir():
        return _free(named / dated)
    if not named.parent.is_dir():
        raise RecordError(f"{named.parent} is no folder. Name a file in a folder that is there.")
    if named.exists() and not is_backup(named):
        raise RecordError(f"{named} is there already, and is no backup. Name another file.")
    return named


def _free(file: Path) -> Path:
    number, free = 1, file
    while free.exists():
        number += 1
        free = file.with_name(f"{file.stem}.{number}{file.suffix}")
    return free
