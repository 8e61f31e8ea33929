"""One way through the record, a few exchanges at a time: settled again, and their rows and sums rewritten."""

import hashlib
import sqlite3
import time
from collections.abc import Callable
from typing import Any

import msgspec

from proxy.config import Config
from proxy.ledger.accounting import Account, Accounting
from proxy.ledger.reread import Reread, reread
from proxy.ledger.scribe import Scribe
from proxy.ledger.store import sums
from proxy.ledger.store.words import Words
from proxy.money.catalogue import Catalogue

_AT_A_TIME = 100

_TAKE_OUT = sums.ADD.replace(" + excluded.", " - excluded.")
"""The rows were added once, so their sums are there; what is there of rows that are gone stays."""
_CHANGE = (
    "update exchanges set flags = ?, cost = ?, other_cost = ?, price_source = ?, baseline = ?, "
    "baseline_alike = ?, compared_with = ? where seq = ?"
)
_CHANGE_TRY = "update tries set cost = ? where seq = ? and place = ?"
_SPAN = "select min(seq), max(seq), count(*) from exchanges"
_PRICED_WITH = "select value from state where name = 'priced_with'"
_REMEMBER = (
    "insert into state (name, value, written) values ('priced_with', ?, ?) "
    "on conflict (name) do update set value = excluded.value, written = excluded.written"
)
_UNFINISHED = b""


class Rewriting:
    """One way through the whole record. Everything here is done by the thread that writes."""

    def __init__(self, config: Config, catalogue: Callable[[], Catalogue]) -> None:
        self._config = config
        self._catalogue = catalogue
        self._next, self._last = 1, 0
        self._is_open = False
        self._fingerprint = b""

    def open(self, scribe: Scribe) -> int:
        """How many exchanges are to be priced anew."""
        catalogue = self._catalogue()
        self._fingerprint = _fingerprint(self._config, catalogue)
        found = scribe.connection.execute(_PRICED_WITH).fetchone()
        if found is not None and found[0] == self._fingerprint:
            return 0
        self._accounting = Accounting(self._config, catalogue)
        first, last, count = scribe.connection.execute(_SPAN).fetchone()
        self._next, self._last, self._is_open = first or 1, last or 0, True
        scribe.in_transaction(lambda connection: _remember(connection, _UNFINISHED))
        return int(count)

    def step(self, scribe: Scribe) -> int:
        """Price the next few anew; how many those were, none when all are done."""
        if not self._is_open:
            return 0
        chunk = reread(scribe.connection, self._next, self._last, _AT_A_TIME)
        if not chunk:
            scribe.in_transaction(lambda connection: _remember(connection, self._fingerprint))
            self._is_open = False
            return 0
        changed = [(each, account) for each in chunk if (account := self._settled(scribe, each)) is not None]
        if changed:
            prepared = _Prepared(changed, scribe.words)
            scribe.in_transaction(prepared.store)
        self._next = chunk[-1].seq + 1
        return len(chunk)

    def _settled(self, scribe: Scribe, each: Reread) -> Account | None:
        scribe.pause()
        account = self._accounting.settled(each.record, each.session, each.account)
        return None if account == each.account else account


class _Prepared:
    """Changed rows, made before the transaction begins, as whoever else writes is not to wait for that."""

    def __init__(self, changed: list[tuple[Reread, Account]], words: Words) -> None:
        self._span = changed[0][0].seq, changed[-1][0].seq
        self._rows = [_row(each.seq, account, words) for each, account in changed]
        self._tries = [row for each, account in changed for row in _try_rows(each, account)]

    def store(self, connection: sqlite3.Connection) -> None:
        """The sums lose what the rows were and gain what they are, whatever else is in them."""
        connection.execute(_TAKE_OUT, self._span)
        connection.executemany(_CHANGE, self._rows)
        connection.executemany(_CHANGE_TRY, self._tries)
        connection.execute(sums.ADD, self._span)


def _row(seq: int, account: Account, words: Words) -> tuple[Any, ...]:
    return (
        account.flags,
        account.cost,
        account.other_cost,
        words[account.price_source],
        account.baseline,
        account.baseline_alike,
        words[account.compared_with],
        seq,
    )


def _try_rows(each: Reread, account: Account) -> list[tuple[int | None, int, int]]:
    costs = zip(account.tries, each.account.tries, strict=True)
    return [(new, each.seq, place) for place, (new, old) in enumerate(costs) if new != old]


def _remember(connection: sqlite3.Connection, fingerprint: bytes) -> None:
    connection.execute(_REMEMBER, (fingerprint, int(time.time() * 1000)))


def _fingerprint(config: Config, catalogue: Catalogue) -> bytes:
    """What the prices of an exchange depend on, beside the exchange."""
    terms = msgspec.json.encode((config.prices, config.savings, catalogue.date), order="sorted")
    return hashlib.blake2b(terms, digest_size=16).digest()
