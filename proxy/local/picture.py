"""What looks at places and the sockets of the machine tell together: who is where, and whom to ask again."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from proxy.local.found import LocalServer
from proxy.local.glancing import Glance
from proxy.local.known import Known
from proxy.local.pace import LeftAlone, Pace
from proxy.local.place import Place
from proxy.local.where.places import Where, exposed, kept_out, may_be_asked, nobody_listens, owner
from proxy.local.where.scene import NOTHING_SEEN, Scene


class Picture:
    """One gateway's."""

    def __init__(self, pace: Pace, our_ports: Callable[[], set[int]], now: Callable[[], float]) -> None:
        self.known = Known()
        self._our_ports = our_ports
        self._now = now
        self._left_alone = LeftAlone(pace)
        self._scene: Scene = NOTHING_SEEN
        self._sure: frozenset[Place] = frozenset()

    def see(self, scene: Scene, where: Where) -> bool:
        """Another look around; whether a server that was known turns out to be a part of another one."""
        self._scene, self._sure = scene, where.sure
        out = kept_out(scene, self._our_ports())
        parts = [each for each in self.known.running() if not may_be_asked(each, out)]
        for each in parts:
            self.known.forget(each)
        return bool(parts)

    def to_ask(self, places: Iterable[Place]) -> Mapping[Place, LocalServer | None]:
        """Those of the places that are to be asked now, with what was there."""
        out, running = kept_out(self._scene, self._our_ports()), self.known.running()
        return {
            place: running.get(place)
            for place in places
            if may_be_asked(place, out) and (place in running or not self._is_left_alone(place))
        }

    def doubtful(self, places: Iterable[Place]) -> list[Place]:
        """Those that were looked at in vain for the first time."""
        return [each for each in places if self.known.is_doubtful(each)]

    def note(self, seen: Glance, *, is_busy: bool) -> bool:
        """Whether a look has changed what is known."""
        place = seen.place
        if seen.is_slow and not is_busy and nobody_listens(self._scene, place):
            seen = replace(seen, is_slow=False, is_gone=True)
        was_known = self.known.at(place) is not None
        if seen.server is not None:
            self._left_alone.forget(place)
        elif not was_known and not seen.is_gone:
            is_promising = seen.is_slow or seen.is_mute or place in self._sure
            self._left_alone.leave(place, self._owner(place), self._now(), is_promising=is_promising)
        return self.known.note(seen, self._described, is_busy=is_busy)

    def give_another_chance(self, places: Iterable[Place] | None = None) -> None:
        """Nothing of these is left alone any longer; of all, where none are named."""
        if places is None:
            self._left_alone.forget_all()
        for each in places or ():
            self._left_alone.forget(each)

    def _described(self, server: LocalServer) -> LocalServer:
        """With what its sockets tell of it."""
        place = server.place
        return replace(server, is_exposed=exposed(self._scene, place), pid=self._owner(place))

    def _is_left_alone(self, place: Place) -> bool:
        return self._left_alone.has(place, self._owner(place), self._now())

    def _owner(self, place: Place) -> int | None:
        return owner(self._scene, place)
