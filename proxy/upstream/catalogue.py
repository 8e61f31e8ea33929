"""Which models providers have, as they say themselves; asked when somebody wants to know, and remembered."""

import asyncio
import time
from collections.abc import Iterable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import msgspec

from proxy.config import Config
from proxy.exchange import Attempt, Exchange, Surface
from proxy.providers.credentials import credential
from proxy.providers.entrance import Task
from proxy.providers.entrances import entrance
from proxy.providers.facts import facts
from proxy.providers.headers import request_headers
from proxy.providers.provider import Provider
from proxy.routing.service import Service
from proxy.upstream.attempt import Call, Caller
from proxy.upstream.keys import Keys
from proxy.wire.errors import read_error
from proxy.wire.failure import Failure, FailureKind
from proxy.wire.format import Format

_FRESH_SECONDS = 3600.0
_AGAIN_SECONDS = 60.0
"""After a list could not be had."""
_FETCH_SECONDS = 20.0
_LONGEST = 16 * 1024 * 1024
_LISTS = ("data", "models", "endpoints", "modelSummaries")
_NAMES = ("id", "name", "model", "modelId")


@dataclass(frozen=True, slots=True)
class KnownModel:
    """A model and what is known of it; None is unknown."""

    service: Service
    label: str = ""
    context: int | None = None
    max_output: int | None = None
    tools: bool | None = None
    vision: bool | None = None
    thinking: bool | None = None


@dataclass(slots=True)
class _Kept:
    models: tuple[KnownModel, ...]
    until: float


class Catalogue:
    """The lists of all providers."""

    def __init__(self, caller: Caller, keys: Keys) -> None:
        self._caller = caller
        self._keys = keys
        self._kept: dict[str, _Kept] = {}
        self._fetching: dict[str, asyncio.Task[None]] = {}

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

    async def refresh(self, config: Config, seconds: float) -> None:
        """Ask the enabled providers whose lists are old, and wait so long at most; the rest comes later."""
        fetching = [
            self._fetch_later(Provider(name, table), config)
            for name, table in config.providers.items()
            if table.enabled and (table.is_on_this_machine or not config.routing.local_only)
        ]
        waiting = [task for task in fetching if task is not None]
        if waiting:
            await asyncio.wait(waiting, timeout=seconds)

    async def close(self) -> None:
        for task in tuple(self._fetching.values()):
            task.cancel()
        await asyncio.gather(*self._fetching.values(), return_exceptions=True)

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
        keys = await self._keys.of(provider, asking)
        plain = request_headers(place, provider, (), same_format=True)
        auth = await (await credential(provider, place, keys[0].secret)).headers("GET", place.url, plain, b"")
        call = Call(
            service=Service(provider.name, ""),
            config=provider.config,
            method="GET",
            url=place.url,
            shown_url=place.shown_url,
            headers=[*plain, *auth.items()],
            body=None,
            is_official=provider.is_official,
        )
        async with AsyncExitStack() as stack:
            attempt = Attempt(call.service)
            raw = await stack.enter_async_context(self._caller.answer(call, attempt, _FETCH_SECONDS))
            data = await raw.whole(_LONGEST)
            if raw.status != 200:
                raise read_error(raw.status, data, raw.headers)
        return await asyncio.to_thread(_models, provider, data)

    def _fetch_later(self, provider: Provider, config: Config) -> asyncio.Task[None] | None:
        kept = self._kept.get(provider.name)
        if kept is not None and kept.until > time.monotonic():
            return None
        running = self._fetching.get(provider.name)
        if running is None or running.done():
            running = asyncio.create_task(self._fetch_and_keep(provider))
            self._fetching[provider.name] = running
        return running

    async def _fetch_and_keep(self, provider: Provider) -> None:
        before = self._kept.get(provider.name)
        try:
            models = await self.fetch(provider)
        except Failure:
            models = before.models if before is not None else ()
            self._kept[provider.name] = _Kept(models, time.monotonic() + _AGAIN_SECONDS)
        else:
            self._kept[provider.name] = _Kept(models, time.monotonic() + _FRESH_SECONDS)


def _models(provider: Provider, data: bytes) -> tuple[KnownModel, ...]:
    try:
        told = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Failure(
            FailureKind.BAD_ANSWER, f"The list of models of {provider.name} cannot be read."
        ) from error
    found = (_model(provider, entry) for entry in _entries(told))
    return tuple(model for model in found if model is not None)


def _entries(told: Any) -> list[Any]:
    if isinstance(told, list):
        return told
    if not isinstance(told, Mapping):
        return []
    return next((told[name] for name in _LISTS if isinstance(told.get(name), list)), [])


def _model(provider: Provider, entry: Any) -> KnownModel | None:
    if isinstance(entry, str):
        entry = {"id": entry}
    if not isinstance(entry, Mapping):
        return None
    name = next((entry[key] for key in _NAMES if isinstance(entry.get(key), str) and entry[key]), None)
    if name is None:
        return None
    name = name.removeprefix("models/")
    presumed = facts(provider.config.kind, name)
    modalities = entry.get("architecture") if isinstance(entry.get("architecture"), Mapping) else entry
    inputs = modalities.get("input_modalities") if isinstance(modalities, Mapping) else None
    parameters = entry.get("supported_parameters")
    return KnownModel(
        Service(provider.name, name),
        label=_text(entry, "display_name", "displayName", "name") or name,
        context=_number(entry, "context_length", "context_window", "max_context_length", "inputTokenLimit")
        or presumed.context,
        max_output=_number(entry, "max_output_tokens", "outputTokenLimit", "max_completion_tokens")
        or presumed.max_output,
        tools="tools" in parameters if isinstance(parameters, list) else presumed.tools,
        vision="image" in inputs if isinstance(inputs, list) else presumed.vision,
        thinking="reasoning" in parameters if isinstance(parameters, list) else presumed.thinking,
    )


def _number(entry: Mapping[str, Any], *names: str) -> int | None:
    values = (entry.get(name) for name in names)
    return next((value for value in values if isinstance(value, int) and value > 0), None)


def _text(entry: Mapping[str, Any], *names: str) -> str | None:
    values = (entry.get(name) for name in names)
    return next((value for value in values if isinstance(value, str) and value), None)
