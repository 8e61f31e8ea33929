"""How often servers are looked at, and how long a place is left alone that turned out to have none."""

from dataclasses import dataclass

from proxy.local.place import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """All in seconds, but for `sweep_every`."""

    watched: float = 3.0
    """Between two rounds while somebody looks on, or while a model is being loaded."""
    unwatched: float = 20.0
    loading: float = 2.0
    """While a model is being loaded and somebody looks on."""
    sweep_every: int = 6
    """Rounds that nobody watches: of so many one looks around."""
    doubt: float = 0.4
    """Until what was looked at in vain for the first time is looked at again."""
    again: float = 3.0
    """For a place that may only have been slow, or still starting; then ever longer, up to `left_alone`."""
    left_alone: float = 600.0


USUAL_PACE = Pace()


@dataclass(frozen=True, slots=True)
class _Span:
    pid: int | None
    seconds: float
    until: float


class LeftAlone:
    """Places without a model server: they are not asked for a while, unless somebody else listens there."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._spans: dict[Place, _Span] = {}

    def has(self, place: Place, pid: int | None, now: float) -> bool:
        span = self._spans.get(place)
        return span is not None and now < span.until and span.pid == pid

    def leave(self, place: Place, pid: int | None, now: float, *, is_promising: bool) -> None:
        """Where a server may still come to answer, the first spans are short ones."""
        before = self._spans.get(place)
        seconds = self._pace.left_alone
        if is_promising:
            is_same = before is not None and before.pid == pid
            seconds = min(seconds, before.seconds * 2 if before is not None and is_same else self._pace.again)
        self._spans[place] = _Span(pid, seconds, now + seconds)

    def forget(self, place: Place) -> None:
        self._spans.pop(place, None)

    def forget_all(self) -> None:
        self._spans.clear()
