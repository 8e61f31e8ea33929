"""What clients saw of their streams: how late each token was, and all that went wrong.

A stream counts as whole when it has been answered, has as many tokens as were asked for and its last event,
and has none that tells of an error.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from benchmarks.table import NotMeasuredError

_STAMP: Final = re.compile(rb"<(\d+)>")
_EVENT_ENDS: Final = b"\n\n"
_LAST_EVENT: Final = b"event: message_stop"
_ERROR_EVENT: Final = b"event: error"


class Reading:
    """One stream, fed with what arrives. `since` ends the warm-up: tokens sent before it have no delay.

    Times are nanoseconds of the clock with which the provider stamps its tokens.
    """

    def __init__(self, asked: int, since: int) -> None:
        self.asked = asked
        self.tokens = 0
        self.delays: list[float] = []
        self._since = since
        self._begun_event = b""
        self._has_ended = False
        self._failure = ""

    def feed(self, data: bytes, now: int) -> None:
        events, _, self._begun_event = (self._begun_event + data).rpartition(_EVENT_ENDS)
        if _ERROR_EVENT in events:
            self.fail("told of an error")
        self._has_ended |= _LAST_EVENT in events
        stamps = [int(stamp) for stamp in _STAMP.findall(events)]
        self.tokens += len(stamps)
        self.delays.extend(round((now - sent) / 1e6, 3) for sent in stamps if sent >= self._since)

    def fail(self, how: str) -> None:
        """The first failure is the cause of all others."""
        self._failure = self._failure or how

    @property
    def fault(self) -> str:
        """Empty for a whole stream."""
        if self._failure:
            return self._failure
        if not self._has_ended:
            return "ended early"
        return "" if self.tokens == self.asked else "had other tokens than asked"


@dataclass(frozen=True, slots=True)
class Traffic:
    """Streams that were read and requests that were made; `faults` counts what went wrong, by kind."""

    streams: int = 0
    requests: int = 0
    asked: int = 0
    tokens: int = 0
    delays: list[float] = field(default_factory=list)
    faults: dict[str, int] = field(default_factory=dict)

    def __add__(self, other: "Traffic") -> "Traffic":
        return Traffic(
            self.streams + other.streams,
            self.requests + other.requests,
            self.asked + other.asked,
            self.tokens + other.tokens,
            self.delays + other.delays,
            dict(Counter(self.faults) + Counter(other.faults)),
        )

    def told(self) -> dict[str, Any]:
        return asdict(self)

    def percentile(self, percent: int) -> float:
        """Milliseconds from the sending to the receiving of a token."""
        if not self.delays:
            raise NotMeasuredError("no token was received")
        return sorted(self.delays)[len(self.delays) * percent // 100]

    def in_words(self) -> str:
        """What went wrong, of how much; empty where nothing did."""
        if not self.faults:
            return ""
        all_of_it = [f"{self.streams} streams with {self.tokens} of {self.asked} tokens"] * bool(self.streams)
        all_of_it += [f"{self.requests} requests"] * bool(self.requests)
        kinds = ", ".join(f"{count} {kind}" for kind, count in self.faults.items())
        return f"{kinds} (of {' and '.join(all_of_it)})"


def traffic_of(readings: Iterable[Reading]) -> Traffic:
    """As if they had been one, after the other."""
    read = list(readings)
    return Traffic(
        streams=len(read),
        asked=sum(each.asked for each in read),
        tokens=sum(each.tokens for each in read),
        delays=[delay for each in read for delay in each.delays],
        faults=dict(Counter(f"streams {each.fault}" for each in read if each.fault)),
    )
