"""What the operating system shows of listening sockets and running programs, as far as it lets us see.

Each answer may be refused by itself: another user's program shows its name and hides its sockets, and macOS
tells only root about all of them. So a scene says whether its sockets are all there are. Of most programs
nothing but the name is ever read: the rest takes long, above all on Windows, and the command lines hold what
people type, keys too. Those of the few that may be servers never leave this room. Looking blocks, and belongs
into a thread.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

import psutil

_HIDDEN = (psutil.Error, OSError, RuntimeError)
"""The last one is what psutil makes of a line of /proc that it cannot read."""
_TABLES = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
_LISTENS = b"0A"
_ADDRESS, _STATE, _INODE, _FIELDS = 1, 3, 9, 10
_Told = TypeVar("_Told")


@dataclass(frozen=True, slots=True)
class Socket:
    """Something listens here."""

    host: str
    port: int
    pid: int | None = None


@dataclass(frozen=True, slots=True)
class Program:
    """Something runs."""

    pid: int
    name: str
    parent: int | None = None
    words: tuple[str, ...] = field(default=(), repr=False)
    """Its command line."""
    hides_sockets: bool = False
    """It is not ours to see where it listens, so it may be anywhere."""


@dataclass(frozen=True, slots=True)
class Scene:
    """One look around."""

    sockets: tuple[Socket, ...] = ()
    shows_all_sockets: bool = False
    programs: tuple[Program, ...] = ()
    """Those that may be model servers."""

    def sockets_of(self, pid: int) -> list[Socket]:
        return [each for each in self.sockets if each.pid == pid]


NOTHING_SEEN = Scene()


class Sight:
    """Looks as often as it is called.

    To find the owners of sockets Linux has to be asked for every file of every program, which takes most of
    the time. As long as the same ones listen, and nobody has ended who owned one, they stay who they were.
    """

    def __init__(self, tables: tuple[Path, ...] = _TABLES) -> None:
        self._tables = tables
        self._listening: frozenset[bytes] | None = None
        self._sockets: tuple[Socket, ...] | None = None

    def __call__(self, is_promising: Callable[[Program], bool]) -> Scene:
        """A program is judged by its name at first, and then by its command line."""
        pids = _or_none(psutil.pids) or []
        programs = tuple(_programs(pids, is_promising))
        sockets = self._all_sockets(pids)
        if sockets is None:
            return Scene(tuple(_sockets_of(each.pid for each in programs)), programs=programs)
        owners = {each.pid for each in sockets}
        return Scene(sockets, shows_all_sockets=True, programs=tuple(_with_hiding(programs, owners)))

    def _all_sockets(self, pids: Iterable[int]) -> tuple[Socket, ...] | None:
        listening = _or_none(lambda: _listening_now(self._tables))
        if listening is None or listening != self._listening or not self._owners_are_among(pids):
            self._listening = listening
            self._sockets = _or_none(lambda: tuple(_listeners(psutil.net_connections("tcp"))))
        return self._sockets

    def _owners_are_among(self, pids: Iterable[int]) -> bool:
        if self._sockets is None:
            return False
        return {each.pid for each in self._sockets if each.pid is not None} <= set(pids)


def seen(is_promising: Callable[[Program], bool]) -> Scene:
    """One look, by fresh eyes."""
    return Sight()(is_promising)


def _listening_now(tables: Iterable[Path]) -> frozenset[bytes]:
    """All that listens, each with a number that no other socket has; OSError where this is no Linux."""
    lines = (line.split() for table in tables for line in table.read_bytes().splitlines())
    return frozenset(
        each[_ADDRESS] + each[_INODE] for each in lines if len(each) >= _FIELDS and each[_STATE] == _LISTENS
    )


def _listeners(connections: Iterable[object]) -> Iterator[Socket]:
    for each in connections:
        address = getattr(each, "laddr", None)
        if getattr(each, "status", "") == psutil.CONN_LISTEN and address:
            yield Socket(address.ip, address.port, getattr(each, "pid", None))


def _sockets_of(pids: Iterable[int]) -> Iterator[Socket]:
    for pid in pids:
        with suppress(*_HIDDEN):
            for each in _listeners(psutil.Process(pid).net_connections("tcp")):
                yield replace(each, pid=pid)


def _programs(pids: Iterable[int], is_promising: Callable[[Program], bool]) -> Iterator[Program]:
    for pid in pids:
        with suppress(*_HIDDEN):
            process = psutil.Process(pid)
            with process.oneshot():
                program = Program(pid, process.name())
                if is_promising(program):
                    program = replace(program, words=tuple(_or_none(process.cmdline) or ()))
                if is_promising(program):
                    yield replace(program, parent=_or_none(process.ppid))


def _with_hiding(programs: Iterable[Program], owners: Collection[int | None]) -> Iterator[Program]:
    for each in programs:
        yield each if each.pid in owners else replace(each, hides_sockets=_hides(each.pid))


def _hides(pid: int) -> bool:
    try:
        psutil.Process(pid).net_connections("tcp")
    except (psutil.AccessDenied, PermissionError):
        return True
    except _HIDDEN:
        pass
    return False


def _or_none(ask: Callable[[], _Told]) -> _Told | None:
    try:
        return ask()
    except _HIDDEN:
        return None
