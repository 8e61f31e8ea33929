"""How many weights a model has, in billions, as servers and names tell it."""

import re
from typing import Final

_BILLIONS: Final[dict[str, float]] = {"t": 1000.0, "b": 1.0, "m": 0.001}
_SAID: Final = re.compile(r"(?:(\d+)x)?(\d+(?:\.\d+)?)\s*([tbm])\b", re.IGNORECASE)
_IN_A_NAME: Final = re.compile(r"(?<![a-z0-9.])(?:(\d+)x)?(\d+(?:\.\d+)?)([tbm])(?![a-z0-9])", re.IGNORECASE)
_BYTES_PER_BILLION: Final = 600_000_000
"""Four to five bits for each weight, as most people run them; others have fewer weights than this says."""


def billions(said: str, name: str, size: int | None) -> float | None:
    """What the server says, else what the name says, else what its size in bytes lets one guess.

    Of several numbers in a name the first counts: `30b-a3b` has thirty, of which three work at a time.
    """
    match = _SAID.search(said) or _IN_A_NAME.search(name)
    if match is not None:
        experts = int(match[1]) if match[1] else 1
        return experts * float(match[2]) * _BILLIONS[match[3].casefold()]
    return size / _BYTES_PER_BILLION if size else None


def written(count: float) -> str:
    return f"{count:.3g}B" if count >= 1 else f"{count * 1000:.0f}M"
