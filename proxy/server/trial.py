"""Trying a provider out: does the key work, does a model answer, stream, and call tools; in plain words.

Every step is a real request, as small as it can be, and its exchange says that it is a test.
"""

import time
from collections.abc import AsyncIterator, Callable, Sequence

import msgspec

from proxy.config import Config
from proxy.exchange import Exchange, Origin, Outcome, Surface, new_id
from proxy.providers.presets import preset
from proxy.providers.provider import Provider
from proxy.routing.service import Candidate, Plan, Service
from proxy.server.trial_steps import GREETING, PICTURE, TOOL_CALL, Step, count, sees
from proxy.upstream.asked import Asked
from proxy.upstream.catalogue import Catalogue
from proxy.upstream.deadline import Deadline
from proxy.upstream.keys import CLIENT_KEY
from proxy.upstream.listing import KnownModel
from proxy.upstream.recorder import Recorder
from proxy.upstream.refusing import RefusedError
from proxy.upstream.upstream import Upstream
from proxy.wire.assemble import collected
from proxy.wire.canonical import Event, TextDelta
from proxy.wire.failure import Failure, FailureKind
from proxy.wire.format import Format
from proxy.wire.splice import Body
from proxy.wire.target import Expecting

_DEADLINE = 120.0
_NO_LIST = (FailureKind.NOT_FOUND, FailureKind.MODEL_NOT_FOUND, FailureKind.METHOD_NOT_ALLOWED)
_ONLY_FOR_CLIENTS = "Not tried: every client brings its own credential along, and a test has none."


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
        config = self._config()
        table = config.providers.get(name)
        if table is None:
            raise Failure(FailureKind.NOT_FOUND, f'No provider is called "{name}".')
        provider = Provider(name, table)
        missing = provider.why_not_configured()
        if missing is not None:
            yield Finding("configuration", ok=False, text=missing)
            return
        if set(table.key_forms) == {CLIENT_KEY}:
            yield Finding("configuration", ok=None, text=_ONLY_FOR_CLIENTS)
            return
        listed: Sequence[KnownModel] = ()
        began = time.monotonic()
        try:
            listed = await self._catalogue.fetch(provider)
        except Failure as failure:
            yield Finding("models", ok=None if failure.kind in _NO_LIST else False, text=failure.sentence)
            if failure.kind in (FailureKind.NO_SERVICE, FailureKind.UNAUTHENTICATED, FailureKind.CONNECTION):
                return
        else:
            yield Finding("models", ok=True, text=count(listed), seconds=time.monotonic() - began)
        chosen = model or _usual_model(config, provider, listed)
        if chosen is None:
            yield Finding("answer", ok=None, text="Name a model with --model; none is known.")
            return
        async for finding in self._asked(Service(name, chosen), config, listed):
            yield finding

    async def _asked(
        self, service: Service, config: Config, listed: Sequence[KnownModel]
    ) -> AsyncIterator[Finding]:
        hello = await self._finding(GREETING, service, config)
        yield hello
        if not hello.ok:
            return
        yield await self._finding(TOOL_CALL, service, config)
        if sees(config.providers[service.provider].kind, service, listed):
            yield await self._finding(PICTURE, service, config)
        else:
            yield Finding("vision", ok=None, text="Not tried: the model is not known to read images.")

    async def _finding(self, step: Step, service: Service, config: Config) -> Finding:
        """One streamed request, and what it shows."""
        from proxy.wire.sides import PROVIDER

        exchange = Exchange(
            id=new_id(),
            surface=Surface.CHAT,
            client="tierwise",
            requested_model=service.model,
            format=Format.OPENAI_CHAT,
            origin=Origin.TEST,
            streamed=True,
            received=time.time(),
            opened=time.monotonic(),
        )
        plan = Plan((Candidate(service),), "probe_pin", _DEADLINE)
        deadline = Deadline.after(_DEADLINE, "for a step of a test")
        asked = Asked(exchange, Body(step.body(service)), ())
        reader = PROVIDER[Format.OPENAI_CHAT].stream_reader(Expecting(seed=exchange.id))
        events: list[Event] = []
        began, first = time.monotonic(), None
        try:
            async with self._upstream.answer(asked, plan, config, deadline) as answer:
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
            return Finding(step.name, ok=False, text=failure.sentence, seconds=time.monotonic() - began)
        finally:
            exchange.outcome = exchange.outcome or Outcome.CANCELLED
            exchange.closed = time.monotonic()
            self._recorder.record(exchange)
        ok, text = step.shows(service, told, first)
        return Finding(step.name, ok=ok, text=text, seconds=time.monotonic() - began)


def _usual_model(config: Config, provider: Provider, listed: Sequence[KnownModel]) -> str | None:
    """What is configured, else what the preset names first, else the first of the list."""
    for entry in config.services:
        if entry.provider == provider.name:
            return entry.model
    suggested = preset(provider.config.kind)
    names = [model.service.model for model in listed]
    if suggested is not None:
        fitting = [model for model in suggested.models if not names or model in names]
        if fitting:
            return fitting[0]
    return names[0] if names else None
