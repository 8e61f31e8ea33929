"""Loading a model into memory before it is asked for anything, as each server wants to be told.

Servers that load by themselves, and always have what they have, are told nothing.
"""

import time
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import msgspec

from proxy.config import Config
from proxy.exchange import Attempt, Exchange, Surface
from proxy.providers.credentials import credential
from proxy.providers.entrance import Task
from proxy.providers.entrances import entrance
from proxy.providers.headers import request_headers
from proxy.providers.provider import Provider
from proxy.routing.service import Service
from proxy.upstream.attempt import Caller
from proxy.upstream.call import Call
from proxy.upstream.deadline import Deadline
from proxy.upstream.keys import Keys
from proxy.wire.errors import read_error
from proxy.wire.failure import Failure, FailureKind
from proxy.wire.format import Format

_SECONDS = 600.0
_FORMATS = {"ollama": Format.OLLAMA}


@dataclass(frozen=True, slots=True)
class _Order:
    path: str
    body: Callable[[str, int, Mapping[str, Any]], Mapping[str, Any]]


def _to_ollama(model: str, context: int, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """A conversation in which nothing is said yet. How long it is kept must be told with it."""
    kept = {"keep_alive": params["keep_alive"]} if "keep_alive" in params else {}
    return {"model": model, "messages": [], "stream": False, "options": {"num_ctx": context}, **kept}


def _to_lm_studio(model: str, context: int, _params: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"model": model, "context_length": context}


def _to_llamacpp(model: str, _context: int, _params: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"model": model}


_ORDERS: Mapping[str, _Order] = {
    "ollama": _Order("/api/chat", _to_ollama),
    "lmstudio": _Order("/api/v1/models/load", _to_lm_studio),
    "llamacpp": _Order("/models/load", _to_llamacpp),
}


class Loader:
    """Tells servers near. It is no exchange: nobody's health, pins or record hear of it."""

    def __init__(self, caller: Caller, keys: Keys) -> None:
        self._caller = caller
        self._keys = keys

    async def load(
        self, service: Service, root: str, config: Config, context: int, params: Mapping[str, Any]
    ) -> float:
        """The seconds that it took; a Failure says why it is not in memory. `root` is where its server is."""
        provider = Provider(service.provider, config.providers[service.provider])
        order = _ORDERS.get(provider.config.kind)
        if order is None:
            raise Failure(FailureKind.NO_SERVICE, f"{provider.kind.label} loads its models by itself.")
        began = time.monotonic()
        body = msgspec.json.encode(order.body(service.model, context, params))
        deadline = Deadline.after(_SECONDS, "for loading a model")
        async with AsyncExitStack() as stack:
            call = await self._call(provider, service, root + order.path, body, deadline)
            raw = await stack.enter_async_context(self._caller.answer(call, Attempt(service), deadline))
            data = await raw.whole(64 * 1024)
            if raw.status >= 300:
                raise read_error(raw.status, data, raw.headers)
        return time.monotonic() - began

    async def _call(
        self, provider: Provider, service: Service, url: str, body: bytes, deadline: Deadline
    ) -> Call:
        format_ = _FORMATS.get(provider.config.kind, Format.OPENAI_CHAT)
        door = entrance(provider, service.model, format_, Task.ANSWER)
        if door is None:
            raise Failure(FailureKind.NO_SERVICE, f"The provider {provider.name} has no address.")
        asking = Exchange("", Surface.CHAT, "tierwise", None, Format.OPENAI_CHAT)
        async with self._caller.in_time(provider.name, deadline):
            key, *_ = await self._keys.of(provider, asking)
            plain = request_headers(door, provider, (), same_format=False)
            proof = await credential(provider, door, key.secret)
            auth = await proof.headers("POST", url, plain, body)
        return Call(
            service=service,
            config=provider.config,
            url=url,
            shown_url=url,
            headers=[*plain, *auth.items()],
            body=body,
            takes_seat=False,
        )
