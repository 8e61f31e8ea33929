"""What a tactic goes by, and what it comes to."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from proxy.routing.balance.figures import NO_FIGURES, Figures
from proxy.routing.service import Candidate, Service


class Chance(Protocol):
    """Where chance comes from; `random.Random` is one."""

    def random(self) -> float:
        """A number from 0 on and below 1."""
        ...


@dataclass(frozen=True, slots=True)
class BalanceView:
    """The services as they are at this moment."""

    figures: Callable[[Service], Figures] = lambda _service: NO_FIGURES
    in_flight: Callable[[Service], int] = lambda _service: 0
    cursor: Service | None = None
    """Whose turn it was last."""


@dataclass(frozen=True, slots=True)
class Order:
    """Who is asked first, and who after that if need be."""

    candidates: tuple[Candidate, ...]
    note: str = ""
    """Why the first one: what was looked at, and its numbers."""
    explored: bool = False
    """The first one is not the best; it was taken to learn how it is."""
