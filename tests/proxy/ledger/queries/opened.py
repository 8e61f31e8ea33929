"""A record filled with exchanges, opened for questions."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from proxy.config import Config
from proxy.exchange import Exchange
from tests.proxy.ledger.made import CONFIG, filled


@contextmanager
def opened(
    folder: Path, exchanges: Iterable[Exchange] = (), config: Config = CONFIG
) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(filled(folder / "tierwise.db", exchanges, config))) as connection:
        yield connection
