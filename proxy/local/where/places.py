"""All places worth asking, put together from what listens, what runs, and what the user and files say."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from proxy.local.kinds import SORTS
from proxy.local.place import IPV4, IPV6, Place, is_here, reachable
from proxy.local.where.programs import Running, ports_of_children, running
from proxy.local.where.scene import Scene, Socket

USUAL_PORTS = tuple(dict.fromkeys(port for sort in SORTS.values() for port in sort.ports))
_LOOPBACK = (IPV4, IPV6)
_LOWEST = 1024
"""Below are the services of the system, and servers that only its owner may start."""
_MOST_HIDDEN = 30
_NEVER = frozenset(
    {1433, 1521, 1883, 2049, 2181, 3306, 3310, 3389, 4369, 5432, 5433, 5671, 5672, 5900, 6379, 6380, 6432}
    | {9042, 9092, 9100, 9300, 11211, 26379, 27017, 27018, 27019, 33060, *range(6000, 6010)}
)
"""Where other protocols are at home, whose servers take a question in HTTP for an attack, or print it."""


@dataclass(frozen=True, slots=True)
class Where:
    """The places, and what is known of them before anybody is asked."""

    sure: frozenset[Place] = frozenset()
    """A program listens there that is a server by its name."""
    perhaps: frozenset[Place] = frozenset()
    """A server may be there, as may anything else."""


def where(scene: Scene, said: Iterable[Place], ours: Iterable[int] = ()) -> Where:
    """`said` are the places that the user, the environment or a file names; `ours` are our own ports."""
    out = kept_out(scene, ours)
    programs = list(running(scene))
    sure = frozenset(each for each in _of_programs(programs, scene) if may_be_asked(each, out))
    perhaps = {*said, *_at_usual_ports(scene), *_hidden(programs, scene)}
    return Where(sure, frozenset(each for each in perhaps - sure if may_be_asked(each, out)))


def kept_out(scene: Scene, ours: Iterable[int]) -> frozenset[int]:
    """The ports here where nobody is asked: our own, and those of servers that belong to another one."""
    return frozenset(ports_of_children(scene) | set(ours))


def may_be_asked(place: Place, out: frozenset[int]) -> bool:
    return not (place.is_here and place.port in out)


def nobody_listens(scene: Scene, place: Place) -> bool:
    """Whether that is certain: where refusals take long, as on Windows, a look must not wait for one."""
    return scene.shows_all_sockets and place.is_here and not _sockets_at(scene, place)


def exposed(scene: Scene, place: Place) -> bool | None:
    """Whether other machines can reach what listens there; None where the sockets are not shown."""
    if not place.is_here:
        return True
    here = _sockets_at(scene, place)
    if not here:
        return None
    pids = {each.pid for each in here}
    its = [each for each in scene.sockets if each.port == place.port and (each in here or each.pid in pids)]
    return any(not is_here(_host(each)) for each in its)


def owner(scene: Scene, place: Place) -> int | None:
    """The process that listens at a place, where that is shown and is one."""
    pids = {each.pid for each in _sockets_at(scene, place)}
    return pids.pop() if len(pids) == 1 else None


def _of_programs(programs: Iterable[Running], scene: Scene) -> Iterator[Place]:
    for program in programs:
        for port in program.ports:
            hosts = _hosts(scene, port) or (() if scene.shows_all_sockets else _LOOPBACK)
            yield from (Place(host, port, path=program.path) for host in hosts)


def _at_usual_ports(scene: Scene) -> Iterator[Place]:
    """Where all sockets are shown only those are asked: being refused takes seconds on Windows."""
    for port in USUAL_PORTS:
        hosts = _hosts(scene, port) if scene.shows_all_sockets else _LOOPBACK
        yield from (Place(host, port) for host in hosts)


def _hidden(programs: Iterable[Running], scene: Scene) -> Iterator[Place]:
    """A server that hides its sockets, and is not where it would be, may be wherever an owner is hidden."""
    hidden = [each for each in scene.sockets if each.pid is None]
    ports = {each.port for each in hidden}
    if all(not each.hides_sockets or not ports.isdisjoint(each.ports) for each in programs):
        return
    worth_asking = [each for each in hidden if each.port >= _LOWEST and each.port not in _NEVER]
    for socket in worth_asking[:_MOST_HIDDEN]:
        yield from (Place(host, socket.port) for host in _reached(socket))


def _sockets_at(scene: Scene, place: Place) -> list[Socket]:
    return [each for each in scene.sockets if each.port == place.port and place.host in _reached(each)]


def _hosts(scene: Scene, port: int) -> tuple[str, ...]:
    found = (host for each in scene.sockets if each.port == port for host in _reached(each))
    return tuple(dict.fromkeys(found))


def _reached(socket: Socket) -> tuple[str, ...]:
    """Where this machine reaches a socket: one that is open to all is mostly open in both protocols.

    One that is open at an address in the network only is not for us: tomorrow another machine may have it.
    """
    if socket.host in ("::", "*"):
        return _LOOPBACK
    host = reachable(socket.host)
    return (host,) if is_here(host) else ()


def _host(socket: Socket) -> str:
    """As it was bound: to all addresses is to more than those of here."""
    mapped = socket.host.removeprefix("::ffff:")
    return mapped if mapped != socket.host and "." in mapped else socket.host
