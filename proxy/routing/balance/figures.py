"""How a service has lately been doing, in numbers."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figures:
    """Over the answers of the window; None where none of them tells."""

    latency_ms: float | None = None
    """Mean until the last byte."""
    first_byte_ms: float | None = None
    """Mean until the first."""
    latency_p99_ms: float | None = None
    first_byte_p99_ms: float | None = None
    speed: float | None = None
    """Mean output tokens per second, from the first byte on."""
    samples: int = 0
    speed_samples: int = 0
    """An answer too short to tell its speed is a sample, and none of speed."""
    tokens: int = 0
    """All that were read and written."""


NO_FIGURES = Figures()
