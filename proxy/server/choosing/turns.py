"""How many requests sessions still have before them, by those on record.

The record is asked beside the requests, now and then, so nobody waits for it. Until it has answered, and
where it cannot, fixed numbers stand in.
"""

import time
from collections.abc import Callable

from proxy.ledger.ledger import Ledger, LedgerError
from proxy.ledger.queries.conversations import conversations
from proxy.money.remaining import Remaining


class Turns:
    """Touched on the loop only. `now` tells which days to look at."""

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self.remaining = Remaining()
        self._now = now

    async def look(self, ledger: Ledger) -> None:
        """Ask the record; what was known before stays known where it cannot be read."""
        now = self._now()
        try:
            found = await ledger.ask(lambda connection: conversations(connection, now))
        except LedgerError:
            return  # whoever writes the record tells the user
        self.remaining = Remaining(found.lengths, found.stays, found.returns)
