"""What is kept of services and keys whether they are well or not: breakers, and who was lately asked."""

from collections import OrderedDict
from collections.abc import Iterator

from proxy.routing.health.breaker import Breaker
from proxy.routing.health.key import Key
from proxy.routing.service import Service

_MOST = 2000
_DAY = 86400.0
_MOST_KEYS = 50
_KEY_IS_RECENT = 3600.0


class Breakers:
    """The breakers of services; clients may name any model, so only so many are kept."""

    def __init__(self) -> None:
        self._of: OrderedDict[Service, tuple[Breaker, float]] = OrderedDict()

    def get(self, service: Service) -> Breaker | None:
        found = self._of.get(service)
        return None if found is None else found[0]

    def asked(self, service: Service, now: float) -> Breaker:
        """The breaker of a service that was just asked."""
        breaker = self.get(service) or Breaker(now)
        self._of[service] = breaker, now
        self._of.move_to_end(service)
        while len(self._of) > _MOST:
            self._of.popitem(last=False)
        return breaker

    def forget(self, service: Service) -> None:
        self._of.pop(service, None)

    def forget_at(self, provider: str) -> None:
        for service in [each for each in self._of if each.provider == provider]:
            del self._of[service]

    def sweep(self, now: float) -> None:
        """Forget the services that nobody has asked for a day; they stand in the order they were asked."""
        while self._of and now - next(iter(self._of.values()))[1] > _DAY:
            self._of.popitem(last=False)

    def __iter__(self) -> Iterator[tuple[Service, Breaker]]:
        return ((service, breaker) for service, (breaker, _) in self._of.items())


class Heard:
    """Which keys of a provider were used, by their labels: nobody tells the board what keys there are."""

    def __init__(self) -> None:
        self._of: dict[str, OrderedDict[str, float]] = {}

    def of(self, key: Key, now: float) -> None:
        labels = self._of.setdefault(key.provider, OrderedDict())
        labels.pop(key.label, None)
        labels[key.label] = now
        while len(labels) > _MOST_KEYS:
            labels.popitem(last=False)

    def keys(self, provider: str) -> list[Key]:
        return [Key(provider, label) for label in self._of.get(provider, ())]

    def is_recent(self, key: Key, now: float) -> bool:
        return now - self._of[key.provider][key.label] < _KEY_IS_RECENT
