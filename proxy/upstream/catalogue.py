"""Which models providers have, as they say themselves; asked when somebody wants to know, and remembered."""

import asyncio
import time
from collections.abc import Iterable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

from proxy.config import Config
from proxy.exchange import Attempt, Exchange, Surface
from proxy.providers.credentials import credential
from proxy.providers.entrance import Entrance, Task
from proxy.providers.entrances import entrance
from proxy.providers.headers import request_headers
from proxy.providers.provider import Provider
from proxy.routing.health.key import Key
from proxy.routing.service import Service
from proxy.upstream.attempt import Caller
from proxy.upstream.call import Call
from proxy.upstream.deadline import Deadline
from proxy.upstream.judging import is_about_the_key
from proxy.upstream.keys import Keys
from proxy.upstream.listing import KnownModel, listed
from proxy.upstream.refused_key import naming
from proxy.wire.errors import read_error
from proxy.wire.failure import Failure, FailureKind
from proxy.wire.format import Format

_FRESH_SECONDS = 3600.0
_AGAIN_SECONDS = 60.0
"""After a list could not be had."""
_FETCH_SECONDS = 20.0
_LONGEST = 16 * 1024 * 1024


@dataclass(slots=True)
class _Kept:
    provider: Provider
    """As it was configured when it was asked."""
    models: tuple[KnownModel, ...]
    until: float
    by_name: dict[str, KnownModel] = field(init=False)

    def __post_init__(self) -> None:
        self.by_name = {known.service.model: known for known in self.models}


@dataclass(frozen=True, slots=True)
class _Fetching:
    provider: Provider
    task: asyncio.Task[None]


class Catalogue:
    """The lists of all providers."""

    def __init__(self, caller: Caller, keys: Keys) -> None:
        self._caller = caller
        self._keys = keys
        self._kept: dict[str, _Kept] = {}
        self.revision = 0
        """Another one when a list has come in."""
        self._fetching: dict[str, _Fetching] = {}

    def forget(self) -> None:
        """Ask anew; what is known is shown until then."""
        for kept in self._kept.values():
            kept.until = 0.0

    def known(self, config: Config) -> Iterable[KnownModel]:
        """What enabled providers are known to have."""
        for name, table in config.providers.items():
            kept = self._kept.get(name)
            if table.enabled and kept is not None:
                yield from kept.models

    def has_list(self, provider: str) -> bool:
        """Whether it has listed any models, however long ago."""
        kept = self._kept.get(provider)
        return kept is not None and bool(kept.models)

    def model(self, service: Service) -> KnownModel | None:
        """What a provider's list tells of a model, if the list has been asked for and has it."""
        kept = self._kept.get(service.provider)
        return None if kept is None else kept.by_name.get(service.model)

    async def refresh(self, config: Config, seconds: float) -> None:
        """Ask the enabled providers whose lists are old, and wait so long at most; the rest comes later."""
        fetching = [
            self._fetch_later(Provider(name, table))
            for name, table in config.providers.items()
            if table.enabled and (table.is_on_this_machine or not config.routing.local_only)
        ]
        waiting = [task for task in fetching if task is not None]
        if waiting:
            await asyncio.wait(waiting, timeout=seconds)

    async def close(self) -> None:
        tasks = [fetching.task for fetching in self._fetching.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def fetch(self, provider: Provider) -> tuple[KnownModel, ...]:
        """The list as it is now; a Failure says why there is none."""
        missing = provider.why_not_configured()
        if missing is not None:
            raise Failure(FailureKind.NO_SERVICE, missing)
        place = entrance(provider, "", Format.OPENAI_CHAT, Task.MODELS)
        if place is None:
            raise Failure(
                FailureKind.NOT_FOUND, f"The provider {provider.name} offers no list of its models."
            )
        asking = Exchange("", Surface.CHAT, "tierwise", None, Format.OPENAI_CHAT)
        deadline = Deadline.after(_FETCH_SECONDS, "for a list of models")
        async with self._caller.in_time(provider.name, deadline):
            *others, last = await self._keys.of(provider, asking)
        for key in others:
            try:
                return await self._asked(provider, place, key)
            except Failure as failure:
                if not is_about_the_key(failure):
                    raise
        return await self._asked(provider, place, last)

    async def _asked(self, provider: Provider, place: Entrance, key: Key) -> tuple[KnownModel, ...]:
        deadline = Deadline.after(_FETCH_SECONDS, "for a list of models")
        plain = request_headers(place, provider, (), same_format=True)
        async with self._caller.in_time(provider.name, deadline):
            proof = await credential(provider, place, key.secret)
            auth = await proof.headers("GET", place.url, plain, b"")
        call = Call(
            service=Service(provider.name, ""),
            config=provider.config,
            method="GET",
            url=place.url,
            shown_url=place.shown_url,
            headers=[*plain, *auth.items()],
            body=None,
            is_official=provider.is_official,
            takes_seat=False,
        )
        async with AsyncExitStack() as stack:
            attempt = Attempt(call.service)
            raw = await stack.enter_async_context(self._caller.answer(call, attempt, deadline))
            data = await raw.whole(_LONGEST)
            if raw.status != 200:
                raise naming(provider.name, read_error(raw.status, data, raw.headers))
        return await asyncio.to_thread(listed, provider, data)

    def _fetch_later(self, provider: Provider) -> asyncio.Task[None] | None:
        kept = self._kept.get(provider.name)
        if kept is not None and kept.provider == provider and kept.until > time.monotonic():
            return None
        running = self._fetching.get(provider.name)
        if running is not None and running.provider == provider and not running.task.done():
            return running.task
        if running is not None:
            running.task.cancel()  # it asks where the provider was
        task = asyncio.create_task(self._fetch_and_keep(provider))
        self._fetching[provider.name] = _Fetching(provider, task)
        return task

    async def _fetch_and_keep(self, provider: Provider) -> None:
        before = self._kept.get(provider.name)
        try:
            models = await self.fetch(provider)
        except Failure:
            models = before.models if before is not None else ()
            self._kept[provider.name] = _Kept(provider, models, time.monotonic() + _AGAIN_SECONDS)
        else:
            self._kept[provider.name] = _Kept(provider, models, time.monotonic() + _FRESH_SECONDS)
        self.revision += 1
