"""What a switch would leave the user without, told before it is made."""

from app.settings import Settings
from proxy.config import TIER_NAMES
from proxy.config.switch import Switch, value_in, with_value
from proxy.routing.selection.standing_in import answering


def consequence(settings: Settings, switch: Switch) -> str:
    """What will happen, for what deserves a question first; empty for everything else.

    `settings` are those in force.
    """
    if switch.value is None or (switch.what[0] == "providers" and value_in(settings, switch.what) is None):
        return ""
    after = with_value(settings, switch.what, switch.value)
    if _has_provider(settings) and not _has_provider(after):
        return "No provider is left on: every request will be refused until one is switched on."
    if _lacks_local_one(after) and not _lacks_local_one(settings):
        return (
            "No provider on this machine is on: every request will be refused while only local models may "
            "answer."
        )
    if _has_tier(settings) and not _has_tier(after):
        return (
            "No tier is left that can answer: each request will go by the name of the model that is asked "
            "for, and be refused where no provider takes that."
        )
    return ""


def is_last_provider(settings: Settings, name: str) -> bool:
    """Whether that one is on, and no other is."""
    return [each for each, provider in settings.providers.items() if provider.enabled] == [name]


def _has_provider(settings: Settings) -> bool:
    return any(provider.enabled for provider in settings.providers.values())


def _lacks_local_one(settings: Settings) -> bool:
    return settings.routing.local_only and not any(
        provider.enabled and provider.is_on_this_machine for provider in settings.providers.values()
    )


def _has_tier(settings: Settings) -> bool:
    return any(answering(settings, tier) is not None for tier in TIER_NAMES)
