"""Which providers are configured, what for, and what keeps some from being used that are meant to be."""

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from random import Random
from typing import Any

from proxy.config import Config, ServiceEntry
from proxy.providers.provider import Provider
from proxy.routing.selection.request import Request
from proxy.routing.selection.selector import Selector
from proxy.routing.selection.snapshot import Snapshot
from proxy.routing.signals import Signals
from proxy.secret import SecretSource, SecretUnavailableError

DEFAULT = "default"
"""The label of the provider that is asked first where nothing else is said."""

_PATIENCE_SECONDS = 0.5


@dataclass(slots=True)
class _Uses:
    tiers: list[str] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)
    routes: list[str] = field(default_factory=list)


def default_provider(config: Config) -> str | None:
    """Who is asked first when a client leaves the choice to us; None where nobody can be."""
    nothing_said = Request(signals=Signals(surface="messages", model="auto"))
    return Selector(config).select(nothing_said, Snapshot(), Random(0)).result.provider  # noqa: S311 -- no secret


async def providers(
    config: Config, secrets: SecretSource
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Those that can be used, and those that are named somewhere and cannot."""
    uses = _uses(config)
    unnamed = {name: _Uses() for name in config.providers if name not in uses}
    names = [*uses, *unnamed]
    missing = await asyncio.gather(*(_missing(config, secrets, name) for name in names))
    usable, warnings = [], []
    for name, what in zip(names, missing, strict=True):
        if not what:
            usable.append(_line(config, name, uses.get(name, _Uses())))
        elif name in uses:
            warnings.append({**_line(config, name, uses[name]), "missing": what})
    return usable, warnings


def _line(config: Config, name: str, uses: _Uses) -> dict[str, Any]:
    table = config.providers.get(name)
    return {
        "name": name,
        "type": None if table is None else "local" if table.is_on_this_machine else "cloud",
        "kind": None if table is None else table.kind,
        "tiers": uses.tiers,
        "rules": uses.rules,
        "routes": uses.routes,
    }


def _uses(config: Config) -> dict[str, _Uses]:
    found: dict[str, _Uses] = {}
    for provider, kind, label in _mentions(config):
        labels: list[str] = getattr(found.setdefault(provider, _Uses()), kind)
        if label not in labels:
            labels.append(label)
    return found


def _mentions(config: Config) -> Iterator[tuple[str, str, str]]:
    """Every place where a provider is named: the provider, what sort of place, and what it is called."""
    for tier, pool in config.tiers.items():
        yield from _in_pool(pool.services, "tiers", tier)
    default = default_provider(config)
    if default is not None:
        yield default, "tiers", DEFAULT
    for route in config.routes:
        yield from _in_pool(chain(route.services, *route.tiers.values()), "routes", route.name)
        for rule in route.rules:
            yield from _in_pool(rule.services, "rules", rule.name)
    for rule in config.rules:
        yield from _in_pool(rule.services, "rules", rule.name)


def _in_pool(services: Iterable[ServiceEntry], kind: str, label: str) -> Iterator[tuple[str, str, str]]:
    return ((entry.provider, kind, label) for entry in services if entry.active)


async def _missing(config: Config, secrets: SecretSource, name: str) -> str:
    """What keeps a provider from being used, in a sentence; empty: nothing that is known."""
    table = config.providers.get(name)
    if table is None:
        return f"No provider is called {name}: there is no [providers.{name}] in config.toml."
    if not table.enabled:
        return f"The provider {name} is disabled."
    missing = Provider(name, table).why_not_configured()
    if missing is not None:
        return missing
    names = table.secret_names(name)
    if len(names) < len(table.key_forms) or await _has_any(secrets, names):
        return ""
    return f"The key of {name} is missing: `tierwise providers add {name}` stores one."


async def _has_any(secrets: SecretSource, names: Iterable[str]) -> bool:
    """Whether one of them is there; where nobody can tell it is not said to be missing."""
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            for name in names:
                if await secrets.get(name) is not None:
                    return True
    except (SecretUnavailableError, TimeoutError):
        return True
    return False
