"""The board on which all that is known of the health of services and keys is kept and looked up."""

from collections.abc import Callable, Iterator, Sequence

from proxy.config import HealthConfig
from proxy.routing.health.breaker import Breaker, State
from proxy.routing.health.cooling import Repeats, told
from proxy.routing.health.effects import COUNTED, CRASHES, effect_of
from proxy.routing.health.key import Key
from proxy.routing.health.marks import (
    FOREVER,
    Mark,
    Marks,
    Place,
    Reason,
    last,
    on_key,
    on_service,
    on_service_with_key,
    place_of,
)
from proxy.routing.health.records import Breakers, Heard
from proxy.routing.health.standing import WELL, BreakerView, Condition, Standing, View
from proxy.routing.service import Service
from proxy.wire.failure import Failure, FailureKind

_SWEEP_EVERY = 600.0

_DISPROVED = (Reason.REJECTED, Reason.FORBIDDEN, Reason.EXHAUSTED, Reason.NOT_FOUND)
"""What a success proves wrong. A rate limit it does not: the success may have begun long before."""


class Board:
    """Outcomes go in, standings come out. The clock is any that never goes back."""

    def __init__(self, config: HealthConfig, clock: Callable[[], float]) -> None:
        self._config = config
        self._clock = clock
        self._breakers = Breakers()
        self._heard = Heard()
        self._marks = Marks()
        self._repeats = Repeats()
        self._swept = clock()

    def reconfigured(self, config: HealthConfig) -> None:
        """Go on under another configuration. A model that was not found may be spelled right by now."""
        self._config = config
        self._marks.clear_where(lambda mark: mark.reason is Reason.NOT_FOUND)

    # What is told

    def succeeded(self, service: Service, key: Key) -> None:
        now = self._now()
        self._asked(service, key, now).succeeded(self._config, now)
        self._repeats.forget(on_service_with_key(service, key))
        places = (on_key(service, key), on_service(service, key), on_service_with_key(service, key))
        self._marks.clear(places, _DISPROVED)

    def failed(
        self, service: Service, key: Key, failure: Failure, *, asker: str = "", is_local: bool = False
    ) -> None:
        now = self._now()
        breaker = self._asked(service, key, now)
        if failure.kind not in COUNTED:
            breaker.released(asker)
        elif is_local and failure.kind in CRASHES:
            breaker.crashed(self._config, now)
        else:
            breaker.failed(self._config, now)
        self._mark(service, key, failure, now)

    def cancelled(self, service: Service, key: Key, *, asker: str) -> None:
        self.released(service, asker)

    def released(self, service: Service, asker: str) -> None:
        """For whoever was admitted and then did not ask after all."""
        breaker = self._breakers.get(service)
        if breaker is not None:
            breaker.released(asker)

    def quota_exhausted(self, of: Service | Key | str, until: float | None = None) -> None:
        """A service, a key or a provider (by name) has used up what it is allowed; the latest word counts.

        None is until it is restored.
        """
        self.quota_restored(of)
        self._marks.put(place_of(of), Reason.ALLOWANCE, FOREVER if until is None else until)

    def quota_restored(self, of: Service | Key | str) -> None:
        self._marks.clear((place_of(of),), (Reason.ALLOWANCE,))

    def reset(self, service: Service | None = None) -> None:
        """Forget what keeps this service from being asked, on its provider's keys too; None is everything."""
        if service is None:
            self._breakers = Breakers()
            self._marks = Marks()
            self._repeats = Repeats()
            return
        self._breakers.forget(service)
        self._repeats.forget_at(service.provider, service.model)
        self._marks.clear_where(lambda mark: mark.place.concerns(service))

    # What is asked

    def standing(self, service: Service, keys: Sequence[Key]) -> Standing:
        """How well a service is with these keys; with none, how well it is whatever the key."""
        usable = self.usable_keys(service, keys)
        if keys and not usable:
            return Standing(Condition.OUT, FOREVER, Reason.REJECTED)
        worst = last(self._in_the_way(service, usable, self._clock()))
        return WELL if worst is None else Standing(Condition.MARKED, worst.until, worst.reason)

    def marked_until(self, service: Service, keys: Sequence[Key] | None = None) -> float | None:
        """When the marks on a service end; None if there are none.

        Without keys it is judged by those its provider was lately asked with. Then a rejected key is no mark:
        only its secret could tell whether it was renewed.
        """
        if keys is None:
            keys = self.usable_keys(service, self._lately(service, self._clock()))
        return self.standing(service, keys).until

    def usable_keys(self, service: Service, keys: Sequence[Key]) -> list[Key]:
        """The keys in the order to try them: those without a mark, then those whose mark ends first."""
        now = self._clock()
        ends: list[tuple[float, Key]] = []
        for key in keys:
            marks = tuple(self._marks.for_key(service, key, now))
            if all(mark.reason is not Reason.REJECTED for mark in marks):
                ends.append((max((mark.until for mark in marks), default=now), key))
        return [key for _, key in sorted(ends, key=lambda entry: entry[0])]

    def admit(self, service: Service, asker: str) -> bool:
        """Whether to ask it now. A yes may make the asker the probe, who owes the board an outcome."""
        breaker = self._breakers.get(service)
        return breaker is None or breaker.admits(asker, self._clock())

    def snapshot(self) -> View:
        now = self._clock()
        breakers = (BreakerView.of(service, breaker, now) for service, breaker in self._breakers)
        return View(now, tuple(breakers), tuple(self._marks.live(now)))

    def _asked(self, service: Service, key: Key, now: float) -> Breaker:
        self._heard.of(key, now)
        return self._breakers.asked(service, now)

    def _mark(self, service: Service, key: Key, failure: Failure, now: float) -> None:
        if failure.kind is FailureKind.RATE_LIMIT:
            self._cool_down(on_service_with_key(service, key), failure.retry_after, now)
        wait = told(failure.retry_after)
        if failure.kind is FailureKind.OVERLOADED and wait is not None:
            self._marks.put(on_service(service, key), Reason.OVERLOADED, now + wait)
        effect = effect_of(failure.kind, key)
        if effect is None:
            return
        seconds = wait if effect.hears_the_provider and wait is not None else effect.seconds
        secret = key.secret if effect.is_of_the_secret else None
        self._marks.put(effect.place(service, key), effect.reason, now + seconds, secret)

    def _cool_down(self, place: Place, retry_after: float | None, now: float) -> None:
        is_waiting = any(mark.reason is Reason.RATE_LIMITED for mark in self._marks.on((place,), now))
        guessed = self._repeats.wait(place, self._config.rate_limit_seconds, is_waiting=is_waiting)
        self._marks.put(place, Reason.RATE_LIMITED, now + (told(retry_after) or guessed))

    def _in_the_way(self, service: Service, keys: Sequence[Key], now: float) -> Iterator[Mark]:
        """What keeps the service from being asked: on itself, and on its best key if that one has any."""
        place = Place(service.provider, service.model)
        yield from self._marks.on((Place(service.provider), place), now)
        breaker = self._breakers.get(service)
        if breaker is not None:
            state = breaker.state(now)
            if state is State.OPEN:
                yield Mark(place, Reason.BROKEN, breaker.opens_until or now)
            elif state is State.HALF_OPEN and breaker.is_probed(now):
                yield Mark(place, Reason.PROBED, now)
        if keys:
            yield from self._marks.for_key(service, keys[0], now)

    def _lately(self, service: Service, now: float) -> list[Key]:
        """One that was used long ago counts only if a mark explains why it was not used since."""
        return [
            key
            for key in self._heard.keys(service.provider)
            if self._heard.is_recent(key, now) or any(self._marks.for_key(service, key, now))
        ]

    def _now(self) -> float:
        now = self._clock()
        if now - self._swept >= _SWEEP_EVERY:
            self._swept = now
            self._marks.sweep(now)
            self._breakers.sweep(now)
        return now
