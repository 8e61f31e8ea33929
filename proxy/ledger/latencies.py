"""How long answers took: counts in buckets that grow by a tenth, so percentiles take little room."""

import math
from collections.abc import Iterable, Mapping, Sequence
from enum import IntEnum

_PER_OCTAVE = 8


class Measure(IntEnum):
    DURATION = 0
    """Milliseconds from asking to the last byte."""
    FIRST_BYTE = 1
    """Milliseconds from asking to the first byte."""
    SPEED = 2
    """Tokens of output for each second from the first byte on."""


def bucket_of(value: float) -> int:
    return int(math.log2(value) * _PER_OCTAVE) if value > 1 else 0


def value_of(bucket: float) -> float:
    """The middle of a bucket."""
    return float(2 ** ((bucket + 0.5) / _PER_OCTAVE))


def percentiles(counts: Mapping[int, int], shares: Sequence[float]) -> list[float | None]:
    """The values below which these shares lie, a twentieth off at most; None where nothing was counted."""
    total = sum(counts.values())
    return [_percentile(sorted(counts.items()), share * total) if total else None for share in shares]


def _percentile(counts: Iterable[tuple[int, int]], rank: float) -> float:
    seen, last = 0, 0
    for bucket, n in counts:
        seen, last = seen + n, bucket
        if seen >= rank:
            break
    return value_of(last)
