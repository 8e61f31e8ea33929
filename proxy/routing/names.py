"""What clients call models: our own names, tiers, services, and everybody else's by their family."""

import re
from collections.abc import Iterable

from proxy.config import TIER_NAMES, Config, TierName
from proxy.routing.service import Service

AUTO = "auto"
ALIAS_PREFIX = "claude-tierwise-"
"""Clients that show only models whose names begin with `claude` find ours under it."""

_FAMILIES: dict[str, TierName] = {
    **dict.fromkeys(("haiku", "mini", "nano", "flash", "lite"), "SIMPLE"),
    **dict.fromkeys(("opus", "fable", "pro"), "REASONING"),
    "sonnet": "COMPLEX",
}
"""How clients say whether they want a small model or a big one; of two in a name the first here counts."""
_WORD = re.compile(r"[a-z]+")
_WINDOW_SUFFIX = re.compile(r"\[[0-9]+[mk]\]$", re.IGNORECASE)


def plain(model: str) -> str:
    """The name without what clients append for themselves, such as `[1m]`."""
    return _WINDOW_SUFFIX.sub("", model.strip())


def tier_named(model: str) -> TierName | None:
    """The tier that is asked for by its own name."""
    name = plain(model).casefold().removeprefix(ALIAS_PREFIX)
    return next((tier for tier in TIER_NAMES if tier.casefold() == name), None)


def is_auto(model: str) -> bool:
    return plain(model).casefold().removeprefix(ALIAS_PREFIX) == AUTO


def family_of(model: str) -> str:
    """The first family that stands in the model's own name as a word by itself; empty if none does."""
    words = _WORD.findall(model.casefold().rpartition("/")[2])
    return next((family for family in _FAMILIES if family in words), "")


def tier_of_family(model: str) -> TierName:
    """The tier whose models are of that sort; small and big ones say so in their names."""
    return _FAMILIES.get(family_of(model), "COMPLEX")


def spelled(config: Config, service: Service) -> Service | None:
    """A service as the configuration spells it; None if its provider is not there at all."""
    provider = _same(service.provider, config.providers)
    if provider is None:
        return None
    listed = [each.model for each in config.services if each.provider == provider]
    return Service(provider, _same(service.model, listed) or service.model)


def _same(name: str, known: Iterable[str]) -> str | None:
    """The name as it is known, exactly or but for upper and lower case."""
    known = list(known)
    if name in known:
        return name
    return next((each for each in known if each.casefold() == name.casefold()), None)
