"""A score, and what it is made of."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Contribution:
    """One signal's part in a score."""

    signal: str
    points: float
    evidence: str
    """In words of ours or of the configuration, never of the prompt."""


@dataclass(frozen=True, slots=True)
class Score:
    """From 0 to 100. Its contributions add up to it."""

    value: float
    contributions: tuple[Contribution, ...] = ()
