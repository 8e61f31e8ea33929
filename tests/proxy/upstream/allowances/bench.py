"""Allowances on a real board, with clocks that stand still until they are told to go on."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec

from proxy.config import HealthConfig, ProviderConfig
from proxy.money.quota import Allowance, AllowanceKind, AllowanceSource
from proxy.providers.provider import Provider
from proxy.routing.health.board import Board
from proxy.routing.health.key import Key
from proxy.routing.health.marks import Reason
from proxy.routing.service import Candidate, Service
from proxy.upstream.allowances.allowances import Allowances
from proxy.upstream.asked import Addressee

NOW = 1_792_567_680.0
UPTIME = 500.0
KEY = Key("p", "keyring")


@dataclass
class Bench:
    passed: float = 0.0
    board: Board = field(init=False)
    allowances: Allowances = field(init=False)

    def __post_init__(self) -> None:
        self.board = Board(HealthConfig(), self.clock)
        self.allowances = Allowances(self.board, self.wall, self.clock)

    def wall(self) -> float:
        return NOW + self.passed

    def clock(self) -> float:
        return UPTIME + self.passed

    def heard(
        self, headers: Mapping[str, str], status: int = 200, model: str = "m", of: Key = KEY, **table: object
    ) -> None:
        provider = Provider("p", msgspec.convert(table, ProviderConfig))
        whom = Addressee(Candidate(Service("p", model)), provider, of)
        self.allowances.heard(whom, status, headers)

    def marks(self) -> dict[tuple[str, str], float]:
        """By model and key, until when nobody asks there, in seconds from the beginning."""
        return {
            (mark.place.model, mark.place.label): mark.until - UPTIME
            for mark in self.board.snapshot().marks
            if mark.reason is Reason.ALLOWANCE
        }


def plan(used: float, seconds: float, window: str = "5h") -> dict[str, str]:
    """One window of a subscription."""
    return {
        f"anthropic-ratelimit-unified-{window}-utilization": str(used),
        f"anthropic-ratelimit-unified-{window}-reset": str(int(NOW + seconds)),
    }


def counted(remaining: int, seconds: float) -> dict[str, str]:
    return {
        "x-ratelimit-limit-requests": "100",
        "x-ratelimit-remaining-requests": str(remaining),
        "x-ratelimit-reset-requests": f"{seconds}s",
    }


def balance(remaining: float, window: str = "balance", key: Key = KEY) -> Allowance:
    return Allowance(
        provider=key.provider,
        key=key.label,
        window=window,
        kind=AllowanceKind.RESOURCE,
        remaining=remaining,
        unit="usd",
        seen_at=NOW,
        source=AllowanceSource.BALANCE,
    )
