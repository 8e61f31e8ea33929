"""What a backup holds, and how it is put back: only while Tierwise does not run."""

import os
import shlex
import subprocess
from datetime import datetime
from pathlib import Path

import msgspec

from app.home import Home
from app.program_name import program_name
from app.record.archive import opened
from app.record.contents import told


class Held(msgspec.Struct, frozen=True):
    """What is in one backup."""

    file: Path
    created: datetime
    version: str
    record: str
    """In words; empty if it holds none."""
    has_config: bool


def held_in(file: Path) -> Held:
    """NoBackupError for a file that is none. It blocks."""
    with opened(file) as archive:
        manifest = archive.manifest
        record = "" if manifest.record is None else told(manifest.record)
        created = datetime.fromisoformat(manifest.created)
        return Held(file, created, manifest.version, record, archive.has_config)


def restore_command(home: Home, file: Path) -> str:
    """What to type for it, ready to be pasted into a terminal."""
    where = ["--home", str(home.root)] if home.mark else []
    words = [program_name(), *where, "restore", str(file)]
    return subprocess.list2cmdline(words) if os.name == "nt" else shlex.join(words)
