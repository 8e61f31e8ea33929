"""Homes with a record and a configuration, and backups that are not what they should be."""

import sqlite3
import zipfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from app.home import Home
from app.record.backing_up import back_up
from tests.proxy.ledger.made import NOW, exchange, filled

WHEN = datetime(2026, 11, 21, 12, 0, 0, tzinfo=UTC)
CONFIG = "[server]\nport = 4518\n"


def home_in(folder: Path, exchanges: int = 3, config: str | None = CONFIG) -> Home:
    home = Home(folder)
    home.prepare()
    filled(home.database, [exchange(received=NOW + place) for place in range(exchanges)])
    if config is not None:
        home.config.write_text(config)
    return home


def backup_in(folder: Path, exchanges: int = 3, config: str | None = CONFIG) -> Path:
    """A backup of another home."""
    return back_up(home_in(folder, exchanges, config), folder / "backup.zip", WHEN).file


def count(database: Path) -> int:
    with closing(sqlite3.connect(database)) as connection:
        return int(connection.execute("select count(*) from exchanges").fetchone()[0])


def rewritten(backup: Path, target: Path, **changes: bytes | None) -> Path:
    """With some of its parts replaced, added or left out; `_` in a name stands for a dot."""
    with zipfile.ZipFile(backup) as source:
        parts: dict[str, bytes | None] = {name: source.read(name) for name in source.namelist()}
    parts |= {name.replace("_", "."): content for name, content in changes.items()}
    return packed(target, parts)


def packed(target: Path, parts: dict[str, bytes | None]) -> Path:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            if content is not None:
                made.writestr(name, content)
    return target


def snapshot(home: Home) -> dict[str, bytes]:
    """Everything that counts in a home, by name. A lock that was looked at does not."""
    return {
        str(file.relative_to(home.root)): file.read_bytes()
        for file in home.root.rglob("*")
        if file.is_file() and file.parent != home.run
    }
