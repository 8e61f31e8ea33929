"""The servers of this machine as pages and programs are told of them; null is unknown."""

from collections.abc import Callable, Iterable
from typing import Self

import msgspec

from proxy.config import TIER_NAMES, Config
from proxy.local.found import LocalModel, LocalServer
from proxy.local.naming import configured_names, names
from proxy.routing.service import Service

Speed = Callable[[Service], float | None]
"""Output tokens per second, as they were measured."""


class ToldModel(msgspec.Struct, frozen=True, kw_only=True):
    """One model."""

    name: str
    service: str
    """What it is called in tiers, once its server is configured."""
    loaded: bool | None
    context: int | None
    """Tokens that one conversation has room for as the model is in memory now."""
    most_context: int | None
    chats: bool
    tools: bool | None
    vision: bool | None
    thinking: bool | None
    size: int | None
    """Bytes."""
    parameters: str
    quantisation: str
    local: bool
    """False for models that the server passes on to its vendor: nothing of them stays here."""
    tokens_per_second: float | None
    """As answers came lately, else within a week."""
    tiers: list[str]

    @classmethod
    def of(cls, model: LocalModel, service: Service, config: Config, speed: Speed) -> Self:
        measured = speed(service)
        return cls(
            name=model.name,
            service=str(service),
            loaded=model.is_loaded,
            context=model.context,
            most_context=model.most_context,
            chats=model.chats,
            tools=model.tools,
            vision=model.vision,
            thinking=model.thinking,
            size=model.size,
            parameters=model.parameters,
            quantisation=model.quantisation,
            local=not model.is_remote,
            tokens_per_second=None if measured is None else round(measured, 1),
            tiers=[name for name in TIER_NAMES if _is_in(config, name, service)],
        )


class ToldServer(msgspec.Struct, frozen=True, kw_only=True):
    """One server."""

    name: str
    configured: bool
    """Whether a provider of that name is; else it is what it would be called."""
    enabled: bool
    """False where that provider is switched off."""
    kind: str
    label: str
    url: str
    version: str
    state: str
    exposed: bool | None
    """Whether other machines can reach it."""
    slots: int | None
    cuts_prompts: bool
    """Whether a prompt that does not fit loses a part of itself in silence."""
    models: list[ToldModel]

    @classmethod
    def of(cls, server: LocalServer, name: str, config: Config, speed: Speed, *, configured: bool) -> Self:
        provider = config.providers.get(name)
        return cls(
            name=name,
            configured=configured,
            enabled=provider is None or provider.enabled,
            kind=server.kind.value,
            label=server.sort.label,
            url=server.place.url,
            version=server.version,
            state=server.state.value,
            exposed=server.is_exposed,
            slots=server.slots,
            cuts_prompts=server.sort.cuts_prompts,
            models=[ToldModel.of(each, Service(name, each.name), config, speed) for each in server.models],
        )


class ToldServers(msgspec.Struct, frozen=True, kw_only=True):
    """The answer of /api/local."""

    enabled: bool
    looked: bool
    """Whether there was time to look around since the start."""
    servers: list[ToldServer]

    @classmethod
    def of(cls, servers: Iterable[LocalServer], config: Config, speed: Speed, *, looked: bool = True) -> Self:
        shown = tuple(servers)
        called, configured = names(shown, config), configured_names(config)
        return cls(
            enabled=config.local.enabled,
            looked=looked,
            servers=[
                ToldServer.of(each, called[each.place], config, speed, configured=each.place in configured)
                for each in shown
            ],
        )


def nobody_looks(config: Config) -> ToldServers:
    """Where servers are not looked for."""
    return ToldServers(enabled=config.local.enabled, looked=False, servers=[])


def _is_in(config: Config, tier: str, service: Service) -> bool:
    pool = config.tiers.get(tier)  # type: ignore[call-overload] # it is one of the names
    return pool is not None and any((each.provider, each.model) == service for each in pool.services)
