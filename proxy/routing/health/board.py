"""The board on which all that is known of the health of services and keys is kept and looked up."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from math import inf

from proxy.config import HealthConfig
from proxy.routing.health import usable
from proxy.routing.health.breaker import Breaker, State
from proxy.routing.health.effects import COUNTED, CRASHES, UNCOUNTED
from proxy.routing.health.key import Key
from proxy.routing.health.marking import Marking
from proxy.routing.health.marks import FOREVER, OF_ITS_SERVER, Mark, Marks, Place, Reason, last, place_of
from proxy.routing.health.news import News
from proxy.routing.health.records import Breakers, Heard
from proxy.routing.health.standing import WELL, BreakerView, Condition, Standing, View
from proxy.routing.service import Service
from proxy.wire.failure import Failure

_SWEEP_EVERY = 600.0


class Board:
    """Outcomes go in, standings come out. The clock is any that never goes back."""

    def __init__(
        self,
        config: HealthConfig,
        clock: Callable[[], float],
        on_crash: Callable[[str], None] = lambda _provider: None,
    ) -> None:
        """`on_crash` is told which provider's server on this machine could not be reached."""
        self._on_crash = on_crash
        self._config = config
        self._clock = clock
        self._breakers = Breakers()
        self._heard = Heard()
        self._news = News()
        self._marks = Marks(self._news.tell)
        self._marking = Marking(self._marks)
        self._swept = clock()

    def listen(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Call back whenever a breaker or a mark has become another one; the answer ends that.

        What ends by itself is not told: `View.next_end` says when to look again.
        """
        return self._news.listen(changed)

    def reconfigured(self, config: HealthConfig, changed: Iterable[str] = ()) -> None:
        """Go on under another configuration, in which these providers are others or gone.

        What is known of them was true of another address or another key. A model that was not found may be
        spelled right by now.
        """
        self._config = config
        self._marks.clear_where(lambda mark: mark.reason is Reason.NOT_FOUND)
        for provider in changed:
            self._breakers.forget_at(provider)
            self._marking.provider_changed(provider)
        self._news.tell()

    # What is told

    def begun(self, service: Service, *, asker: str) -> None:
        breaker = self._breakers.get(service)
        if breaker is not None:
            breaker.begun(asker, self._clock())

    def succeeded(self, service: Service, key: Key) -> None:
        now = self._now()
        breaker = self._asked(service, key, now)
        before = breaker.opens_until
        breaker.succeeded(self._config, now)
        self._tell_of(breaker, before)
        self._marking.succeeded(service, key)

    def failed(
        self, service: Service, key: Key, failure: Failure, *, asker: str = "", is_local: bool = False
    ) -> None:
        now = self._now()
        breaker = self._asked(service, key, now)
        before = breaker.opens_until
        if failure.kind not in UNCOUNTED:
            breaker.last_trouble = now
        if failure.kind not in COUNTED:
            breaker.released(asker)
        elif is_local and failure.kind in CRASHES:
            breaker.crashed(self._config, now)
            self._on_crash(service.provider)
        else:
            breaker.failed(self._config, now)
        self._tell_of(breaker, before)
        self._marking.failed(service, key, failure, self._config, now)

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

    def away(self, provider: str, reason: Reason = Reason.AWAY) -> None:
        """The server of a provider does not run, or cannot answer yet: nobody needs to find out by asking."""
        self._marks.clear((Place(provider),), OF_ITS_SERVER)
        self._marks.put(Place(provider), reason, FOREVER)

    def back(self, provider: str) -> None:
        """Its server is there again, and what failed before it came back says nothing any more."""
        if any(mark.reason in OF_ITS_SERVER for mark in self._marks.on((Place(provider),), self._clock())):
            self._marks.clear((Place(provider),), OF_ITS_SERVER)
            self._breakers.forget_at(provider)
            self._news.tell()

    def reset(self, what: Service | str | None = None) -> None:
        """Forget what keeps a service from being asked, on its provider's keys too.

        A provider, by name, is all of its services, and None is everything. A server that does not run is not
        there for having been forgotten.
        """
        match what:
            case None:
                self._breakers = Breakers()
                self._marking.reset_all()
            case Service():
                self._breakers.forget(what)
                self._marking.reset(what)
            case str():
                self._breakers.forget_at(what)
                self._marking.reset_provider(what)
        self._news.tell()

    # What is asked

    def standing(self, service: Service, keys: Sequence[Key] | None, asker: str = "") -> Standing:
        """How well a service is with these keys; with an empty list, how well it is whatever the key.

        None are those its provider was lately asked with. Who already probes it, having been admitted, is
        not in its own way.
        """
        if self.is_spotless(service):
            return WELL
        good = self.lately(service) if keys is None else self.usable_keys(service, keys)
        if keys and not good:
            return Standing(Condition.OUT, FOREVER, Reason.REJECTED)
        worst = last(self._in_the_way(service, good, asker, self._clock()))
        if worst is None:
            return WELL
        is_broken = worst.reason is Reason.AWAY or self.is_open(service)
        return Standing(Condition.MARKED, worst.until, worst.reason, is_broken=is_broken)

    def marked_until(
        self, service: Service, keys: Sequence[Key] | None = None, asker: str = ""
    ) -> float | None:
        """When the marks on a service end; None if there are none. Otherwise as for `standing`."""
        return self.standing(service, keys, asker).until

    def lately(self, service: Service) -> list[Key]:
        """The keys its provider was lately asked with, the best first.

        No rejected one is among them: only its secret could tell whether it was renewed.
        """
        used = usable.lately(self._marks, self._heard, service, self._clock())
        return self.usable_keys(service, used)

    def is_open(self, service: Service) -> bool:
        """Whether its breaker is open and no probe is due yet."""
        breaker = self._breakers.get(service)
        return breaker is not None and breaker.state(self._clock()) is State.OPEN

    def last_failure(self, service: Service) -> float | None:
        """When it last failed in any way that is not the request's fault; None if it never did."""
        breaker = self._breakers.get(service)
        return None if breaker is None else breaker.last_trouble

    def well_since(self, service: Service, now: float) -> float | None:
        """Since when it is well, by the clock that shows `now`: since its last failure, or since its breaker
        let requests through again, whichever is later. Minus infinity: it never failed; None: it is not well.
        """
        if self.marked_until(service) is not None:
            return None
        breaker = self._breakers.get(service)
        if breaker is None or breaker.last_trouble is None:
            return -inf
        here = self._clock()
        return now - (here - max(breaker.last_trouble, breaker.began(here)))

    def usable_keys(self, service: Service, keys: Sequence[Key]) -> list[Key]:
        """The keys in the order to try them: those without a mark, then those whose mark ends first."""
        return usable.in_order(self._marks, service, keys, self._clock())

    def admit(self, service: Service, asker: str) -> bool:
        """Whether to ask it now. A yes may make the asker the probe, who owes the board an outcome."""
        breaker = self._breakers.get(service)
        return breaker is None or breaker.admits(asker, self._clock())

    def snapshot(self) -> View:
        now = self._clock()
        breakers = (BreakerView.of(service, breaker, now) for service, breaker in self._breakers)
        return View(now, tuple(breakers), tuple(self._marks.live(now)))

    def _tell_of(self, breaker: Breaker, before: float | None) -> None:
        if breaker.opens_until != before:
            self._news.tell()

    def _asked(self, service: Service, key: Key, now: float) -> Breaker:
        self._heard.of(key, now)
        return self._breakers.asked(service, now)

    def is_spotless(self, service: Service) -> bool:
        """Whether there is nothing to look for, as there mostly is not."""
        if self._marks.has_any(service.provider):
            return False
        breaker = self._breakers.get(service)
        return breaker is None or breaker.opens_until is None

    def _in_the_way(self, service: Service, keys: Sequence[Key], asker: str, now: float) -> Iterator[Mark]:
        """What keeps the service from being asked: on itself, and on its best key if that one has any."""
        place = Place(service.provider, service.model)
        yield from self._marks.on((Place(service.provider), place), now)
        breaker = self._breakers.get(service)
        if breaker is not None:
            state = breaker.state(now)
            if state is State.OPEN:
                yield Mark(place, Reason.BROKEN, breaker.opens_until or now)
            elif state is State.HALF_OPEN and breaker.is_probed_by_others(asker, now):
                yield Mark(place, Reason.PROBED, now)
        if keys:
            yield from self._marks.for_key(service, keys[0], now)

    def _now(self) -> float:
        now = self._clock()
        if now - self._swept >= _SWEEP_EVERY:
            self._swept = now
            self._marks.sweep(now)
            self._breakers.sweep(now)
        return now
