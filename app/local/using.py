"""What config.toml says once a model that was found serves a tier: its provider, and its place in front."""

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from app.errors import UserError
from app.proposal.pieces import in_file
from app.proposal.servers import new_provider, provider_at
from app.settings import Settings
from app.tiers.lists import Manner, as_value, listed
from app.toml.edits import Assign, Edit
from proxy.config import ServiceEntry, TierName
from proxy.local.found import LocalServer


class SwitchedOffError(UserError):
    """The server is configured, and its provider is not to be asked."""

    kind = "switched_off"


def use_edits(
    server: LocalServer, name: str, model: str, tier: TierName, settings: Settings, tree: Mapping[str, Any]
) -> list[Edit]:
    """None of them where it is so already.

    A tier that was off is on afterwards, as is a service that was not active: whoever wants a model to serve
    a tier wants it served.
    """
    _check(server, name, settings)
    edits: list[Edit] = []
    if name not in settings.providers:
        edits.append(Assign(("providers", name), new_provider(server, name).table))
    services = listed(settings, tier, [ServiceEntry(name, model)], Manner.FIRST)
    wanted = replace(services[0], active=True)
    if (wanted, *services[1:]) != settings.tier(tier).services:
        value = as_value(services, dict(tree), tier)
        value[0] = value[0] if services[0].active else in_file(wanted)
        edits.append(Assign(("tiers", tier, "services"), value))
    if not settings.tier(tier).enabled:
        edits.append(Assign(("tiers", tier, "enabled"), value=True))
    return edits


def _check(server: LocalServer, name: str, settings: Settings) -> None:
    configured = name if name in settings.providers else provider_at(server.place, settings)
    if configured and not settings.providers[configured].enabled:
        raise SwitchedOffError(
            f"{server.sort.label} at {server.place.url} is the provider {configured}, which is switched off; "
            f"`providers enable {configured}` switches it on."
        )
