"""Why a service should not be asked for a while: marks on keys, on services, and on whole providers.

A mark stands on a place. A place leaves open what it does not name, so a mark on a key concerns every service
of its provider, and one on a service concerns it with every key.
"""

import math
from collections import Counter, OrderedDict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from proxy.routing.health.key import Key
from proxy.routing.service import Service
from proxy.secret import Secret

FOREVER = math.inf
_MOST = 4000


class Reason(StrEnum):
    """Why a service is not well."""

    REJECTED = "rejected"
    FORBIDDEN = "forbidden"
    EXHAUSTED = "exhausted"
    NOT_FOUND = "not found"
    RATE_LIMITED = "rate limited"
    OVERLOADED = "overloaded"
    ALLOWANCE = "allowance"
    """A quota window or a budget is used up, as somebody else has found out."""
    BROKEN = "broken"
    """It failed too often; its breaker is open."""
    AWAY = "away"
    """Its server does not run, as somebody else has found out."""
    LOADING = "loading"
    """Its server is there, and has not read its model yet."""
    PROBED = "probed"
    """Another request is just finding out whether it is well again."""


OF_ITS_SERVER = frozenset({Reason.AWAY, Reason.LOADING})
"""What somebody sees of the server behind a provider, and tells again only when that changes."""

SENTENCES = {
    Reason.REJECTED: "The provider refuses the key.",
    Reason.FORBIDDEN: "The provider does not allow this key to use the model.",
    Reason.EXHAUSTED: "The quota or credit of the key is used up.",
    Reason.NOT_FOUND: "The provider does not know the model.",
    Reason.RATE_LIMITED: "The provider has limited the rate of requests.",
    Reason.OVERLOADED: "The provider is overloaded.",
    Reason.ALLOWANCE: "The quota or budget is used up.",
    Reason.BROKEN: "It failed too often and is left alone for a while.",
    Reason.AWAY: "Its server is not running.",
    Reason.LOADING: "Its server is still loading its model.",
    Reason.PROBED: "It failed too often, and another request is trying whether it is well again.",
}


@dataclass(frozen=True, slots=True)
class Place:
    """What a mark concerns; an empty name leaves open which."""

    provider: str
    model: str = ""
    label: str = ""

    def concerns(self, service: Service) -> bool:
        return self.provider == service.provider and self.model in ("", service.model)


def on_key(service: Service, key: Key) -> Place:
    return Place(service.provider, label=key.label)


def on_service(service: Service, key: Key) -> Place:
    return Place(service.provider, service.model)


def on_service_with_key(service: Service, key: Key) -> Place:
    return Place(service.provider, service.model, key.label)


def place_of(what: Service | Key | str) -> Place:
    """The place that a service, a key or, by its name, a provider is by itself."""
    match what:
        case Service():
            return Place(what.provider, what.model)
        case Key():
            return Place(what.provider, label=what.label)
        case str():
            return Place(what)


@dataclass(frozen=True, slots=True)
class Mark:
    """`until` is a moment of the clock that was handed in; infinite is until something changes."""

    place: Place
    reason: Reason
    until: float


@dataclass(frozen=True, slots=True)
class _Set:
    mark: Mark
    secret: Secret | None = field(repr=False)


class Marks:
    """The marks there are. They end by themselves, and the oldest place gives way when there are too many."""

    def __init__(self, changed: Callable[[], None] = lambda: None) -> None:
        """`changed` is called whenever a mark is put, moved or taken away; not when one ends by itself."""
        self._changed = changed
        self._at: OrderedDict[Place, dict[Reason, _Set]] = OrderedDict()
        self._places: Counter[str] = Counter()
        """How many there are of each provider: most have none, which is all that most questions need."""

    def has_any(self, provider: str) -> bool:
        """Whether there may be a mark at this provider; one that is over counts until it is swept away."""
        return provider in self._places

    def put(self, place: Place, reason: Reason, until: float, secret: Secret | None = None) -> None:
        """Mark a place; the later end counts. With a secret it holds for that secret and for no newer one."""
        here = self._taken_out(place)
        previous = here.get(reason)
        if previous is not None and previous.secret == secret:
            until = max(until, previous.mark.until)
        here[reason] = _Set(Mark(place, reason, until), secret)
        self._at[place] = here
        self._places[place.provider] += 1
        while len(self._at) > _MOST:
            self._taken_out(next(iter(self._at)))
        if previous != here[reason]:
            self._changed()

    def clear(self, places: Iterable[Place], reasons: Collection[Reason]) -> None:
        for place in places:
            here = self._at.get(place)
            if here is not None:
                self._leave(place, {reason: here[reason] for reason in here if reason not in reasons})

    def clear_where(self, fits: Callable[[Mark], bool]) -> None:
        for place, here in list(self._at.items()):
            self._leave(place, {reason: entry for reason, entry in here.items() if not fits(entry.mark)})

    def sweep(self, now: float) -> None:
        """Forget the marks that are over."""
        self.clear_where(lambda mark: mark.until <= now)

    def on(self, places: Iterable[Place], now: float) -> Iterator[Mark]:
        """The marks on exactly these places, whatever the secret."""
        return (entry.mark for entry in self._entries(places, now))

    def for_key(self, service: Service, key: Key, now: float) -> Iterator[Mark]:
        """The marks that are about this key, at this service or everywhere."""
        for entry in self._entries((on_key(service, key), on_service_with_key(service, key)), now):
            if entry.secret is None or key.secret is None or entry.secret == key.secret:
                yield entry.mark

    def live(self, now: float) -> Iterator[Mark]:
        return self.on(tuple(self._at), now)

    def _leave(self, place: Place, left: dict[Reason, _Set]) -> None:
        if len(left) == len(self._at[place]):
            return
        if left:
            self._at[place] = left
        else:
            self._taken_out(place)
        self._changed()

    def _taken_out(self, place: Place) -> dict[Reason, _Set]:
        here = self._at.pop(place, None)
        if here is None:
            return {}
        self._places[place.provider] -= 1
        if not self._places[place.provider]:
            del self._places[place.provider]
        return here

    def _entries(self, places: Iterable[Place], now: float) -> Iterator[_Set]:
        for place in places:
            for entry in self._at.get(place, {}).values():
                if entry.mark.until > now:
                    yield entry


def last(marks: Iterable[Mark]) -> Mark | None:
    """The mark that ends last."""
    return max(marks, key=lambda mark: mark.until, default=None)
