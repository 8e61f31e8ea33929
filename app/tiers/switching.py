"""`tiers enable` and `tiers disable`."""

from app.commands.context import Context
from app.providers.consent import consent
from app.providers.for_a_while import is_otherwise, switched
from app.providers.reloading import reload_running
from app.settings import SettingsFile
from app.tiers.naming import tier_of
from app.tiers.traffic import in_words
from proxy.routing.selection.standing_in import answering


def switch_tier(context: Context, typed: str, *, enabled: bool, yes: bool) -> int:
    file = SettingsFile(context.home)
    settings = file.load().settings
    tier = tier_of(typed)
    is_written = settings.tier(tier).enabled == enabled
    is_changed = not is_written or is_otherwise(context, "tiers", tier, enabled=enabled)
    is_reloaded = False
    if is_changed:
        consent(f"{'Enable' if enabled else 'Disable'} tier {tier}?", given=yes)
    if not is_written:
        settings = file.set(("tiers", tier, "enabled"), enabled).settings
        is_reloaded = reload_running(context)
    elif is_changed:
        is_reloaded = switched(context, "tiers", tier, enabled=enabled)
    state = f"{tier} is {'on' if enabled else 'off'}{'' if is_changed else ' already'}"
    elsewhere = in_words(settings, tier)
    context.answer(
        f"{state}; {elsewhere}." if elsewhere else f"{state}.",
        {
            "tier": tier,
            "enabled": enabled,
            "changed": is_changed,
            "answered_by": answering(settings, tier),
            "reloaded": is_reloaded,
        },
    )
    return 0
