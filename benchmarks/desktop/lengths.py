"""How long and how often is measured."""

from dataclasses import dataclass
from typing import Final

PAGES: Final = ("overview", "usage", "routing", "logs", "providers", "tiers", "settings")
A_SECOND: Final = 20
"""Requests, wherever there is traffic."""
STARTED_SECONDS: Final = 6.0
"""After which a program has loaded all that it will need."""
SETTLED_SECONDS: Final = 0.4
"""After something was opened or closed."""


@dataclass(frozen=True, slots=True)
class Lengths:
    """Seconds, and how often."""

    at_rest: float
    idle: float
    slices: float
    stream: float
    rounds: int
    processes: int
    windows: int
    screens: int


THOROUGH: Final = Lengths(
    at_rest=10, idle=30, slices=5, stream=2.5, rounds=3, processes=2, windows=2, screens=2
)
QUICK: Final = Lengths(at_rest=3, idle=8, slices=2, stream=2, rounds=1, processes=1, windows=1, screens=1)
