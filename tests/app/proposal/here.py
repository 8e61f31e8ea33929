"""Servers, models and keys as they may be found, and proposals made of them."""

import time
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from app.configuration.document import parse
from app.configuration.validation import validated
from app.found_keys import FoundKey
from app.proposal import Proposal, proposal
from app.proposal.prices import ListPrices
from app.settings import Settings
from app.toml.edits import edited
from proxy.local.found import LocalModel, LocalServer
from proxy.local.kinds import ServerKind
from proxy.local.place import Place
from proxy.money.catalogue import FILE, Catalogue
from proxy.providers.presets import preset
from proxy.secret import Secret
from resources import resource

NOTHING = Settings()
HAIKU, SONNET, OPUS = (f"anthropic/claude-{name}" for name in ("haiku-4-5", "sonnet-4-6", "opus-4-8"))
CLAUDE = {"SIMPLE": [HAIKU], "MEDIUM": [HAIKU], "COMPLEX": [SONNET], "REASONING": [OPUS]}
PORTS = {ServerKind.OLLAMA: 11434, ServerKind.LLAMACPP: 8080, ServerKind.LM_STUDIO: 1234}


def model(name: str = "qwen3:8b", **said: Any) -> LocalModel:
    """An able one, but for what is said."""
    able: dict[str, Any] = {"context": 32768, "tools": True, "parameters": "8.2B", "is_loaded": False}
    return LocalModel(name=name, **{**able, **said})


def strong(name: str = "qwen3-coder:30b", **said: Any) -> LocalModel:
    return model(name, **{"parameters": "30.5B", **said})


def server(*models: LocalModel, kind: ServerKind = ServerKind.LLAMACPP, **said: Any) -> LocalServer:
    place = said.pop("place", Place("127.0.0.1", PORTS.get(kind, 9000)))
    return LocalServer(kind=kind, place=place, models=models, **said)


def ollama(*models: LocalModel, **said: Any) -> LocalServer:
    return server(*models, kind=ServerKind.OLLAMA, **said)


def key(provider: str, *, source: str = "", label: str = "") -> FoundKey:
    """A key of that preset, in the environment unless it is said where."""
    known = preset(provider)
    assert known is not None
    source = source or f"env:{known.key_variable}"
    return FoundKey(
        provider=provider,
        where=f"the place {source}",
        source=source,
        secret=Secret(f"{provider}-{source}-{label}-q7Rk2vN8"),
        label=label,
    )


def keys(*providers: str) -> list[FoundKey]:
    return [key(each) for each in providers]


@cache
def prices() -> ListPrices:
    return ListPrices(Catalogue(resource(FILE).read_bytes()), time.time())


def proposed(
    *servers: LocalServer,
    keys: list[FoundKey] | None = None,
    settings: Settings = NOTHING,
    **known: Any,
) -> Proposal:
    return proposal(servers, keys or [], settings, prices(), **known)


def tiers(made: Proposal) -> dict[str, list[str]]:
    return {tier.name: [choice.service.name for choice in tier.choices] for tier in made.tiers}


def everywhere(*services: str) -> dict[str, list[str]]:
    return {tier: list(services) for tier in ("SIMPLE", "MEDIUM", "COMPLEX", "REASONING")}


def why_not(made: Proposal) -> Mapping[str, str]:
    return {each.what: each.why for each in made.left_out}


def settings_of(text: str) -> Settings:
    return validated(parse(Path("config.toml"), text.encode()), Settings, ())[0]


def accepted(made: Proposal, text: str = "") -> str:
    """The text of config.toml once the proposal is written to it."""
    return edited(text, made.edits(tomllib.loads(text)))
