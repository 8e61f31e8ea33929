"""What clients call models: our own names, tiers, services, and everybody else's by their family."""

import re
from collections.abc import Iterable

from proxy.config import TIER_NAMES, Config, TierName
from proxy.routing.service import Service

AUTO = "auto"
ALIAS_PREFIX = "claude-tierwise-"
"""Clients that show only models whose names begin with `claude` find ours under it."""

_MARKS: tuple[tuple[TierName, tuple[str, ...]], ...] = (
    ("SIMPLE", ("haiku", "mini", "nano", "flash", "lite")),
    ("REASONING", ("opus", "fable", "pro")),
)
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


def tier_of_family(model: str) -> TierName:
    """The tier whose models are of that sort; small and big ones say so in their names."""
    words = _WORD.findall(model.casefold())
    return next((tier for tier, marks in _MARKS if any(mark in words for mark in marks)), "COMPLEX")


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
