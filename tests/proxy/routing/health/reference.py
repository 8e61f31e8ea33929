"""A breaker written down a second time, as plainly as can be: everything is kept, and looked through anew."""

from proxy.config import HealthConfig
from proxy.routing.health.breaker import State


class Reference:
    """What the real one must agree with, whatever happens in whatever order."""

    def __init__(self, config: HealthConfig) -> None:
        self.config = config
        self.outcomes: list[bool] = []
        self.while_closed: list[tuple[float, bool]] = []
        self.is_closed = True
        self.half_open_from = 0.0
        self.good_probes = 0
        self.prober: str | None = None
        self.lapses = 0.0
        self.patience = 0.0

    def state(self, now: float) -> State:
        if self.is_closed:
            return State.CLOSED
        return State.HALF_OPEN if now >= self.half_open_from else State.OPEN

    def is_probed(self, now: float) -> bool:
        return self.prober is not None and now < self.lapses

    def admits(self, asker: str, now: float) -> bool:
        state = self.state(now)
        if state is State.HALF_OPEN and not self.is_probed(now):
            self.prober, self.lapses = asker, now + self.patience
        return state is State.CLOSED or (state is State.HALF_OPEN and self.prober == asker)

    def begun(self, asker: str, now: float) -> None:
        if self.prober == asker:
            self.lapses = max(self.lapses, now + 300)

    def released(self, asker: str) -> None:
        if self.prober == asker:
            self.prober = None

    def succeeded(self, now: float) -> None:
        state = self.state(now)
        self._told(now, good=True)
        if state is State.OPEN:
            self.half_open_from = now
        if state is State.HALF_OPEN:
            self.good_probes += 1
            self.is_closed = self.good_probes >= self.config.successes

    def failed(self, now: float) -> None:
        state = self.state(now)
        self._told(now, good=False)
        if state is State.HALF_OPEN or (state is State.CLOSED and (self._in_a_row() or self._by_share(now))):
            self._open(now, self.config.open_seconds)

    def crashed(self, now: float) -> None:
        state = self.state(now)
        self._told(now, good=False)
        if state is not State.OPEN:
            self._open(now, max(2, self.config.open_seconds / 6))

    def _told(self, now: float, *, good: bool) -> None:
        self.prober = None
        self.outcomes.append(good)
        if self.is_closed:
            self.while_closed.append((now, good))

    def _in_a_row(self) -> bool:
        last = self.outcomes[-self.config.failures :]
        return len(last) == self.config.failures and not any(last)

    def _by_share(self, now: float) -> bool:
        recent = [good for at, good in self.while_closed if at > now - self.config.window]
        return len(recent) >= 10 and recent.count(False) / len(recent) >= self.config.error_share

    def _open(self, now: float, seconds: float) -> None:
        self.is_closed = False
        self.half_open_from = now + seconds
        self.patience = self.config.open_seconds
        self.good_probes = 0
        self.while_closed = []
