"""Putting a backup in the place of what is there.

Nothing is touched before the backup has been unpacked beside it and found whole, and the user has agreed.
What is there is backed up first. Then each of the two files is replaced in one step, and an old one beside a
new one is a home that works, too, so nothing is lost wherever this ends.
"""

import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from app.files import PATIENCE, write_atomically
from app.home import Home
from app.instance import AlreadyRunningError, InstanceLock
from app.program_name import program_name
from app.record.archive import Archive, Manifest, opened
from app.record.backing_up import back_up
from app.record.contents import check_whole, contents_of, size_told, told
from app.record.errors import DamagedError, InUseError, NoRecordError, RecordError, read_from
from app.tokens.table import TokenTable, TokenTableError
from proxy.ledger.store.copies import BESIDE, set_aside

_PATIENCE_SECONDS = 2.0

Consent = Callable[[str], None]
"""Asks the user; raises unless they agree."""


@dataclass(slots=True)
class Restored:
    """What was done. `kept` is where that is which was there before."""

    manifest: Manifest
    has_config: bool
    kept: list[Path] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def restore(home: Home, file: Path, consent: Consent, now: datetime) -> Restored:
    with opened(file) as archive:
        home.prepare()
        with _alone(home), tempfile.TemporaryDirectory(dir=home.root, prefix=".tierwise-restore-") as folder:
            staged = _unpacked(archive, file, Path(folder))
            config = archive.config()
            consent(_question(home, archive, staged))
            done = Restored(archive.manifest, archive.has_config)
            if staged is not None:
                _keep_tokens(home, staged, done)
            with _told_where(done):
                _keep_what_is_there(home, now, done)
                if staged is not None:
                    _clear_the_place(home, now, done)
                    PATIENCE.run(lambda: staged.replace(home.database))
                if config is not None:
                    write_atomically(home.config, config)
            return done


@contextmanager
def _alone(home: Home) -> Iterator[None]:
    lock = InstanceLock(home)
    try:
        lock.acquire()
    except AlreadyRunningError as error:
        raise InUseError(
            f"A Tierwise runs in {home.root} and writes its record. End it with `{program_name()} stop`, "
            "then restore."
        ) from error
    try:
        yield
    finally:
        lock.release()


def _unpacked(archive: Archive, file: Path, folder: Path) -> Path | None:
    if not archive.database_size:
        return None
    staged = folder / "tierwise.db"
    try:
        archive.unpack_database(staged)
    except OSError as error:
        raise RecordError(f"{folder.parent} cannot be written to: {error.strerror}.") from error
    with read_from(file):
        check_whole(staged)
    return staged


def _question(home: Home, archive: Archive, staged: Path | None) -> str:
    back = [_described(staged)] if staged is not None else []
    back += ["config.toml"] if archive.has_config else []
    present = [_described(home.database)] if home.database.exists() else []
    present += ["config.toml"] if home.config.exists() else []
    return (
        f"The backup was made on {archive.manifest.created} and holds {' and '.join(back)}.\n"
        f"In {home.root} there is {' and '.join(present) or 'nothing'}.\n"
        "Put the backup in its place? What is there is backed up first."
    )


def _described(database: Path) -> str:
    size = size_told(database.stat().st_size)
    try:
        with read_from(database):
            return f"a record with {told(contents_of(database))} ({size})"
    except RecordError:
        return f"a record that cannot be read ({size})"


def _keep_tokens(home: Home, staged: Path, done: Restored) -> None:
    """Clients go on with the tokens they have, and one that was revoked since does not come back to life."""
    if not home.database.exists():
        return
    table = TokenTable(staged)
    table.load()
    try:
        table.save(TokenTable(home.database).load())
    except TokenTableError as error:
        done.notes.append(f"The tokens of the backup hold now, those revoked since included: {error}")
    _settle(staged)


def _keep_what_is_there(home: Home, now: datetime, done: Restored) -> None:
    occasion = ".before-restore"
    try:
        done.kept.append(back_up(home, None, now, occasion).file)
    except NoRecordError:
        return
    except DamagedError:
        # A damaged one cannot be copied, but moved.
        done.kept.append(set_aside(home.database, home.backups, now.timestamp()))
        if home.config.exists():
            done.kept.append(back_up(home, None, now, occasion).file)


@contextmanager
def _told_where(done: Restored) -> Iterator[None]:
    """An error on the last steps says where everything is."""
    try:
        yield
    except OSError as error:
        kept = " and ".join(map(str, done.kept)) or "nothing, for nothing was there"
        raise RecordError(
            f"Not all of it could be put in place: {error.strerror}. What was there before is kept in {kept}."
        ) from error


def _clear_the_place(home: Home, now: datetime, done: Restored) -> None:
    """Changes that stand beside a database would be taken for changes to the one that replaces it."""
    if home.database.exists():
        try:
            with read_from(home.database):
                _settle(home.database)
        except DamagedError:
            done.kept.append(set_aside(home.database, home.backups, now.timestamp()))
    for suffix in BESIDE:
        Path(f"{home.database}{suffix}").unlink(missing_ok=True)


def _settle(database: Path) -> None:
    """Take all changes that stand beside the file over into it; nobody else may have it open."""
    with closing(sqlite3.connect(database, timeout=_PATIENCE_SECONDS)) as connection:
        connection.execute("pragma journal_mode = delete").fetchall()
