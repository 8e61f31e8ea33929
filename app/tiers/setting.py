"""`tiers set`: which services a tier has."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.commands.context import Context
from app.proposal.pieces import NewProvider
from app.providers.consent import consent
from app.providers.reloading import reload_running
from app.settings import Settings, SettingsFile
from app.tiers.lists import Manner, as_value, listed, sharing
from app.tiers.models import is_here, remarks
from app.tiers.naming import service_of, tier_of
from app.tiers.newcomers import newcomers, with_them
from app.tiers.servers import servers_of
from app.toml.edits import Assign, Edit
from proxy.config import ServiceEntry, TierName
from proxy.local.found import LocalServer

_QUESTIONS = {
    Manner.REPLACE: "Make {services} the services of {tier}?",
    Manner.ADD: "Add {services} to {tier}, behind all others?",
    Manner.FIRST: "Put {services} first in {tier}?",
}


def set_services(context: Context, typed: str, services: Sequence[str], manner: Manner, *, yes: bool) -> int:
    file = SettingsFile(context.home)
    settings = file.load().settings
    tier, named = tier_of(typed), [service_of(each) for each in services]
    servers = _servers(context, named, settings)
    new = newcomers(named, servers, settings)
    told = remarks(named, with_them(settings, new), servers)
    after = listed(settings, tier, named, manner)
    is_changed = bool(new) or tuple(after) != settings.tier(tier).services
    is_reloaded = False
    if not context.json:
        for remark in told:
            context.tell(remark)
    if is_changed:
        consent(_question(named, tier, manner, new, sharing(settings, tier)), given=yes)
        after = _write(file, named, tier, manner, new)
        is_reloaded = reload_running(context)
    context.answer(
        _written(tier, after, settings, is_changed=is_changed),
        {
            "tier": tier,
            "services": [each.name for each in after],
            "changed": is_changed,
            "added_providers": [each.name for each in new],
            "remarks": told,
            "reloaded": is_reloaded,
        },
    )
    return 0


def _servers(context: Context, services: Sequence[ServiceEntry], settings: Settings) -> Sequence[LocalServer]:
    """Only where one of them is asked for: looking for servers takes a moment."""
    wanted = any(each.provider not in settings.providers or is_here(each, settings) for each in services)
    return servers_of(context) if wanted else []


def _question(
    services: Sequence[ServiceEntry],
    tier: TierName,
    manner: Manner,
    new: Sequence[NewProvider],
    shared: str,
) -> str:
    names = ", ".join(each.name for each in services)
    question = " ".join(filter(None, [_QUESTIONS[manner].format(services=names, tier=tier), shared]))
    added = ", ".join(f"{each.label} as provider {each.name}" for each in new)
    return f"{question} It adds {added}." if added else question


def _write(
    file: SettingsFile,
    services: Sequence[ServiceEntry],
    tier: TierName,
    manner: Manner,
    new: Sequence[NewProvider],
) -> list[ServiceEntry]:
    """By what the file says now: somebody may have changed it while the question stood."""
    after: list[ServiceEntry] = []

    def edits(settings: Settings, tree: Mapping[str, Any]) -> list[Edit]:
        after[:] = listed(settings, tier, services, manner)
        added = [each for each in new if each.name not in settings.providers]
        return [
            *(Assign(("providers", each.name), each.table) for each in added),
            Assign(("tiers", tier, "services"), as_value(after, tree, tier)),
        ]

    file.edit_by(edits)
    return after


def _written(tier: TierName, after: Sequence[ServiceEntry], settings: Settings, *, is_changed: bool) -> str:
    verb = "asks" if is_changed else "asks already:"
    off = "" if settings.tier(tier).enabled else f" It is off; `tiers enable {tier}` switches it on."
    return f"{tier} {verb} {', '.join(each.name for each in after)}.{off}"
