"""The breaker of one service: it opens when the service fails too often, and closes when probes succeed.

    closed     every request may pass. `failures` in a row open it, and so does a share of failures.
    open       none should pass until `opens_until`. Then it is half open.
    half open  one request at a time may pass, the probe. `successes` good ones close it, a bad one opens it.

Requests are also told of that were never admitted: they began before it opened, or the service was asked
because all others were worse. Their outcomes count like a probe's. A success while it is open only makes it
half open early, because it may be the end of a stream that began in better days; a failure while it is open
tells nothing new.

A probe is given back by any outcome that tells something, whoever met with it, and by its own end whatever
that tells. One that is not answered within `open_seconds` lapses, and another may be; it keeps its right to
tell its outcome. One that has begun to be answered is given minutes, since its outcome is the end of its
stream; then it lapses too, so that a mistake elsewhere cannot shut a service out for good.
"""

from collections import deque
from dataclasses import dataclass, field
from enum import StrEnum

from proxy.config import HealthConfig

_FEWEST_SAMPLES = 10
_MOST_SAMPLES = 500
_ANSWERED_PROBE_LAPSES = 300.0
_CRASH_SHARE = 1 / 6
_CRASH_SHORTEST = 2.0


class State(StrEnum):
    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half open"


@dataclass(slots=True)
class Breaker:
    """Every question and outcome carries the moment `now` of one steady clock."""

    since: float
    """When the present state began; a breaker begins closed."""
    opens_until: float | None = None
    """None while it is closed."""
    failures: int = 0
    """In a row."""
    successes: int = 0
    """Good probes since it opened."""
    last_failure: float | None = None
    last_trouble: float | None = None
    """The last failure that told anything about the service or its keys, whether it counts here or not."""
    _probe_lapses: float | None = None
    """None when there is no probe."""
    _prober: str = ""
    _patience: float = 0.0
    """For how long a probe may wait for its answer to begin."""
    _samples: deque[tuple[float, bool]] = field(default_factory=lambda: deque(maxlen=_MOST_SAMPLES))

    def state(self, now: float) -> State:
        if self.opens_until is None:
            return State.CLOSED
        return State.OPEN if now < self.opens_until else State.HALF_OPEN

    def began(self, now: float) -> float:
        """When the present state began."""
        if self.opens_until is not None and self.opens_until <= now:
            return self.opens_until
        return self.since

    def is_probed(self, now: float) -> bool:
        return self._probe_lapses is not None and now < self._probe_lapses

    def is_probed_by_others(self, asker: str, now: float) -> bool:
        return self.is_probed(now) and asker != self._prober

    def admits(self, asker: str, now: float) -> bool:
        """Whether a request may pass now. When half open, a yes makes it the probe.

        Who is the probe may ask again, as when it was decided upon first and is made later.
        """
        state = self.state(now)
        if state is not State.HALF_OPEN:
            return state is State.CLOSED
        if self.is_probed_by_others(asker, now):
            return False
        if not self.is_probed(now):
            self._prober, self._probe_lapses = asker, now + self._patience
        return True

    def begun(self, asker: str, now: float) -> None:
        """This request has begun to be answered; if it is the probe, its end is waited for."""
        if asker == self._prober and self._probe_lapses is not None:
            self._probe_lapses = max(self._probe_lapses, now + _ANSWERED_PROBE_LAPSES)

    def released(self, asker: str) -> None:
        """What this request came to tells nothing about the service; if it was the probe, another may be."""
        if asker == self._prober:
            self._probe_lapses = None

    def succeeded(self, config: HealthConfig, now: float) -> None:
        state = self.state(now)
        self._probe_lapses = None
        self.failures = 0
        if state is State.CLOSED:
            self._sample(config, now, failed=False)
            return
        if state is State.OPEN:
            self.opens_until = now
            return
        self.successes += 1
        if self.successes >= config.successes:
            self._close(now)

    def failed(self, config: HealthConfig, now: float) -> None:
        state = self._counted(config, now)
        if state is State.HALF_OPEN or (state is State.CLOSED and self._fails_too_often(config)):
            self._open(config, now, config.open_seconds)

    def crashed(self, config: HealthConfig, now: float) -> None:
        """Nothing is there to be asked, which one failure proves; what restarts it is quick."""
        if self._counted(config, now) is not State.OPEN:
            self._open(config, now, max(_CRASH_SHORTEST, config.open_seconds * _CRASH_SHARE))

    def _counted(self, config: HealthConfig, now: float) -> State:
        state = self.state(now)
        self._probe_lapses = None
        self.failures += 1
        self.last_failure = now
        if state is State.CLOSED:
            self._sample(config, now, failed=True)
        return state

    def _sample(self, config: HealthConfig, now: float, *, failed: bool) -> None:
        self._samples.append((now, failed))
        while self._samples[0][0] <= now - config.window:
            self._samples.popleft()

    def _fails_too_often(self, config: HealthConfig) -> bool:
        if self.failures >= config.failures:
            return True
        if len(self._samples) < _FEWEST_SAMPLES:
            return False
        return sum(failed for _, failed in self._samples) >= config.error_share * len(self._samples)

    def _open(self, config: HealthConfig, now: float, seconds: float) -> None:
        self.since = now
        self.opens_until = now + seconds
        self._patience = config.open_seconds
        self.successes = 0
        self._samples.clear()

    def _close(self, now: float) -> None:
        self.since = now
        self.opens_until = None
