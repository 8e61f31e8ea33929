"""What is known of the servers of this machine, from one look to the next.

A server that does not answer once may be busy; after two looks in vain it is gone. One that is configured
stays in the list even so, as gone, so that it can be told of; others are forgotten. Where somebody answers
whom we do not know, nothing is known, whatever is configured there: it may well do what it is configured for.
A server that listens in both protocols is one, and goes by its address in the older one, unless it is
configured with the other.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace

from proxy.local.found import LocalServer, State
from proxy.local.glancing import Glance
from proxy.local.kinds import ServerKind
from proxy.local.place import IPV4, IPV6, Place

MISSES = 2
_OTHER = {IPV4: IPV6, IPV6: IPV4}


class Known:
    """All of one machine. It is touched on the loop only."""

    def __init__(self) -> None:
        self._at: dict[Place, LocalServer] = {}
        self._misses: dict[Place, int] = {}
        self._expected: Mapping[Place, ServerKind] = {}
        self._either: Collection[Place] = ()

    @property
    def servers(self) -> tuple[LocalServer, ...]:
        """Each once, in the order of their kinds and ports."""
        shown = (server for server in self._at.values() if not self._is_shown_elsewhere(server))
        order = list(ServerKind)
        return tuple(sorted(shown, key=lambda each: (order.index(each.kind), each.place)))

    def at(self, place: Place) -> LocalServer | None:
        return self._at.get(place)

    def running(self) -> dict[Place, LocalServer]:
        """What is where, without those that are gone."""
        return {place: server for place, server in self._at.items() if server.state is not State.GONE}

    def expect(self, places: Mapping[Place, ServerKind], either: Collection[Place] = ()) -> bool:
        """The places that the configuration names; whether that changes what is known.

        At those of `either` the server may as well be at the address in the other protocol.
        """
        shown = self.servers
        self._expected, self._either = dict(places), frozenset(either)
        left = [each for each, server in self._at.items() if server.state is State.GONE]
        for each in left:
            if each not in places:
                self.forget(each)
        return self.servers != shown

    def note(
        self, seen: Glance, describe: Callable[[LocalServer], LocalServer], *, is_busy: bool = False
    ) -> bool:
        """Whether a look has changed what is known. One that is at work for us may be too busy to answer."""
        before = self._at.get(seen.place)
        if seen.server is not None:
            self._misses.pop(seen.place, None)
            self._at[seen.place] = describe(seen.server)
            return self._at[seen.place] != before
        is_missed = (seen.is_gone or seen.is_slow) and seen.place in self._expected
        if before is None and not is_missed:
            self._misses.pop(seen.place, None)
            return False
        if seen.is_slow and is_busy:
            return False
        self._misses[seen.place] = self._misses.get(seen.place, 0) + 1
        return self._misses[seen.place] >= MISSES and self._lost(seen, before)

    def is_doubtful(self, place: Place) -> bool:
        """Whether it was looked at in vain, but not often enough."""
        return 0 < self._misses.get(place, 0) < MISSES

    def forget(self, place: Place) -> None:
        self._at.pop(place, None)
        self._misses.pop(place, None)

    def forget_all(self) -> bool:
        """Whether there was anything."""
        had_any = bool(self._at)
        self._at.clear()
        self._misses.clear()
        return had_any

    def _lost(self, seen: Glance, before: LocalServer | None) -> bool:
        place = seen.place
        if place not in self._expected or not (seen.is_gone or seen.is_slow):
            self.forget(place)
            return True
        kind = self._expected[place] if before is None else before.kind
        version, slots = ("", None) if before is None else (before.version, before.slots)
        self._at[place] = LocalServer(kind=kind, place=place, version=version, state=State.GONE, slots=slots)
        return self._at[place] != before

    def _is_shown_elsewhere(self, server: LocalServer) -> bool:
        """Whether it is the same that listens at the other protocol's address, and goes by that."""
        place = server.place
        if place.host not in _OTHER:
            return False
        twin = self._at.get(replace(place, host=_OTHER[place.host]))
        if twin is None:
            return False
        if server.state is State.GONE and twin.state is not State.GONE and place in self._either:
            return True
        if not _are_one(server, twin):
            return False
        if (place in self._expected) != (twin.place in self._expected):
            return twin.place in self._expected
        return place.host == IPV6


def _are_one(server: LocalServer, other: LocalServer) -> bool:
    if server.pid is not None and server.pid == other.pid:
        return server.kind is other.kind
    return _looks(server) == _looks(other)


def _looks(server: LocalServer) -> tuple[object, ...]:
    return server.kind, server.version, server.state, tuple(each.name for each in server.models)
