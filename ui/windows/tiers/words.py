"""Tiers, tactics and profiles in the words of people."""

from collections.abc import Mapping
from typing import Final

from proxy.config import Profile, RoutingConfig, TierName
from proxy.config.services import Tactic
from proxy.routing.score.bands import ranges, shift
from ui.windows.tiers.speech import later, tr

TIER_WORDS: Final[Mapping[TierName, str]] = {
    "SIMPLE": later("Short questions and small chores"),
    "MEDIUM": later("Ordinary work with few steps"),
    "COMPLEX": later("Work across files, with many steps"),
    "REASONING": later("What needs the most thought"),
}

SHORT_WORDS: Final[Mapping[TierName, str]] = {
    "SIMPLE": later("small chores"),
    "MEDIUM": later("ordinary work"),
    "COMPLEX": later("long work"),
    "REASONING": later("hard thought"),
}
"""The same where there is little room."""

TACTICS: Final[Mapping[Tactic, tuple[str, str]]] = {
    "priority": (
        later("By priority"),
        later("The first that is well is asked; the others wait until it is not."),
    ),
    "random": (
        later("At random"),
        later("Each is asked by chance, the more often the more weight it has."),
    ),
    "round_robin": (later("In turn"), later("One after the other, each as often as the next.")),
    "latency": (later("First to answer"), later("The one whose first words came soonest of late.")),
    "speed": (later("Fastest writer"), later("The one that wrote the most words a second of late.")),
    "least_tokens": (later("Least used"), later("The one that has had the fewest tokens of late.")),
    "capacity": (later("Most room"), later("The one with the most free seats, so that none is overrun.")),
}
"""What each is called, and what it does."""

PROFILES: Final[Mapping[Profile, tuple[str, str]]] = {
    "save": (
        later("&Save"),
        later("All thresholds count %1 more: more requests go to the smaller tiers, which cost less."),
    ),
    "balanced": (later("&Balanced"), later("The thresholds count as they are set.")),
    "quality": (
        later("&Quality"),
        later("All thresholds count %1 less: more requests go to the stronger tiers, which cost more."),
    ),
}
"""What stands on its button, and what it means."""


def profile_meaning(profile: Profile) -> str:
    return tr(PROFILES[profile][1], f"{abs(shift(profile)):g}")


def bands(routing: RoutingConfig) -> Mapping[TierName, tuple[float, float]]:
    """From where to where each tier goes, under the profile that holds."""
    return ranges(routing)


def band_words(tier: TierName, routing: RoutingConfig) -> str:
    """The band that counts, in words."""
    start, end = bands(routing)[tier]
    if start >= end and tier != "REASONING":
        return tr("no score")
    if tier == "SIMPLE":
        return tr("below %1", f"{end:g}")
    if tier == "REASONING":
        return tr("from %1", f"{start:g}")
    return tr("%1 to below %2", f"{start:g}", f"{end:g}")
