"""What is remembered of threads: in memory, on the loop, and without a clock of its own.

Everything that is asked gets an answer that stays as it is; nothing that is asked changes anything. What
changes is noted by the thread's key, so that it can be kept over a restart (`WriteBehind`).
"""

import dataclasses
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from types import MappingProxyType

import msgspec

from proxy.routing.affinity.census import Census
from proxy.routing.affinity.leaving import Leaving, Place
from proxy.routing.affinity.pins import Pin, Remembered, is_forgotten, is_live
from proxy.routing.affinity.threads import Thread
from proxy.routing.service import Service


@dataclass(frozen=True, slots=True)
class Sitting:
    """A live pin, as a window shows it: whose it is stands there only as a digest."""

    thread: bytes
    route: str
    client: str
    partition: str
    pin: Pin


class Affinity:
    """The pins of all threads. How many there may be is counted for each route by itself."""

    def __init__(self) -> None:
        self._threads: dict[bytes, Remembered] = {}
        self._leaving: dict[str, Leaving] = {}
        self._census = Census()
        self._changed: set[bytes] = set()
        self._own: set[bytes] | None = set()
        """Threads that were written before those of the last run are brought back; None: they have been."""

    def __len__(self) -> int:
        """How many pins there are, live or not."""
        return sum(map(len, self._leaving.values()))

    # -- asking ------------------------------------------------------------------------------------

    def remembered(self, thread: Thread) -> Remembered | None:
        return self._threads.get(thread.key)

    def count_by_service(self, service: Service, now: float) -> int:
        """How many threads have a live pin to it."""
        return self._census.count(service, now)

    def live(self, now: float) -> Iterator[Sitting]:
        for key, known in self._threads.items():
            for partition, pin in known.pins.items():
                if is_live(pin, now):
                    yield Sitting(key, known.route, known.client, partition, pin)

    # -- writing -----------------------------------------------------------------------------------

    def put(
        self, thread: Thread, partition: str, pin: Pin, now: float, most: int, *, is_typed: bool = True
    ) -> None:
        """Pin the thread, in place of the partition's pin before. Room is made first: a new pin stays."""
        if not (thread.session and pin.provider and pin.model):
            return
        key = thread.key
        leaving = self._leaving.setdefault(thread.route, Leaving())
        leaving.gone((key, partition))
        while len(leaving) >= max(most, 1):
            self._take(*leaving.first())
        known = self._threads.get(key)
        if known is None:
            nothing = MappingProxyType[str, Pin]({})
            known = Remembered(nothing, partition, now, route=thread.route, client=thread.client)
        known = known.with_pin(partition, pin)
        self._set(key, known.typed(partition) if is_typed else known)
        leaving.written((key, partition), awaits=pin.awaits_result)

    def renew(self, thread: Thread, partition: str, now: float, ttl: float, max_age: float) -> None:
        """A served turn gives the pin its whole time again, but none beyond `max_age`."""
        pin = self._pin(thread, partition)
        if pin is None:
            return
        ends = min(now + ttl, pin.first_locked + max_age)
        self._replace(thread, partition, msgspec.structs.replace(pin, locked_at=now, expires_at=ends))
        self._leaving[thread.route].written((thread.key, partition), awaits=pin.awaits_result)

    def followed(self, thread: Thread, partition: str) -> None:
        """A typed turn went where its pin says: what comes of its tools belongs there."""
        known = self._threads.get(thread.key)
        if known is not None and partition in known.pins:
            self._set(thread.key, known.typed(partition))

    def note_answer(
        self,
        thread: Thread,
        partition: str,
        message_id: str,
        *,
        awaits_result: bool,
        prefix: int,
        warm_until: float,
    ) -> None:
        """What the pin's service has answered. That makes the pin no younger."""
        pin = self._pin(thread, partition)
        if pin is None:
            return
        told = msgspec.structs.replace(
            pin, message_id=message_id, awaits_result=awaits_result, prefix=prefix, warm_until=warm_until
        )
        self._replace(thread, partition, told)
        self._leaving[thread.route].noted((thread.key, partition), awaits=awaits_result)

    def note_need(self, thread: Thread, wanted: str | None, score: float | None, mark: int) -> None:
        """What its last typed turn needed; the mark tells that turn from others."""
        known = self._threads.get(thread.key)
        if known is None:
            return
        need = known.need.followed_by(wanted, score, mark)
        if need != known.need:
            self._set(thread.key, dataclasses.replace(known, need=need))

    def relabelled(self, thread: Thread, partition: str, tier: str | None) -> None:
        """The pin's service goes on with the thread, in another of its tiers."""
        pin = self._pin(thread, partition)
        if pin is not None and pin.tier != tier:
            self._replace(thread, partition, msgspec.structs.replace(pin, tier=tier))

    def drop(self, thread: Thread, partition: str) -> None:
        if self._pin(thread, partition) is not None:
            self._take(thread.key, partition)

    def release(self, fits: Callable[[Pin], bool]) -> int:
        """Drop all pins that fit, and say how many."""
        places = [
            (key, partition)
            for key, known in self._threads.items()
            for partition, pin in known.pins.items()
            if fits(pin)
        ]
        for place in places:
            self._take(*place)
        return len(places)

    def sweep(self, now: float) -> int:
        """Drop the pins that nobody is going to ask for any more."""
        return self.release(lambda pin: is_forgotten(pin, now))

    # -- over a restart ----------------------------------------------------------------------------

    def recall(self, threads: Iterable[tuple[bytes, Remembered]], unreadable: Iterable[bytes] = ()) -> None:
        """Bring back those of the last run; what was written in this one stays as it was written."""
        own, self._own = self._own or set(), None
        found = [(key, known) for key, known in threads if key not in own]
        places: list[tuple[float, Place, bool]] = []
        for key, known in found:
            self._threads[key] = known
            self._census.changed((), known.pins.values())
            places += [(pin.locked_at, (key, name), pin.awaits_result) for name, pin in known.pins.items()]
        for _, (key, partition), awaits in sorted(places, reverse=True):
            leaving = self._leaving.setdefault(self._threads[key].route, Leaving())
            leaving.recalled((key, partition), awaits=awaits)
        self._changed.update(unreadable)

    @property
    def changed(self) -> int:
        """How many threads have changed since they were last taken."""
        return len(self._changed)

    def take_changed(self, most: int) -> dict[bytes, Remembered | None]:
        """Some of those, as they are; None: gone."""
        taken = [self._changed.pop() for _ in range(min(most, len(self._changed)))]
        return {key: self._threads.get(key) for key in taken}

    def give_back(self, keys: Iterable[bytes]) -> None:
        """They could not be kept, and are to be taken again."""
        self._changed.update(keys)

    # -- inside ------------------------------------------------------------------------------------

    def _pin(self, thread: Thread, partition: str) -> Pin | None:
        known = self._threads.get(thread.key)
        return known.pins.get(partition) if known is not None else None

    def _replace(self, thread: Thread, partition: str, pin: Pin) -> None:
        self._set(thread.key, self._threads[thread.key].with_pin(partition, pin))

    def _take(self, key: bytes, partition: str) -> None:
        known = self._threads[key]
        self._leaving[known.route].gone((key, partition))
        self._set(key, known.without(partition))

    def _set(self, key: bytes, known: Remembered) -> None:
        before = self._threads.get(key)
        self._census.changed(before.pins.values() if before is not None else (), known.pins.values())
        if known.pins:
            self._threads[key] = known
        else:
            del self._threads[key]
        self._changed.add(key)
        if self._own is not None:
            self._own.add(key)
