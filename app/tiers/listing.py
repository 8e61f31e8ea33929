"""`tiers list`: every tier with its services, whether they can be asked, and where its turns go."""

from collections.abc import Iterator, Mapping
from typing import Any

from app.commands.context import Context
from app.keyring.store import Keyring
from app.providers.key_state import KeyStates
from app.providers.listing import Row
from app.settings import Settings, SettingsFile
from app.table import table
from app.tiers.traffic import in_words
from proxy.config import TIER_NAMES, ServiceEntry, TierName, did_you_mean
from proxy.routing.selection.standing_in import answering


def list_tiers(context: Context, keyring: Keyring) -> int:
    settings = SettingsFile(context.home).load().settings
    states = KeyStates(keyring.get_blocking, context.environ)
    providers = {name: Row.of(name, config, states) for name, config in settings.providers.items()}
    rows = tier_rows(settings, providers)
    context.answer("\n".join(_written(settings, rows)), {"tiers": rows})
    return 0


def tier_rows(settings: Settings, providers: Mapping[str, Row]) -> list[dict[str, Any]]:
    """Every tier, for programs and windows."""
    return [_as_json(settings, tier, providers) for tier in TIER_NAMES]


def _as_json(settings: Settings, tier: TierName, providers: Mapping[str, Row]) -> dict[str, Any]:
    pool = settings.tier(tier)
    return {
        "tier": tier,
        "enabled": pool.enabled,
        "tactic": pool.tactic,
        "services": [_service(service, providers) for service in pool.services],
        "answered_by": answering(settings, tier),
    }


def _service(service: ServiceEntry, providers: Mapping[str, Row]) -> dict[str, Any]:
    missing = _missing(service, providers)
    return {
        "service": service.name,
        "weight": service.weight,
        "priority": service.priority,
        "active": service.active,
        "capacity": service.capacity,
        "params": dict(service.params),
        "can_be_asked": not missing,
        "missing": missing or None,
    }


def _missing(service: ServiceEntry, providers: Mapping[str, Row]) -> str:
    """What keeps it from being asked; empty: nothing that is known."""
    provider = providers.get(service.provider)
    if provider is None:
        meant = did_you_mean(service.provider, providers) or "."
        return f'No provider is called "{service.provider}"{meant}'
    if not provider.enabled:
        return f"The provider {provider.name} is switched off."
    return provider.missing if service.active else "It is listed as not active."


def _written(settings: Settings, rows: list[dict[str, Any]]) -> Iterator[str]:
    heads = table(
        (
            (row["tier"], "on" if row["enabled"] else "off", row["tactic"], in_words(settings, row["tier"]))
            for row in rows
        ),
        names=4,
    )
    for head, row in zip(heads, rows, strict=True):
        yield head
        if not row["services"]:
            yield "    no services"
        for service in row["services"]:
            yield f"    {service['service']}"
            if service["missing"]:
                yield f"        {service['missing']}"
