"""A watch over a machine that shows what a test lets it show, and waiting for what it comes to know."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from proxy.config import Config
from proxy.local.found import State
from proxy.local.kinds import ServerKind
from proxy.local.pace import Pace
from proxy.local.surroundings import Surroundings
from proxy.local.watch import Watch
from proxy.local.where.scene import NOTHING_SEEN, Program, Scene, Socket
from tests.fakes.local import sockets
from tests.fakes.local.server import FakeLocal

QUICK = Pace(watched=0.02, unwatched=0.02, loading=0.02, doubt=0.02, again=0.02, left_alone=3600)
ONLY_WHEN_WOKEN = Pace(watched=3600, unwatched=3600, loading=3600, doubt=0.02)
OURS = os.getpid()

Fake = FakeLocal | sockets.RawSocket


class Machine:
    """Shows the sockets of the fakes that listen just now, and the programs that are said to run."""

    def __init__(self, *fakes: Fake, programs: tuple[Program, ...] = ()) -> None:
        self.fakes = list(fakes)
        self.programs = programs
        self.pid: int | None = OURS
        """Whose the sockets are said to be."""
        self.looks = 0

    def __call__(self, _is_promising: Callable[[Program], bool]) -> Scene:
        self.looks += 1
        shown = tuple(Socket(each.host, each.port, self.pid) for each in self.fakes if _listens(each))
        return Scene(shown, shows_all_sockets=True, programs=self.programs)


def _listens(fake: Fake) -> bool:
    """Whether it takes a connection: nothing is asked, so it is no question that the fake counts."""
    try:
        socket.create_connection((fake.host, fake.port), 0.3).close()
    except OSError:
        return False
    return True


def nothing_shown(_is_promising: Callable[[Program], bool]) -> Scene:
    return NOTHING_SEEN


def servers_of_a_program(*fakes: Fake) -> Machine:
    """All of them belong to a program that is a model server by its name."""
    return Machine(*fakes, programs=(Program(OURS, "ollama"),))


def watch_of(
    machine: Callable[[Callable[[Program], bool]], Scene],
    config: Config | None = None,
    pace: Pace = QUICK,
    **more: Any,
) -> Watch:
    around = Surroundings(environ={}, home=Path("/nowhere/at/all"), look_around=machine, units=())
    return Watch(config or Config(), around, pace=pace, **more)


@asynccontextmanager
async def watching(
    machine: Callable[[Callable[[Program], bool]], Scene],
    config: Config | None = None,
    pace: Pace = QUICK,
    **more: Any,
) -> AsyncIterator[Watch]:
    watch = watch_of(machine, config, pace, **more)
    watch.start()
    try:
        with watch.watched():
            yield watch
    finally:
        await watch.stop()


async def until(watch: Watch, is_so: Callable[[], object]) -> None:
    """Waits for changes until something is so."""
    changed = asyncio.Event()
    stop = watch.listen(changed.set)
    try:
        async with asyncio.timeout(20):
            while not is_so():
                changed.clear()
                await changed.wait()
    finally:
        stop()


async def asked_again(server: FakeLocal, times: int) -> None:
    """Waits until it has been asked that often from now on."""
    wanted = len(server.seen) + times
    while len(server.seen) < wanted:
        server.arrived.clear()
        await server.arrived.wait()


def found(watch: Watch) -> list[tuple[ServerKind, int, State]]:
    return [(each.kind, each.place.port, each.state) for each in watch.servers]


def provider(server: Fake, kind: str = "ollama", host: str = "") -> dict[str, str]:
    return {"kind": kind, "base_url": f"http://{host}:{server.port}" if host else server.url}
