"""What of a configuration can be switched while it is in force, and for how long."""

import math
from enum import Enum
from typing import Final, Literal, TypeVar, get_args

import msgspec
from msgspec.structs import replace

from proxy.config.duration import seconds_of
from proxy.config.root import Config
from proxy.config.services import TIER_NAMES, ServiceEntry, TierName
from proxy.config.traffic import Profile

What = tuple[str, ...]
"""A key of config.toml, as the path to it."""
Value = bool | str | tuple[ServiceEntry, ...]
Until = float | Literal["run"]
"""When what was switched for a while ends: seconds since 1970, or with this run of the program."""

ROUTING: Final[What] = ("routing", "enabled")
LOCAL_ONLY: Final[What] = ("routing", "local_only")
PROFILE: Final[What] = ("routing", "profile")
PROFILES: Final[tuple[Profile, ...]] = get_args(Profile)
HOUR: Final = 3600.0

Configured = TypeVar("Configured", bound=Config)


def tier_enabled(tier: TierName) -> What:
    return ("tiers", tier, "enabled")


def tier_services(tier: TierName) -> What:
    return ("tiers", tier, "services")


def provider_enabled(name: str) -> What:
    return ("providers", name, "enabled")


class Lasting(Enum):
    """How long a switch holds that has no length."""

    ALWAYS = "always"
    """It is written into config.toml."""
    RUN = "run"
    """Until the program ends."""


HowLong = Lasting | float
"""A number is seconds."""


class Switch(msgspec.Struct, frozen=True):
    """One key that gets another value.

    Without a value what was said of it is taken back: out of the file, or what was laid over the file.
    """

    what: What
    value: Value | None
    lasting: HowLong = Lasting.ALWAYS

    def __post_init__(self) -> None:
        if not self._can_be():
            raise ValueError(f"{'.'.join(self.what)} cannot be switched to {self.value!r} for {self.lasting}")

    def _can_be(self) -> bool:
        if isinstance(self.lasting, int | float) and not 0 < self.lasting < math.inf:
            return False
        match self.what:
            case ("routing", "enabled" | "local_only") | ("providers", _, "enabled"):
                return isinstance(self.value, bool | None)
            case ("routing", "profile"):
                return self.value is None or self.value in PROFILES
            case ("tiers", tier, "enabled"):
                return tier in TIER_NAMES and isinstance(self.value, bool | None)
            case ("tiers", tier, "services"):
                is_lasting = self.lasting is Lasting.ALWAYS
                return tier in TIER_NAMES and is_lasting and isinstance(self.value, tuple | None)
            case _:
                return False


def how_long(text: str) -> HowLong:
    """As programs say it: always, run, or a length of time; ValueError for anything else."""
    if text in (Lasting.ALWAYS.value, Lasting.RUN.value):
        return Lasting(text)
    seconds = seconds_of(text)
    if seconds is None or seconds <= 0:
        raise ValueError(
            f'"{text[:40]}" is no length of time; allowed: always, run (until Tierwise ends), or a time such '
            "as 90s, 30m or 1h"
        )
    return Lasting.ALWAYS if seconds == math.inf else seconds


def value_in(config: Config, what: What) -> Value | None:
    """What a configuration says; None if it has no such tier or provider."""
    table: msgspec.Struct | None
    match what:
        case ("tiers", tier, key):
            table = next((pool for name, pool in config.tiers.items() if name == tier), None)
        case ("providers", name, key):
            table = config.providers.get(name)
        case (_, key):
            table = config.routing
        case _:
            raise LookupError(what)
    value: Value | None = None if table is None else getattr(table, key)
    return value


def with_value(config: Configured, what: What, value: Value) -> Configured:
    """The configuration as it is with that value; of a provider it must have."""
    match what:
        case ("tiers", name, key):
            tier = next(each for each in TIER_NAMES if each == name)
            pool = replace(config.tier(tier), **{key: value})
            return replace(config, tiers={**config.tiers, tier: pool})
        case ("providers", name, key):
            provider = replace(config.providers[name], **{key: value})
            return replace(config, providers={**config.providers, name: provider})
        case (_, key):
            return replace(config, routing=replace(config.routing, **{key: value}))
        case _:
            raise LookupError(what)
