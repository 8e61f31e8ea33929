"""The world that recorded sessions are replayed in: ladders of models, and list prices."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

import msgspec

from proxy.config import TIER_NAMES, Config, Profile, TierName
from proxy.money.catalogue import FILE, Catalogue
from proxy.routing.service import Service
from resources import resource

DAY: Final = 1_795_000_000.0
"""When sessions begin, in seconds since 1970: prices are those of that day."""

ANTHROPIC: Final = "anthropic"
OPENAI: Final = "openai"
LOCAL: Final = "ollama"

_COUNTED: Final = (
    (ANTHROPIC, "claude-opus", 1.18),
    (ANTHROPIC, "", 1.12),
    (OPENAI, "", 0.93),
    (LOCAL, "", 1.05),
)
"""How many tokens a model counts for one that the product estimates, by how its name begins.

The numbers are made up, of the size in which vendors differ: what matters is that no model counts as the
product does, so that it has to learn from bills how much each of them counts.
"""


@dataclass(frozen=True, slots=True)
class Ladder:
    """A provider, and its model for each of the tiers."""

    provider: str
    models: tuple[str, str, str, str]
    local: str = ""
    """A model on this machine that has the SIMPLE tier; empty where a hosted one has it."""

    def service(self, tier: TierName) -> Service:
        if self.local and tier == TIER_NAMES[0]:
            return Service(LOCAL, self.local)
        return Service(self.provider, self.models[TIER_NAMES.index(tier)])

    @property
    def services(self) -> Mapping[TierName, Service]:
        return {tier: self.service(tier) for tier in TIER_NAMES}


LADDERS: Final[Mapping[str, Ladder]] = {
    "claude-code": Ladder(
        ANTHROPIC, ("claude-haiku-4-5", "claude-haiku-4-5", "claude-sonnet-4-5", "claude-opus-4-8")
    ),
    "codex": Ladder(OPENAI, ("gpt-5.4-nano", "gpt-5.4-mini", "gpt-5.4", "gpt-5.5")),
}
"""By client."""
WITH_LOCAL: Final[Mapping[str, Ladder]] = {
    client: replace(ladder, local="qwen3-coder:30b") for client, ladder in LADDERS.items()
}
"""The same where a model on the developer's own machine does what is simple."""


def config_of(ladder: Ladder, profile: Profile = "balanced") -> Config:
    """As a user writes it who leaves everything else as it comes."""
    tables = {
        "providers": {name: {"kind": name} for name in sorted({ladder.provider, *_local(ladder)})},
        "tiers": {
            tier: {"services": [{"provider": service.provider, "model": service.model}]}
            for tier, service in ladder.services.items()
        },
        "routing": {"profile": profile},
    }
    return msgspec.convert(tables, Config)


def _local(ladder: Ladder) -> tuple[str, ...]:
    return (LOCAL,) if ladder.local else ()


def counted_by(service: Service) -> float:
    """Its tokens for one of the product's estimate; a stranger counts as the product does."""
    return next(
        (
            ratio
            for provider, begins, ratio in _COUNTED
            if service.provider == provider and service.model.startswith(begins)
        ),
        1.0,
    )


@cache
def shipped_prices() -> Catalogue:
    return Catalogue(resource(FILE).read_bytes())
