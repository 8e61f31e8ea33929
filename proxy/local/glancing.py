"""One look at a place, or at many at once: short whatever is there, and told as soon as it is over."""

import asyncio
from collections.abc import AsyncGenerator, Iterable
from dataclasses import dataclass

import aiohttp

from proxy import log
from proxy.local.asking import PLACE_SECONDS, Asker, GoneError, MuteError
from proxy.local.bounds import bounded
from proxy.local.found import LocalServer
from proxy.local.identifying import identified, looked_at
from proxy.local.place import Place

_log = log.area("local")


@dataclass(frozen=True, slots=True)
class Glance:
    """What a look came to. Without a server and not gone, something else answers."""

    place: Place
    server: LocalServer | None = None
    is_gone: bool = False
    """Nobody listens."""
    is_slow: bool = False
    """Whoever is there did not answer in time, and may just be busy."""
    is_mute: bool = False
    """Whoever is there hangs up: no HTTP, or the way into a container whose server is still starting."""


async def glance(session: aiohttp.ClientSession, place: Place, before: LocalServer | None = None) -> Glance:
    """`before` is what was there: it is asked for that, and not for all that it might be."""
    asker = Asker(session, place)
    try:
        async with asyncio.timeout(PLACE_SECONDS):
            server = await (identified(asker) if before is None else looked_at(asker, before))
    except GoneError:
        return Glance(place, is_gone=True)
    except MuteError:
        return Glance(place, is_slow=asker.is_slow, is_mute=not asker.is_slow)
    except TimeoutError:
        return Glance(place, is_slow=True)
    except Exception:  # noqa: BLE001 -- what one place answers must not end the look at all others
        _log.exception("what answers at %s was not understood", place.url)
        return Glance(place)
    if asker.is_slow:
        return _half_heard(place, before if server is not None else None)
    return Glance(place, server and bounded(server))


def _half_heard(place: Place, before: LocalServer | None) -> Glance:
    """What was not answered is not known to be otherwise than it was, and is never taken for no."""
    return Glance(place, before, is_slow=before is None)


async def glances(
    session: aiohttp.ClientSession, places: Iterable[tuple[Place, LocalServer | None]]
) -> AsyncGenerator[Glance, None]:
    """All at once, each as it is over. Closing it early ends the others."""
    looks = [asyncio.create_task(glance(session, place, before)) for place, before in places]
    try:
        for look in asyncio.as_completed(looks):
            yield await look
    finally:
        for each in looks:
            each.cancel()
        await asyncio.gather(*looks, return_exceptions=True)
