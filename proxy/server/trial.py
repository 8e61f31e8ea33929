"""Trying a provider out: does the key work, does a model answer, stream, and call tools; in plain words.

Every step is a real request, as small as it can be, and its exchange says that it is a test.
"""

import json
import time
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

import msgspec

from proxy.config import Config
from proxy.exchange import Exchange, Origin, Outcome, Surface
from proxy.providers.facts import facts
from proxy.providers.presets import preset
from proxy.providers.provider import Provider
from proxy.routing.service import Candidate, Plan, Service
from proxy.upstream.asked import Asked
from proxy.upstream.catalogue import Catalogue
from proxy.upstream.listing import KnownModel
from proxy.upstream.recorder import Recorder
from proxy.upstream.refusing import RefusedError
from proxy.upstream.upstream import Upstream
from proxy.wire.assemble import collected
from proxy.wire.canonical import Answer, Event, Text, TextDelta, ToolCall
from proxy.wire.failure import Failure, FailureKind
from proxy.wire.format import Format
from proxy.wire.splice import Body
from proxy.wire.target import Expecting

_DEADLINE = 120.0
_ROOM = 256
"""Tokens for an answer: models that think first need some before they say anything."""
_HELLO = "Reply with the word OK."
_CALL = "Call the tool `ping` with the text OK."
_LOOK = "Which colour has this picture? Reply with one word."
_PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAABAAAAAQCAIAAACQkWg2AAAAFklEQVR4nGP4z8BAEiJN9aiGUQ1DSgMAePb/AQHQ1S0AAAAA"
    "SUVORK5CYII="
)
_TOOL = {
    "type": "function",
    "function": {
        "name": "ping",
        "description": "Says pong.",
        "parameters": {"type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"]},
    },
}


class Finding(msgspec.Struct, frozen=True):
    """What one step has shown. `ok` is None where nothing was tried."""

    step: str
    ok: bool | None
    text: str
    seconds: float | None = None


class Trial:
    """Tries providers of the running configuration."""

    def __init__(
        self, config: Callable[[], Config], upstream: Upstream, catalogue: Catalogue, recorder: Recorder
    ) -> None:
        self._config = config
        self._upstream = upstream
        self._catalogue = catalogue
        self._recorder = recorder

    async def findings(self, name: str, model: str | None = None) -> AsyncIterator[Finding]:
        """Step by step, as they come. Raises a Failure for a provider that does not exist."""
        table = self._config().providers.get(name)
        if table is None:
            raise Failure(FailureKind.NOT_FOUND, f'No provider is called "{name}".')
        provider = Provider(name, table)
        missing = provider.why_not_configured()
        if missing is not None:
            yield Finding("configuration", ok=False, text=missing)
            return
        listed: Sequence[KnownModel] = ()
        began = time.monotonic()
        try:
            listed = await self._catalogue.fetch(provider)
        except Failure as failure:
            not_offered = failure.kind in (FailureKind.NOT_FOUND, FailureKind.MODEL_NOT_FOUND)
            yield Finding("models", ok=None if not_offered else False, text=failure.sentence)
            if failure.kind in (FailureKind.NO_SERVICE, FailureKind.UNAUTHENTICATED, FailureKind.CONNECTION):
                return
        else:
            yield Finding("models", ok=True, text=_count(listed), seconds=time.monotonic() - began)
        chosen = model or self._usual_model(provider, listed)
        if chosen is None:
            yield Finding("answer", ok=None, text="Name a model with --model; none is known.")
            return
        async for finding in self._asked(Service(name, chosen), provider, listed):
            yield finding

    async def _asked(
        self, service: Service, provider: Provider, listed: Sequence[KnownModel]
    ) -> AsyncIterator[Finding]:
        hello = await self._answer("answer", service, _body(service, _HELLO))
        yield hello
        if not hello.ok:
            return
        yield await self._answer(
            "tools", service, _body(service, _CALL, tools=[_TOOL], tool_choice="required")
        )
        if _sees(provider, service, listed):
            picture = {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{_PIXEL}"}}
            yield await self._answer(
                "vision", service, _body(service, [{"type": "text", "text": _LOOK}, picture])
            )
        else:
            yield Finding("vision", ok=None, text="Not tried: the model is not known to read images.")

    async def _answer(self, step: str, service: Service, body: bytes) -> Finding:
        """One streamed request; what it shows depends on the step."""
        from proxy.wire.sides import PROVIDER

        exchange = Exchange(
            id=f"test_{time.monotonic_ns():x}",
            surface=Surface.CHAT,
            client="tierwise",
            requested_model=service.model,
            format=Format.OPENAI_CHAT,
            origin=Origin.TEST,
            streamed=True,
            received=time.time(),
        )
        plan = Plan((Candidate(service),), "probe_pin", _DEADLINE)
        reader = PROVIDER[Format.OPENAI_CHAT].stream_reader(Expecting(seed=exchange.id))
        events: list[Event] = []
        began, first = time.monotonic(), None
        try:
            async with self._upstream.answer(Asked(exchange, Body(body), ()), plan) as answer:
                async for chunk in answer.chunks():
                    events += reader.feed(chunk)
                    if first is None and any(isinstance(event, TextDelta) for event in events):
                        first = time.monotonic() - began
            events += reader.end()
            told = collected(events, Format.OPENAI_CHAT)
            exchange.outcome = Outcome.ANSWERED
        except (RefusedError, Failure) as error:
            failure = error if isinstance(error, Failure) else error.failure
            exchange.outcome, exchange.failure = Outcome.FAILED, failure
            return Finding(step, ok=False, text=failure.sentence, seconds=time.monotonic() - began)
        finally:
            exchange.outcome = exchange.outcome or Outcome.CANCELLED
            exchange.ended = time.time()
            self._recorder.record(exchange)
        return _judged(step, service, told, first, time.monotonic() - began)

    def _usual_model(self, provider: Provider, listed: Sequence[KnownModel]) -> str | None:
        """What is configured, else what the preset names first, else the first of the list."""
        config = self._config()
        pools = [tier.services for tier in config.tiers.values()] + [
            route.services for route in config.routes
        ]
        for pool in pools:
            for entry in pool:
                if entry.provider == provider.name:
                    return entry.model
        suggested = preset(provider.config.kind)
        names = [model.service.model for model in listed]
        if suggested is not None:
            fitting = [model for model in suggested.models if not names or model in names]
            if fitting:
                return fitting[0]
        return names[0] if names else None


def _body(service: Service, said: Any, **more: Any) -> bytes:
    body = {
        "model": service.model,
        "messages": [{"role": "user", "content": said}],
        "max_tokens": _ROOM,
        "stream": True,
        "stream_options": {"include_usage": True},
        **more,
    }
    return json.dumps(body).encode()


def _count(listed: Sequence[KnownModel]) -> str:
    """Nothing of the key: many tell their list to everybody."""
    if not listed:
        return "The list of models is empty."
    return "1 model is listed." if len(listed) == 1 else f"{len(listed)} models are listed."


def _sees(provider: Provider, service: Service, listed: Sequence[KnownModel]) -> bool:
    known = next((model.vision for model in listed if model.service == service), None)
    return bool(facts(provider.config.kind, service.model).vision if known is None else known)


def _judged(step: str, service: Service, told: Answer, first: float | None, seconds: float) -> Finding:
    said = "".join(block.text for block in told.content if isinstance(block, Text)).strip()
    if step == "tools":
        calls = [block for block in told.content if isinstance(block, ToolCall)]
        if not calls:
            return Finding(step, ok=False, text=f"{service} was to call a tool and did not.", seconds=seconds)
        return Finding(step, ok=True, text=f"{service} calls tools.", seconds=seconds)
    if step == "vision":
        if not said:
            return Finding(
                step, ok=False, text=f"{service} was shown an image, and is silent.", seconds=seconds
            )
        return Finding(step, ok=True, text=f"{service} takes images.", seconds=seconds)
    if not told.content:
        return Finding(step, ok=False, text=f"{service} answered with nothing.", seconds=seconds)
    begins = f"; its first word came after {first:.2f} s" if first is not None else ""
    return Finding(step, ok=True, text=f"{service} answers and streams{begins}.", seconds=seconds)
