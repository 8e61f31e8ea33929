"""What a report of a bug needs to say about this installation, without secrets and without names."""

import platform
import sys
from collections import Counter
from collections.abc import Mapping

from app.preferences.log_level import log_level
from app.preferences.preferences import Standing
from proxy.config import TIER_NAMES
from proxy.version import __version__


def details(standing: Standing, face: Mapping[str, str]) -> str:
    """As lines; `face` is what only the floor above knows. Providers are counted by kind, never named."""
    settings = standing.in_force
    kinds = Counter(provider.kind for provider in settings.providers.values())
    tiers = [name for name in TIER_NAMES if settings.tier(name).services]
    facts = {
        "Tierwise": f"{__version__}{', packaged' if getattr(sys, 'frozen', False) else ''}",
        "Python": platform.python_version(),
        **face,
        "System": f"{platform.system()} {platform.release()}, {platform.machine()}",
        "Providers": ", ".join(f"{number} {kind}" for kind, number in sorted(kinds.items())) or "none",
        "Tiers with services": ", ".join(tiers) or "none",
        "Routing": f"{'on' if settings.routing.enabled else 'off'}, profile {settings.routing.profile}",
        "Only local models": "yes" if settings.routing.local_only else "no",
        "config.toml": f"has mistakes, {len(standing.problems)}" if standing.problems else "in order",
        "Log": log_level(),
    }
    return "\n".join(f"{name}: {value}" for name, value in facts.items())
