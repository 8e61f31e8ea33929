"""What was in prompt caches when the program stopped: the last hour of the record, settled once more.

Without it the first turn of every conversation after a restart would be compared with a cold cache, and
savings would look larger than they are.
"""

import sqlite3
from collections.abc import Callable

from proxy.ledger.accounting import Accounting
from proxy.ledger.reread import reread

_LONGEST_KEPT_MS = 60 * 60 * 1000
_MOST = 5000
_AT_A_TIME = 50
_NEWEST = "select min(seq), max(seq) from exchanges where received >= ?"


def warm(
    accounting: Accounting, connection: sqlite3.Connection, now: float, pause: Callable[[], None]
) -> None:
    """Go through what is still fresh; what it came to is in the record already."""
    since = int(now * 1000) - _LONGEST_KEPT_MS
    first, last = connection.execute(_NEWEST, (since,)).fetchone()
    if first is None:
        return
    for begin in range(max(first, last - _MOST + 1), last + 1, _AT_A_TIME):
        for each in reread(connection, begin, min(begin + _AT_A_TIME - 1, last), _AT_A_TIME):
            accounting.settled(each.record, each.session, each.account)
        pause()
