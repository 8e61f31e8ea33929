"""All that may be found on a port: model servers of every sort, and what must never be taken for one.

    async with zoo() as residents:
        for finding in await census(residents):
            assert finding.is_right

The ports are whichever are free, so nobody can be known by them. Every second one lives at [::1], unless its
real sort does not listen there.
"""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Protocol

import aiohttp

from proxy.local.asking import asking_session
from proxy.local.found import LocalServer, State
from proxy.local.glancing import glance
from proxy.local.kinds import ServerKind
from proxy.local.place import IPV4, IPV6, Place


class Creature(Protocol):
    """What all the fakes have in common."""

    host: str
    port: int

    @property
    def was_only_looked_at(self) -> bool: ...

    def running(self) -> AbstractAsyncContextManager[Any]: ...


@dataclass(frozen=True, kw_only=True)
class Animal:
    name: str
    make: Callable[..., Creature]
    """Makes a new one; the host is handed in."""
    expected: ServerKind | None = None
    """What it is to be taken for; None: for nothing."""
    state: State = State.READY
    hosts: tuple[str, ...] = (IPV4, IPV6)

    def __str__(self) -> str:
        return self.name


class Housed(Protocol):
    """An animal and where it is, be it in this process or in another."""

    @property
    def animal(self) -> Animal: ...

    @property
    def place(self) -> Place: ...


@dataclass(frozen=True)
class Resident:
    """An animal that is awake and listens."""

    animal: Animal
    creature: Creature

    @property
    def place(self) -> Place:
        return Place(self.creature.host, self.creature.port)

    @property
    def was_left_in_peace(self) -> bool:
        """It was looked at and not touched: nothing was loaded, written or forgotten because of it."""
        memory = getattr(self.creature, "memory", self.creature)
        woken = [*getattr(self.creature, "woken", ()), *getattr(memory, "loads", ())]
        return self.creature.was_only_looked_at and not woken


@dataclass(frozen=True)
class Finding:
    """What an animal was taken for, and how long that took."""

    animal: Animal
    found: LocalServer | None
    seconds: float

    @property
    def kind(self) -> ServerKind | None:
        return None if self.found is None else self.found.kind

    @property
    def is_right(self) -> bool:
        if self.found is None or self.animal.expected is None:
            return self.kind is self.animal.expected
        return (self.found.kind, self.found.state) == (self.animal.expected, self.animal.state)


@asynccontextmanager
async def zoo(animals: Iterable[Animal] | None = None, host: str = "") -> AsyncIterator[list[Resident]]:
    """All of them, awake at once; at one host if it is named."""
    async with AsyncExitStack() as stack:
        residents = []
        for number, animal in enumerate(everyone() if animals is None else animals):
            creature = animal.make(host=host or _home(animal, number))
            residents.append(Resident(animal, await stack.enter_async_context(creature.running())))
        yield residents


def everyone() -> Sequence[Animal]:
    from tests.fakes.local.species import DECOYS, SERVERS  # it describes them with what is above

    return (*SERVERS, *DECOYS)


async def census(animals: Iterable[Housed]) -> list[Finding]:
    """Looks at all of them at the same time, as a sweep over a machine does."""
    async with asking_session() as session:
        return await asyncio.gather(*(_looked_at(session, each) for each in animals))


async def _looked_at(session: aiohttp.ClientSession, housed: Housed) -> Finding:
    begun = time.perf_counter()
    seen = await glance(session, housed.place)
    return Finding(housed.animal, seen.server, time.perf_counter() - begun)


def precision(findings: Iterable[Finding]) -> float:
    """How much of what was found is what it was taken for."""
    found = [each.is_right for each in findings if each.found is not None]
    return sum(found) / len(found) if found else 1.0


def recall(findings: Iterable[Finding]) -> float:
    """How many of those that are to be found were found for what they are."""
    wanted = [each.is_right for each in findings if each.animal.expected is not None]
    return sum(wanted) / len(wanted) if wanted else 1.0


def _home(animal: Animal, number: int) -> str:
    homes = [each for each in animal.hosts if each == IPV4 or has_ipv6()]
    return homes[number % len(homes)]


def has_ipv6() -> bool:
    """Some machines, containers above all, have no [::1]."""
    try:
        with socket.socket(socket.AF_INET6) as tried:
            tried.bind((IPV6, 0))
    except OSError:
        return False
    return True
