"""The file a backup is: a zip with the database, config.toml, and a manifest that tells what they are.

It comes back from anywhere, so nothing in it is believed: only the names we know are looked at, and what is
unpacked has to have the size it was said to have. Secrets are in none of it; they stay in the keyring.
"""

import os
import shutil
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from app.files import PRIVATE_FILE
from app.record.contents import Contents, size_told
from app.record.errors import RecordError
from app.record.outlet import replacing
from proxy.version import __version__

MANIFEST, DATABASE, CONFIG = "manifest.json", "tierwise.db", "config.toml"
_NAMES = {MANIFEST, DATABASE, CONFIG}

_FORMAT = 1
_MOST_BYTES = {MANIFEST: 64 * 1024, CONFIG: 16 * 1024 * 1024}
_SQUEEZING = 3
_MOST_SQUEEZED = 250
"""A database is made five times smaller; what gives back this many times its size was made to fill a disk."""
_SPARE_BYTES = 64 * 1024 * 1024
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)
"""Raised for zips that are broken, encrypted or packed in a way that the standard library does not know."""


class NoBackupError(RecordError):
    """The file was not made by `tierwise backup`, or is not whole any more."""

    kind = "no_backup"


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a backup says of itself."""

    program: str
    format: int
    version: str = __version__
    created: str
    """With its time zone."""
    record: Contents | None = None
    """None: there was no database."""


def manifest_of(created: str, record: Contents | None) -> Manifest:
    return Manifest(program="tierwise", format=_FORMAT, created=created, record=record)


def write_archive(file: Path, manifest: Manifest, database: Path | None, config: bytes | None) -> None:
    """All of it or nothing. It lets OSError through."""
    with (
        replacing(file) as open_file,
        zipfile.ZipFile(open_file, "w", zipfile.ZIP_DEFLATED, compresslevel=_SQUEEZING) as packed,
    ):
        packed.writestr(MANIFEST, msgspec.json.format(msgspec.json.encode(manifest)))
        if config is not None:
            packed.writestr(CONFIG, config)
        if database is not None:
            packed.write(database, DATABASE)


class Archive:
    """A backup that is open and looks like one."""

    def __init__(self, file: Path, packed: zipfile.ZipFile) -> None:
        self._file = file
        self._packed = packed
        self._infos = _known_parts(file, packed)
        self.manifest = self._read_manifest()

    @property
    def database_size(self) -> int:
        """Zero where there is none in it."""
        return self._infos[DATABASE].file_size if DATABASE in self._infos else 0

    @property
    def has_config(self) -> bool:
        return CONFIG in self._infos

    def config(self) -> bytes | None:
        return self._small(CONFIG) if self.has_config else None

    def unpack_database(self, target: Path) -> None:
        info = self._infos[DATABASE]
        if info.file_size > max(info.compress_size, 1) * _MOST_SQUEEZED:
            raise NoBackupError(f"{self._file} would unpack to far more than a record ever is.")
        room = shutil.disk_usage(target.parent).free
        if info.file_size + _SPARE_BYTES > room:
            raise RecordError(
                f"{target.parent} has {size_told(room)} left, and the record in {self._file} needs "
                f"{size_told(info.file_size)}. Make room on that disk."
            )
        with _intact(self._file), self._packed.open(info) as source, target.open("xb") as unpacked:
            target.chmod(PRIVATE_FILE)
            shutil.copyfileobj(source, unpacked, 1024 * 1024)
            unpacked.flush()
            os.fsync(unpacked.fileno())

    def _read_manifest(self) -> Manifest:
        try:
            manifest = msgspec.json.decode(self._small(MANIFEST), type=Manifest)
        except msgspec.DecodeError as error:
            raise _foreign(self._file) from error
        if manifest.program != "tierwise":
            raise _foreign(self._file)
        if manifest.format > _FORMAT:
            raise RecordError(
                f"{self._file} was made by a newer Tierwise ({manifest.version}). Restore it with that one."
            )
        return manifest

    def _small(self, name: str) -> bytes:
        info = self._infos[name]
        if info.file_size > _MOST_BYTES[name]:
            raise NoBackupError(f"{name} in {self._file} is larger than it can be.")
        with _intact(self._file):
            return self._packed.read(info)


@contextmanager
def opened(file: Path) -> Iterator[Archive]:
    """A backup that can be read; NoBackupError for any other file."""
    try:
        if not stat.S_ISREG(file.stat().st_mode):
            raise NoBackupError(f"{file} is not a file.")
        packed = zipfile.ZipFile(file)
    except OSError as error:
        raise RecordError(f"{file} cannot be read: {error.strerror}.") from error
    except (*_BROKEN, ValueError) as error:
        raise _foreign(file) from error
    with packed:
        yield Archive(file, packed)


def is_backup(file: Path) -> bool:
    try:
        with opened(file):
            return True
    except RecordError:
        return False


def _known_parts(file: Path, packed: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    infos = packed.infolist()
    parts = {info.filename: info for info in infos}
    is_ours = MANIFEST in parts and parts.keys() & {DATABASE, CONFIG} and parts.keys() <= _NAMES
    if not is_ours or len(parts) != len(infos):
        raise _foreign(file)
    return parts


@contextmanager
def _intact(file: Path) -> Iterator[None]:
    try:
        yield
    except _BROKEN as error:
        raise NoBackupError(f"{file} is damaged: {error}. Use another backup.") from error


def _foreign(file: Path) -> NoBackupError:
    return NoBackupError(f"{file} is no backup of Tierwise, or is not whole any more.")
