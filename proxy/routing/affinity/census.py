"""How many threads hold a service at a moment: each once, however many of its pins name the service."""

from bisect import bisect_left, insort
from collections.abc import Iterable

from proxy.routing.affinity.pins import Pin
from proxy.routing.service import Service

_Named = tuple[str, str]


class Census:
    """For each service the ends of its threads' pins, in order: who is asked for a moment cuts there."""

    def __init__(self) -> None:
        self._ends: dict[_Named, list[float]] = {}

    def count(self, service: Service, now: float) -> int:
        ends = self._ends.get((service.provider, service.model))
        return len(ends) - bisect_left(ends, now) if ends else 0

    def changed(self, before: Iterable[Pin], after: Iterable[Pin]) -> None:
        """The pins of one thread, as they were and as they are."""
        old, new = _ends(before), _ends(after)
        for named, end in old.items():
            if new.get(named) != end:
                self._remove(named, end)
        for named, end in new.items():
            if old.get(named) != end:
                insort(self._ends.setdefault(named, []), end)

    def _remove(self, named: _Named, end: float) -> None:
        ends = self._ends[named]
        del ends[bisect_left(ends, end)]
        if not ends:
            del self._ends[named]


def _ends(pins: Iterable[Pin]) -> dict[_Named, float]:
    """When each service is let go of, by the last of its pins."""
    ends: dict[_Named, float] = {}
    for pin in pins:
        named = (pin.provider, pin.model)
        ends[named] = max(pin.expires_at, ends.get(named, pin.expires_at))
    return ends
