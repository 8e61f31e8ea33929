"""What the pages look at: the running gateway, as far as it may be looked at."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from proxy.config import Config
from proxy.config.switch import Until, What
from proxy.exchange import Origin
from proxy.ledger.ledger import Ledger
from proxy.routing.health.board import Board
from proxy.routing.service import Service
from proxy.secret import SecretSource
from proxy.server.dashboard.counters import Counters


@dataclass(frozen=True, slots=True)
class State:
    """One gateway."""

    config: Callable[[], Config]
    secrets: SecretSource
    ledger: Ledger
    board: Board
    counters: Counters
    origin: Origin
    port: Callable[[], int]
    uptime: Callable[[], float]
    open_requests: Callable[[], int]
    budgets: Callable[[], Any]
    repricing: Callable[[], Any]
    """How far the record is priced anew; None where nothing is."""
    override: Callable[[], Any]
    """The tier that is set for everything, if one is."""
    leaves: Callable[[Service], bool]
    """Whether a server here passes on what a service is asked."""
    judges_texts: bool
    """Whether the learned scorer is there."""
    now: Callable[[], float]
    ends: Callable[[], Mapping[What, Until]] = dict
    """What is switched for a while, and until when."""
