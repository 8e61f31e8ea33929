"""Whatever happens in whatever order: what is remembered is what a plain list of all pins says."""

from dataclasses import dataclass, field

import msgspec
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from proxy.routing.affinity.affinity import Affinity
from proxy.routing.affinity.packing import Row, packed, unpacked
from proxy.routing.affinity.pins import OVERTIME, Pin, is_forgotten
from proxy.routing.affinity.threads import Thread
from proxy.routing.service import Service
from tests.proxy.routing.affinity.made import HAIKU, LOCAL, NOW, OPUS, pin

THREADS = [
    Thread("main", "claude-code", "one"),
    Thread("main", "claude-code", "one", "explorer"),
    Thread("main", "codex", "one"),
    Thread("other", "claude-code", "one"),
]
SERVICES = [HAIKU, OPUS, LOCAL]

threads = st.sampled_from(THREADS)
partitions = st.sampled_from(["", "code"])
services = st.sampled_from(SERVICES)
seconds = st.integers(1, 400)
Place = tuple[Thread, str]


@dataclass
class Plain:
    """All pins in the order in which they were written, and what is known of their threads."""

    pins: dict[Place, Pin] = field(default_factory=dict)
    threads: dict[Thread, tuple[str, float]] = field(default_factory=dict)

    def put(self, place: Place, new: Pin, now: float, most: int, *, is_typed: bool) -> None:
        while len(others := self.of_route(place)) >= most:
            resting = [other for other in others if not self.pins[other].awaits_result]
            self.drop((resting or others)[0])
        last, first_seen = self.threads.get(place[0], (place[1], now))
        self.threads[place[0]] = (place[1] if is_typed else last, first_seen)
        self.pins.pop(place, None)
        self.pins[place] = new

    def of_route(self, but: Place) -> list[Place]:
        return [place for place in self.pins if place[0].route == but[0].route and place != but]

    def drop(self, place: Place) -> None:
        if self.pins.pop(place, None) is not None and not self.of(place[0]):
            del self.threads[place[0]]

    def of(self, thread: Thread) -> dict[str, Pin]:
        return {partition: kept for (other, partition), kept in self.pins.items() if other == thread}

    def count(self, service: Service, now: float) -> int:
        return len(
            {
                place[0]
                for place, kept in self.pins.items()
                if kept.service == service and now <= kept.expires_at
            }
        )


class Pinning(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.affinity = Affinity()
        self.affinity.recall([])
        self.plain = Plain()
        self.now = NOW
        self.rows: dict[bytes, Row] = {}

    @rule(
        thread=threads,
        partition=partitions,
        service=services,
        lasts=seconds,
        most=st.integers(1, 4),
        awaits=st.booleans(),
        is_typed=st.booleans(),
    )
    def put(
        self,
        thread: Thread,
        partition: str,
        service: Service,
        lasts: int,
        most: int,
        awaits: bool,
        is_typed: bool,
    ) -> None:
        self.now += 1
        new = pin(service, self.now, expires_at=self.now + lasts, awaits_result=awaits)
        self.affinity.put(thread, partition, new, self.now, most, is_typed=is_typed)
        self.plain.put((thread, partition), new, self.now, most, is_typed=is_typed)

    @rule(thread=threads, partition=partitions, ttl=seconds, max_age=seconds)
    def renew(self, thread: Thread, partition: str, ttl: int, max_age: int) -> None:
        self.now += 1
        self.affinity.renew(thread, partition, self.now, ttl, max_age)
        old = self.plain.pins.pop((thread, partition), None)
        if old is not None:
            ends = min(self.now + ttl, old.first_locked + max_age)
            new = msgspec.structs.replace(old, locked_at=self.now, expires_at=ends)
            self.plain.pins[thread, partition] = new

    @rule(thread=threads, partition=partitions, awaits=st.booleans())
    def note_answer(self, thread: Thread, partition: str, awaits: bool) -> None:
        self.affinity.note_answer(
            thread, partition, "msg", awaits_result=awaits, prefix=9, warm_until=self.now
        )
        old = self.plain.pins.get((thread, partition))
        if old is not None:
            told = msgspec.structs.replace(
                old, message_id="msg", awaits_result=awaits, prefix=9, warm_until=self.now
            )
            self.plain.pins[thread, partition] = told

    @rule(thread=threads, partition=partitions)
    def drop(self, thread: Thread, partition: str) -> None:
        self.affinity.drop(thread, partition)
        self.plain.drop((thread, partition))

    @rule(service=services)
    def release(self, service: Service) -> None:
        leaving = [place for place, kept in self.plain.pins.items() if kept.service == service]
        assert self.affinity.release(lambda kept: kept.service == service) == len(leaving)
        for place in leaving:
            self.plain.drop(place)

    @rule(passing=st.sampled_from([1, 200, 500]))
    def wait(self, passing: int) -> None:
        self.now += passing

    @rule()
    def wait_for_long_and_sweep(self) -> None:
        self.now += OVERTIME + 200
        self.affinity.sweep(self.now)
        self._forget()

    @rule()
    def write(self) -> None:
        """As the store does, from nothing but what is said to have changed."""
        for key, known in self.affinity.take_changed(100).items():
            self.rows.pop(key, None)
            if known is not None:
                self.rows[key] = (key, *packed(known))

    @rule()
    def restart(self) -> None:
        self.write()
        self._forget()
        self.affinity = Affinity()
        self.affinity.recall(*unpacked(self.rows.values(), self.now))

    def _forget(self) -> None:
        for place, kept in list(self.plain.pins.items()):
            if is_forgotten(kept, self.now):
                self.plain.drop(place)

    @invariant()
    def every_thread_is_remembered_as_it_is(self) -> None:
        for thread in THREADS:
            known = self.affinity.remembered(thread)
            assert (known is None) == (thread not in self.plain.threads)
            if known is not None:
                assert dict(known.pins) == self.plain.of(thread)
                assert (known.last, known.first_seen) == self.plain.threads[thread]
                assert (known.route, known.client) == (thread.route, thread.client)

    @invariant()
    def all_are_counted(self) -> None:
        assert len(self.affinity) == len(self.plain.pins)
        for service in SERVICES:
            for moment in (self.now, self.now + 100, self.now + 1000):
                assert self.affinity.count_by_service(service, moment) == self.plain.count(service, moment)
        live = {(each.thread, each.partition) for each in self.affinity.live(self.now)}
        assert live == {
            (thread.key, partition)
            for (thread, partition), kept in self.plain.pins.items()
            if self.now <= kept.expires_at
        }


TestPinning = Pinning.TestCase
TestPinning.settings = settings(stateful_step_count=60)
