"""How fast services write, as far as anybody has measured it: lately, else within a week, by the record."""

import time
from collections.abc import Callable, Mapping

from proxy.ledger.ledger import Ledger, LedgerError
from proxy.ledger.queries.speeds import speeds
from proxy.routing.balance.statistics import Statistics
from proxy.routing.service import Service


class Speeds:
    """Touched on the loop only."""

    def __init__(self, lately: Statistics, now: Callable[[], float] = time.time) -> None:
        self._lately = lately
        self._now = now
        self._recorded: Mapping[Service, float] = {}

    def of(self, service: Service) -> float | None:
        """Tokens of output per second; None where nobody has measured it."""
        return self._lately.figures(service, self._now()).speed or self._recorded.get(service)

    async def look(self, ledger: Ledger) -> None:
        """Ask the record; what was known before stays known where it cannot be read."""
        now = self._now()
        try:
            self._recorded = await ledger.ask(lambda connection: speeds(connection, now))
        except LedgerError:
            return  # whoever writes the record tells the user
