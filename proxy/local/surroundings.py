"""The machine around us: what it shows, and what its environment and files say of model servers.

Looking around blocks, so it is done in a thread, and given up after a moment: whoever has very many programs
is not kept waiting, and the usual ports are asked meanwhile. The thread is one of its own that nobody waits
for, not even at the end of the program: a look may hang for good.
"""

import asyncio
import os
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from proxy import log
from proxy.config import Config, ProviderConfig, ProviderKind
from proxy.config.address import host_of
from proxy.local.kinds import ServerKind
from proxy.local.place import IPV6, Place
from proxy.local.where import environment, files
from proxy.local.where.places import Where, where
from proxy.local.where.programs import is_promising
from proxy.local.where.scene import NOTHING_SEEN, Program, Scene, Sight
from proxy.providers.provider import Provider

_log = log.area("local")

LOOK_SECONDS = 0.4
_TELLING = frozenset(ServerKind)
_SUFFIXES = ("/engines/v1", "/v1", "/api")
_AMBIGUOUS = "localhost"

_Looked = tuple[Scene, tuple[Place, ...]]


@dataclass(slots=True)
class Surroundings:
    """One machine. `look_around` may be another one's in tests."""

    environ: Mapping[str, str] = field(default_factory=lambda: os.environ, repr=False)
    home: Path = field(default_factory=Path.home)
    look_around: Callable[[Callable[[Program], bool]], Scene] = field(default_factory=Sight)
    units: tuple[Path, ...] = files.UNITS
    _scene: Scene = NOTHING_SEEN
    _said: tuple[Place, ...] = ()
    _looking: asyncio.Future[_Looked] | None = None
    _has_failed: bool = False

    async def seen(self) -> Scene:
        """The newest look; where that takes long, the one before it, for this once."""
        self._take()
        if self._looking is None:
            self._looking = _beside(self._look)
        await asyncio.wait([self._looking], timeout=LOOK_SECONDS)
        self._take()
        return self._scene

    async def where(self, config: Config, ours: Iterable[int]) -> tuple[Scene, Where]:
        scene = await self.seen()
        return scene, where(scene, [*configured(config), *self._said], ours)

    def stop(self) -> None:
        """Nobody waits any longer for a look that has begun."""
        if self._looking is not None:
            self._take()
        if self._looking is not None:
            self._looking.cancel()
            self._looking = None

    def _take(self) -> None:
        """What a look has come to, if it is over; also one that was too late for those who asked for it."""
        if self._looking is None or not self._looking.done():
            return
        looked, self._looking = self._looking, None
        if looked.cancelled():
            return
        if (error := looked.exception()) is None:
            self._scene, self._said = looked.result()
            return
        self._scene = NOTHING_SEEN
        if not self._has_failed:
            self._has_failed = True  # it will fail each time, and is told of once
            _log.error("this machine cannot be looked at; the usual ports are asked", exc_info=error)

    def _look(self) -> _Looked:
        said = (*environment.places(self.environ), *files.places(self.home, self.units))
        return self.look_around(is_promising), said


def _beside(look: Callable[[], _Looked]) -> asyncio.Future[_Looked]:
    """What a look comes to in a thread that keeps nobody waiting."""
    loop = asyncio.get_running_loop()
    looking: asyncio.Future[_Looked] = loop.create_future()

    def looked() -> None:
        try:
            found = look()
        except Exception as error:  # noqa: BLE001 -- it is told to whoever waits, like any other outcome
            told: Callable[[], None] = partial(looking.set_exception, error)
        else:
            told = partial(looking.set_result, found)
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(_unless_over, looking, told)

    threading.Thread(target=looked, name="look-around", daemon=True).start()
    return looking


def _unless_over(looking: asyncio.Future[_Looked], tell: Callable[[], None]) -> None:
    if not looking.done():
        tell()


def configured(config: Config) -> Iterable[Place]:
    """Where the user says that servers are: the entries of [local], and the providers on this machine."""
    for entry in config.local.servers:
        yield from _meant(entry.url)
    for name in config.providers:
        yield from places_of(config, name)


def place_of(config: Config, provider: str) -> Place | None:
    """Where the server of a provider is; None for one that is not on this machine."""
    return next(iter(places_of(config, provider)), None)


def places_of(config: Config, provider: str) -> tuple[Place, ...]:
    """All that its address may mean, the likeliest first; none for one that is switched off."""
    table = config.providers.get(provider)
    return () if table is None or not table.enabled else places_named(provider, table)


def places_named(provider: str, table: ProviderConfig) -> tuple[Place, ...]:
    """The same, whether or not it is switched on."""
    return _meant(Provider(provider, table).base) if table.is_on_this_machine else ()


def all_places(config: Config) -> Mapping[str, tuple[Place, ...]]:
    """The places of every provider."""
    return {name: places_of(config, name) for name in config.providers}


def expected(config: Config) -> Mapping[Place, ServerKind]:
    """What is where according to the providers. What localhost may mean besides is no place of its own."""
    return {
        places[0]: kind_expected(config.providers[name].kind)
        for name, places in all_places(config).items()
        if places
    }


def in_either_protocol(config: Config) -> frozenset[Place]:
    """Those of the expected places that only say localhost: the server may be at [::1] instead."""
    found = [places for places in all_places(config).values() if places]
    return frozenset(each[0] for each in found if len(each) > 1) - {
        each[0] for each in found if len(each) == 1
    }


def _meant(url: str) -> tuple[Place, ...]:
    """All that an address may mean: localhost is in either protocol, and mostly in the older one."""
    is_ambiguous = host_of(url) == _AMBIGUOUS
    for suffix in _SUFFIXES:
        url = url.rstrip("/").removesuffix(suffix)
    place = Place.from_url(url)
    if place is None:
        return ()
    return (place, replace(place, host=IPV6)) if is_ambiguous else (place,)


def kind_expected(kind: ProviderKind) -> ServerKind:
    """What a server most likely is that a provider of a kind is configured with."""
    return ServerKind(kind) if kind in _TELLING else ServerKind.OPENAI_COMPATIBLE
