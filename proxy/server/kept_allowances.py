"""Keeps in the record what providers have told of their allowances, so that a restart does not forget it."""

import sqlite3
from typing import Any

import msgspec

from proxy import log
from proxy.ledger.ledger import Ledger
from proxy.ledger.queries.kept import recalled
from proxy.upstream.allowances.allowances import Allowances

_log = log.area("ledger")

_NAME = "allowances"


class KeptAllowances:
    """Writes only what has changed."""

    def __init__(self, allowances: Allowances) -> None:
        self._allowances = allowances
        self._saved = b""

    def restore(self, kept: bytes | None) -> None:
        """What cannot be read is told anew by the next answers, so it is not missed for long."""
        if kept is None:
            return
        try:
            self._allowances.restore(msgspec.json.decode(kept, type=list[Any]))
        except msgspec.DecodeError as error:
            _log.info("the kept allowances are left out: %s", error)
        self._saved = kept

    def save(self, ledger: Ledger) -> None:
        snapshot = msgspec.json.encode(self._allowances.snapshot())
        if snapshot != self._saved:
            self._saved = snapshot
            ledger.remember(_NAME, snapshot)


def kept_allowances(connection: sqlite3.Connection) -> bytes | None:
    return recalled(connection, _NAME)
