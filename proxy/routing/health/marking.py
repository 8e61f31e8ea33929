"""What failures leave behind on keys and services: marks, each rate limit's longer than the one before."""

from collections.abc import Callable

from proxy.config import HealthConfig
from proxy.routing.health.cooling import Repeats, told
from proxy.routing.health.effects import effect_of
from proxy.routing.health.key import Key
from proxy.routing.health.marks import (
    OF_ITS_SERVER,
    Mark,
    Marks,
    Place,
    Reason,
    on_key,
    on_service,
    on_service_with_key,
)
from proxy.routing.service import Service
from proxy.wire.failure import Failure, FailureKind

_DISPROVED = (Reason.REJECTED, Reason.FORBIDDEN, Reason.EXHAUSTED, Reason.NOT_FOUND)
"""What a success proves wrong. A rate limit it does not: the success may have begun long before."""


class Marking:
    """Sets and clears the marks that are made here; those of others on the same board it leaves alone."""

    def __init__(self, marks: Marks) -> None:
        self._marks = marks
        self._repeats = Repeats()

    def failed(self, service: Service, key: Key, failure: Failure, config: HealthConfig, now: float) -> None:
        if failure.kind is FailureKind.RATE_LIMIT:
            self._cool_down(on_service_with_key(service, key), failure.retry_after, config, now)
        wait = told(failure.retry_after)
        if failure.kind is FailureKind.OVERLOADED and wait is not None:
            self._marks.put(on_service(service, key), Reason.OVERLOADED, now + wait)
        effect = effect_of(failure.kind, key)
        if effect is None:
            return
        seconds = wait if effect.hears_the_provider and wait is not None else effect.seconds
        secret = key.secret if effect.is_of_the_secret else None
        self._marks.put(effect.place(service, key), effect.reason, now + seconds, secret)

    def succeeded(self, service: Service, key: Key) -> None:
        self._repeats.forget(on_service_with_key(service, key))
        places = (on_key(service, key), on_service(service, key), on_service_with_key(service, key))
        self._marks.clear(places, _DISPROVED)

    def reset(self, service: Service) -> None:
        """Forget what concerns it, the marks of others and those on its provider's keys too.

        Those of its server stay: they are true, and nobody would put them back.
        """
        self.forget_where(lambda place: place.concerns(service), _is_forgettable)

    def reset_provider(self, provider: str) -> None:
        """The same for all that concerns any of its services."""
        self.forget_where(lambda place: place.provider == provider, _is_forgettable)

    def reset_all(self) -> None:
        self.forget_where(lambda _place: True, _is_forgettable)

    def provider_changed(self, provider: str) -> None:
        """Another address or other keys stand behind its name now; allowances are others' to take back."""
        self.forget_where(
            lambda place: place.provider == provider, lambda mark: mark.reason is not Reason.ALLOWANCE
        )

    def forget_where(self, lies: Callable[[Place], bool], fits: Callable[[Mark], bool]) -> None:
        """Forget the marks that fit in places that lie there, and how often those were limited."""
        self._marks.clear_where(lambda mark: lies(mark.place) and fits(mark))
        self._repeats.forget_where(lies)

    def _cool_down(self, place: Place, retry_after: float | None, config: HealthConfig, now: float) -> None:
        is_waiting = any(mark.reason is Reason.RATE_LIMITED for mark in self._marks.on((place,), now))
        guessed = self._repeats.wait(place, config.rate_limit_seconds, is_waiting=is_waiting)
        self._marks.put(place, Reason.RATE_LIMITED, now + (told(retry_after) or guessed))


def _is_forgettable(mark: Mark) -> bool:
    return mark.reason not in OF_ITS_SERVER
