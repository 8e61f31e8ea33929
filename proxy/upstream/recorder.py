"""Where exchanges go when they are over; the ledger implements it, upstream only knows the word."""

from typing import Protocol

from proxy.exchange import Exchange


class Recorder(Protocol):
    """Keeps what happened. Returns at once: it must neither wait nor raise."""

    def record(self, exchange: Exchange) -> None: ...
