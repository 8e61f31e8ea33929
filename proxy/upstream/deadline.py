"""Until when somebody must have answered."""

import time
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Deadline:
    """An end, and what to call the time until then in a sentence."""

    seconds: float
    ends: float
    """On the clock of `time.monotonic`."""
    called: str
    """In the plural: they were over."""

    @classmethod
    def after(cls, seconds: float, what: str) -> Self:
        return cls(seconds, time.monotonic() + seconds, f"the {seconds:g} seconds {what}")

    @property
    def left(self) -> float:
        return self.ends - time.monotonic()
