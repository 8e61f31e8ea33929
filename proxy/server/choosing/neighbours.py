"""The servers of this machine as requests meet them: by the providers that are configured with them.

What a server tells of a model now counts more than what its list told an hour ago, and that more than what is
known of such models anyway.
"""

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from proxy.config import Config, ProviderConfig
from proxy.local.found import LocalModel, LocalServer, State
from proxy.local.kinds import ServerKind
from proxy.local.place import Place
from proxy.local.watch import Watch
from proxy.providers.kinds import KINDS
from proxy.providers.params import wishes
from proxy.routing.selection.snapshot import Abilities
from proxy.routing.service import Candidate, Service
from proxy.server.choosing.contexts import Contexts, Model
from proxy.server.choosing.rooms import (
    LEAST_ANSWER,
    LOADED_ON_DEMAND,
    UNTOLD,
    USUAL,
    given,
    is_told,
    kept,
    most,
    room,
    wanted_for,
)
from proxy.upstream.nearby import NOTHING_TO_FIT, Fitting, Slots

_COUNTING = frozenset({ServerKind.LLAMACPP, ServerKind.VLLM})
_OF_ONE_MODEL = frozenset({ServerKind.LLAMACPP, ServerKind.LLAMAFILE})
_EVERYBODYS = "library"
"""The owner of the models that have none in their names."""
_AGAIN_SECONDS = 2.0
_FIRST_LOOK_SECONDS = 2.0


class Neighbours:
    """What is known near, for those who choose and for those who ask. It is touched on the loop only."""

    def __init__(self, watch: Watch, clock: Callable[[], float] = time.monotonic) -> None:
        self._watch = watch
        self._clock = clock
        self.tokens_at: Callable[[Service, int], int] = lambda _service, estimated: estimated
        """How a model counts an estimate; whoever learns that puts it here."""
        self._remote: dict[int, frozenset[str]] = {}
        """What is passed on at which port, also while its server is gone and tells nothing."""
        self._contexts = Contexts(clock)
        self._doubted: dict[str, float] = {}
        self._looked_at: dict[str, float] = {}
        """When a request had a provider's server looked at."""
        self._looks: dict[str, asyncio.Task[None]] = {}
        """Those that are under way."""
        self._servers: dict[str, LocalServer | None] = {}
        """By their providers: they are asked for with every request, and seldom change."""
        watch.listen(self._note)

    def reconfigured(self) -> None:
        self._servers.clear()

    @property
    def revision(self) -> int:
        return self._watch.revision

    async def first_look(self, config: Config) -> None:
        """Until it is known what is here, where that matters and is going to be known at all.

        Only a server itself knows what it would cut, and what it passes on.
        """
        if self._watch.has_looked or not self._watch.is_on:
            return
        if not any(each.enabled and each.is_on_this_machine for each in config.providers.values()):
            return
        looked = asyncio.Event()
        stop = self._watch.listen(looked.set)
        with suppress(TimeoutError):
            async with asyncio.timeout(_FIRST_LOOK_SECONDS):
                while not self._watch.has_looked:
                    looked.clear()
                    await looked.wait()
        stop()

    def server(self, provider: str) -> LocalServer | None:
        if provider not in self._servers:
            self._servers[provider] = self._watch.server_of(provider)
        return self._servers[provider]

    def model(self, service: Service) -> LocalModel | None:
        """A server of one model answers to any name with it."""
        server = self.server(service.provider)
        if server is None:
            return None
        is_only = server.kind in _OF_ONE_MODEL and len(server.models) == 1
        return server.models[0] if is_only else _listed(server, service.model)

    def leaves(self, service: Service) -> bool:
        """Whether its server passes on what it is asked, as far as that was ever seen."""
        server, model = self.server(service.provider), self.model(service)
        if server is None or model is not None:
            return model is not None and model.is_remote
        return _full_name(service.model) in self._remote.get(server.place.port, ())

    def abilities(self, candidate: Candidate, config: Config, known: Abilities) -> Abilities:
        """What was known of a service, with what its server tells now."""
        service = candidate.service
        server, model = self.server(service.provider), self.model(service)
        if server is None or model is None or server.state is State.GONE:
            return replace(known, leaves=self.leaves(service))
        has = room(server.kind, model, candidate.params, config.providers[service.provider], config)
        return replace(
            known,
            context=has.tokens or known.context,
            tools=known.tools if model.tools is None else model.tools,
            vision=known.vision if model.vision is None else model.vision,
            thinking=known.thinking if model.thinking is None else model.thinking,
            cuts=server.sort.cuts_prompts and not model.is_remote,
            is_unloaded=has.is_guess,
            leaves=model.is_remote,
            counts=server.kind in _COUNTING,
        )

    def slots(self, provider: str) -> Slots | None:
        server = self.server(provider)
        return None if server is None else Slots(server.place.url, server.slots)

    def window(self, candidate: Candidate, config: Config) -> int | None:
        service = candidate.service
        server, model = self.server(service.provider), self.model(service)
        if server is None or model is None:
            return None
        return room(server.kind, model, candidate.params, config.providers[service.provider], config).tokens

    async def looked_at_again(self, service: Service | None, tokens: int, config: Config) -> bool:
        """Whether the server that is about to be asked was looked at again, and is otherwise than it was."""
        server = None if service is None else self.server(service.provider)
        if service is None or server is None or not self._may_have_changed(service, server, tokens, config):
            return False
        looking = self._looks.get(service.provider)
        if looking is None:
            if server.state is not State.GONE and self._was_looked_at_lately(service.provider):
                return False
            looking = self._look_at(service.provider)
        await asyncio.wait([looking], timeout=_FIRST_LOOK_SECONDS)
        return self.server(service.provider) != server

    def _look_at(self, provider: str) -> "asyncio.Task[None]":
        """One look for all who need it meanwhile."""
        self._looked_at[provider] = self._clock()
        look = self._looks[provider] = asyncio.create_task(self._watch.look_at(provider))
        look.add_done_callback(lambda _look: self._looks.pop(provider))
        return look

    def _was_looked_at_lately(self, provider: str) -> bool:
        return self._clock() - self._looked_at.get(provider, -_AGAIN_SECONDS) < _AGAIN_SECONDS

    def _may_have_changed(self, service: Service, server: LocalServer, tokens: int, config: Config) -> bool:
        """One that is gone may be back, with whatever it holds now. And what one holds that loads models on
        demand may be another's since the last look, with as little context as that makes usual: a prompt
        that fits only what was seen then would be cut in silence.
        """
        if server.state is State.GONE:
            return True
        if tokens <= UNTOLD or server.kind not in LOADED_ON_DEMAND:
            return False
        return not (is_told(config.providers[service.provider]) or self.leaves(service))

    def wanted(self, providers: Iterable[str]) -> None:
        """Those of them that are gone may be back by now, so they are looked at, but not all the time."""
        now = self._clock()
        for provider in providers:
            server = self.server(provider)
            if server is None or server.state is not State.GONE:
                continue
            if now - self._doubted.get(provider, -_AGAIN_SECONDS) >= _AGAIN_SECONDS:
                self._doubted[provider] = now
                self._watch.doubt(provider)

    def loading(self, service: Service, config: Config) -> tuple[str, int, Mapping[str, Any]] | None:
        """Where its server is, the context to load the model with, and how long it is kept."""
        server, model = self.server(service.provider), self.model(service)
        if server is None or model is None or model.is_remote:
            return None
        provider = config.providers[service.provider]
        keeping = kept(provider.kind, config.local.keep_alive)
        context = given(USUAL, self._has(service, provider, model), most(model, config))
        self._contexts.tell(_known_as(service, provider), context)
        return server.place.url, context, keeping

    def failed(self, provider: str, config: Config) -> None:
        """Its server could not be reached or broke off, or could not load what it was told."""
        table = config.providers.get(provider)
        if table is not None:
            self._contexts.forget_at(_address(table))

    def counted(self, service: Service, estimated: int) -> int:
        """Never fewer than estimated: some tell only what they had not read before, and that is learned."""
        return max(estimated, self.tokens_at(service, estimated))

    def fitting(self, candidate: Candidate, config: Config, tokens: int) -> Fitting:
        service, model = candidate.service, self.model(candidate.service)
        provider = config.providers[service.provider]
        if self.leaves(service) or (provider.is_on_this_machine and not provider.keeps_here(service.model)):
            return NOTHING_TO_FIT  # how much it has, and for how long, is somebody else's business
        keeping = kept(provider.kind, config.local.keep_alive)
        if not is_told(provider):
            return Fitting(params=keeping)
        said = wishes(candidate.params).context
        if said is not None:
            return Fitting(params=keeping, max_output=max(LEAST_ANSWER, said - tokens))
        at_most = most(model, config)
        wanted = wanted_for(tokens, self.server(service.provider))
        context = given(wanted, self._has(service, provider, model), at_most)
        self._contexts.tell(_known_as(service, provider), context)
        return Fitting(
            params={"num_ctx": context, **keeping},
            max_output=max(LEAST_ANSWER, context - tokens),
            context=context,
            most=at_most,
            notes=(f"num_ctx: {context}",),
        )

    def _has(self, service: Service, provider: ProviderConfig, model: LocalModel | None) -> int:
        """What it has in memory, or was told to give."""
        seen = 0 if model is None else model.context or 0
        return max(seen, self._contexts.of(_known_as(service, provider)))

    def _note(self) -> None:
        self._servers.clear()
        for server in self._watch.servers:
            if server.kind is ServerKind.OLLAMA and server.state is not State.GONE:
                passed_on = (_full_name(each.name) for each in server.models if each.is_remote)
                self._remote[server.place.port] = frozenset(passed_on)


def _known_as(service: Service, provider: ProviderConfig) -> Model:
    return _address(provider), _full_name(service.model)


def _address(provider: ProviderConfig) -> str:
    """The same for all providers that are at one server."""
    place = Place.from_url(provider.base_url or KINDS[provider.kind].root)
    return provider.base_url if place is None else f"{place.host}:{place.port}"


def _listed(server: LocalServer, name: str) -> LocalModel | None:
    found = server.model(name)
    if found is not None or server.kind is not ServerKind.OLLAMA:
        return found
    wanted = _full_name(name)
    return next((each for each in server.models if _full_name(each.name) == wanted), None)


def _full_name(name: str) -> str:
    """As Ollama lists a model that may be asked for by less."""
    *places, model = name.casefold().split("/")
    owner = [each for each in places[-1:] if each != _EVERYBODYS]
    shown = "/".join([*owner, model])
    return shown if ":" in model else f"{shown}:latest"
