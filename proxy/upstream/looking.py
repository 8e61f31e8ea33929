"""How long it is believed which keys a provider has, and how they are looked for beside requests.

A key may be stored, renewed or taken away at any moment, and nobody tells. What was found last is believed
until something else is found: a rejected key stays rejected. But it is looked for again when somebody wants
it, soon where there was none, later where there was one.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from proxy.providers.provider import Provider
from proxy.routing.health.key import Key

PATIENCE: Final = 2.0
"""Seconds that a request waits for a keyring, when it would be refused otherwise."""

_FOUND_SECONDS: Final = 10.0
_MISSING_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True)
class KnownKeys:
    """What a provider was last found to be asked with."""

    keys: Sequence[Key] = ()
    missing: str = ""
    """Why there is none, or not every one."""
    at: float = 0.0
    forms: tuple[str, ...] = ()
    """How its keys were configured."""

    def is_doubtful(self, provider: Provider, now: float) -> bool:
        """Whether it may be otherwise by now."""
        believed = _FOUND_SECONDS if self.keys else _MISSING_SECONDS
        return now - self.at >= believed or self.forms != provider.config.key_forms


class Looks:
    """Those under way: one for each provider, however many want to know."""

    def __init__(self, look: Callable[[Provider], Coroutine[None, None, None]]) -> None:
        self._look = look
        self._of: dict[tuple[str, tuple[str, ...]], asyncio.Task[None]] = {}

    def begin(self, provider: Provider) -> asyncio.Task[None]:
        place = (provider.name, provider.config.key_forms)
        under_way = self._of.get(place)
        if under_way is not None:
            return under_way
        self._of[place] = begun = asyncio.create_task(self._look(provider))
        begun.add_done_callback(lambda _: self._of.pop(place, None))
        return begun

    async def wait(self, providers: Iterable[Provider], seconds: float | None = None) -> None:
        """For as long at most; whoever gives up waiting ends nothing."""
        if looks := [self.begin(provider) for provider in providers]:
            await asyncio.wait(looks, timeout=seconds)

    async def close(self) -> None:
        looks = tuple(self._of.values())
        for look in looks:
            look.cancel()
        await asyncio.gather(*looks, return_exceptions=True)
