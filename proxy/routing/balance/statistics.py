"""The answers of the last ten minutes, service by service, and the figures they make.

Values are kept sorted beside the order they came in, so that a percentile is one look and a mean one sum.
Figures are made when they are first asked for after a change; in between they are handed out as they are.
"""

from bisect import bisect_left, insort
from collections import OrderedDict, deque
from dataclasses import dataclass
from math import ceil

from proxy.routing.balance.figures import NO_FIGURES, Figures
from proxy.routing.service import Service

WINDOW = 600.0
MOST_SAMPLES = 200
_MOST_SERVICES = 2000
_P99 = 0.99

_FEWEST_TOKENS = 8
_SHORTEST_WRITING = 0.1
"""What arrives in less was written elsewhere and earlier: its speed would be that of the network."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One answer that came to its end, in seconds."""

    ended: float
    """Since 1970."""
    latency_s: float
    first_byte_s: float | None = None
    """None where the answer did not come piece by piece."""
    output_tokens: int = 0
    tokens: int = 0

    @property
    def speed(self) -> float | None:
        """Output tokens per second; the first one came with the first byte."""
        if self.first_byte_s is None or self.output_tokens < _FEWEST_TOKENS:
            return None
        writing = self.latency_s - self.first_byte_s
        return (self.output_tokens - 1) / writing if writing >= _SHORTEST_WRITING else None


class Statistics:
    """What was noted of services. `now` is in seconds since 1970, and may be set back by the user."""

    def __init__(self) -> None:
        self._of: OrderedDict[Service, _Window] = OrderedDict()

    def __len__(self) -> int:
        """How many services there is anything known of."""
        return len(self._of)

    def note(self, service: Service, sample: Sample, now: float) -> None:
        window = self._of.get(service)
        if window is None:
            window = self._of[service] = _Window()
        window.add(sample, now)
        self._of.move_to_end(service)
        self._forget(now)

    def figures(self, service: Service, now: float) -> Figures:
        window = self._of.get(service)
        return NO_FIGURES if window is None else window.figures(now)

    def _forget(self, now: float) -> None:
        """Services whose last answer is over; they stand in the order of their last ones."""
        while self._of and (len(self._of) > _MOST_SERVICES or next(iter(self._of.values())).is_over(now)):
            self._of.popitem(last=False)


class _Values:
    """Numbers in ascending order."""

    __slots__ = ("sorted",)

    def __init__(self) -> None:
        self.sorted: list[float] = []

    def add(self, value: float | None) -> None:
        if value is not None:
            insort(self.sorted, value)

    def remove(self, value: float | None) -> None:
        if value is not None:
            del self.sorted[bisect_left(self.sorted, value)]

    def mean(self) -> float | None:
        return sum(self.sorted) / len(self.sorted) if self.sorted else None

    def p99(self) -> float | None:
        """The smallest that 99 of 100 do not exceed; up to 100 values it is the largest."""
        return self.sorted[ceil(_P99 * len(self.sorted)) - 1] if self.sorted else None


class _Window:
    """The samples of one service, oldest first."""

    __slots__ = ("_figures", "_first_bytes", "_latencies", "_samples", "_speeds", "_tokens")

    def __init__(self) -> None:
        self._samples: deque[Sample] = deque()
        self._latencies = _Values()
        self._first_bytes = _Values()
        self._speeds = _Values()
        self._tokens = 0
        self._figures: Figures | None = None

    def add(self, sample: Sample, now: float) -> None:
        self._expire(now)
        if len(self._samples) == MOST_SAMPLES:
            self._drop_oldest()
        self._samples.append(sample)
        self._latencies.add(sample.latency_s)
        self._first_bytes.add(sample.first_byte_s)
        self._speeds.add(sample.speed)
        self._tokens += sample.tokens
        self._figures = None

    def is_over(self, now: float) -> bool:
        return not self._samples or _is_out(self._samples[-1], now)

    def figures(self, now: float) -> Figures:
        self._expire(now)
        if self._figures is None:
            self._figures = self._made()
        return self._figures

    def _made(self) -> Figures:
        if not self._samples:
            return NO_FIGURES
        return Figures(
            latency_ms=_in_ms(self._latencies.mean()),
            first_byte_ms=_in_ms(self._first_bytes.mean()),
            latency_p99_ms=_in_ms(self._latencies.p99()),
            first_byte_p99_ms=_in_ms(self._first_bytes.p99()),
            speed=self._speeds.mean(),
            samples=len(self._samples),
            speed_samples=len(self._speeds.sorted),
            tokens=self._tokens,
        )

    def _expire(self, now: float) -> None:
        while self._samples and _is_out(self._samples[0], now):
            self._drop_oldest()

    def _drop_oldest(self) -> None:
        sample = self._samples.popleft()
        self._latencies.remove(sample.latency_s)
        self._first_bytes.remove(sample.first_byte_s)
        self._speeds.remove(sample.speed)
        self._tokens -= sample.tokens
        self._figures = None


def _is_out(sample: Sample, now: float) -> bool:
    """Too old; or so far ahead that the clock was set back since, and its age cannot be known."""
    return not -WINDOW < now - sample.ended < WINDOW


def _in_ms(seconds: float | None) -> float | None:
    return None if seconds is None else seconds * 1000
