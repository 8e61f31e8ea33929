"""What a body asks to be switched, read and checked; what makes no sense is refused with what would."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

import msgspec
from msgspec.structs import replace

from proxy.config import Config, Profile, ServiceEntry, TierName, did_you_mean
from proxy.config.switch import (
    LOCAL_ONLY,
    PROFILE,
    PROFILES,
    ROUTING,
    HowLong,
    Switch,
    What,
    how_long,
    tier_services,
)
from proxy.wire.failure import Failure, FailureKind

_FOR = '`for` is "always", "run" (until Tierwise ends) or a time such as 90s, 30m or 1h'
_ROUTING = (
    f"any of `enabled` and `local_only`, true or false, and `profile`, one of {', '.join(PROFILES)}; {_FOR}"
)
_ON_OFF = f"`enabled`, true or false; {_FOR}"
_SERVICES = (
    "`services`, a list of texts provider/model or objects with provider, model and any of weight, priority, "
    "active, capacity and params"
)


class WantedRouting(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How requests are to be spread; what is absent stays."""

    enabled: bool | None = None
    profile: Profile | None = None
    local_only: bool | None = None
    lasting: str = msgspec.field(name="for", default="always")


class WantedOnOff(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whether a tier or a provider is to be on."""

    enabled: bool
    lasting: str = msgspec.field(name="for", default="always")


class WantedServices(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The services that a tier is to have, and no others; a text leaves one that is there as it is."""

    services: tuple[ServiceEntry | str, ...]


Wanted = TypeVar("Wanted", WantedRouting, WantedOnOff, WantedServices)


def routing_switches(body: bytes) -> list[Switch]:
    wanted = _read(body, WantedRouting, _ROUTING)
    said = {ROUTING: wanted.enabled, PROFILE: wanted.profile, LOCAL_ONLY: wanted.local_only}
    lasting = _how_long(wanted.lasting)
    switches = [Switch(what, value, lasting) for what, value in said.items() if value is not None]
    if not switches:
        raise Failure(FailureKind.BAD_REQUEST, f"Nothing is to be switched. Say {_ROUTING}.")
    return switches


def on_off_switch(body: bytes, what: What) -> Switch:
    wanted = _read(body, WantedOnOff, _ON_OFF)
    return Switch(what, wanted.enabled, _how_long(wanted.lasting))


def services_switch(body: bytes, tier: TierName, config: Config) -> Switch:
    wanted = _read(body, WantedServices, _SERVICES)
    there = {each.name: each for each in config.tier(tier).services}
    services = [_service(each, there) for each in wanted.services]
    _check(services, there, config)
    if all(isinstance(each, str) for each in wanted.services):
        services = _in_their_order(services)
    return Switch(tier_services(tier), tuple(services))


def _service(given: ServiceEntry | str, there: Mapping[str, ServiceEntry]) -> ServiceEntry:
    try:
        entry = ServiceEntry.from_text(given) if isinstance(given, str) else given
    except ValueError as error:
        raise Failure(FailureKind.BAD_REQUEST, f"A service makes no sense: {error}.") from error
    for finding in entry.findings():
        raise Failure(FailureKind.BAD_REQUEST, f"A service makes no sense: {finding.message}.")
    return there.get(entry.name, entry) if isinstance(given, str) else entry


def _check(services: Iterable[ServiceEntry], there: Mapping[str, ServiceEntry], config: Config) -> None:
    """Each once; one that is new is of a provider that is there."""
    seen: set[str] = set()
    for each in services:
        if each.name in seen:
            raise Failure(FailureKind.BAD_REQUEST, f"{each.name[:100]} is named twice.")
        seen.add(each.name)
        if each.name not in there and each.provider not in config.providers:
            raise no_provider(each.provider, config)


def _in_their_order(services: list[ServiceEntry]) -> list[ServiceEntry]:
    """Named alone they are meant in this order, so that no priority may belie it."""
    if services == sorted(services, key=lambda each: each.priority):
        return services
    first = min(each.priority for each in services)
    return [replace(each, priority=first) for each in services]


def no_provider(name: str, config: Config) -> Failure:
    meant = did_you_mean(name, config.providers) or "; `GET /api/providers` tells all."
    return Failure(FailureKind.NOT_FOUND, f"There is no provider {name[:100]}{meant}")


def _read(body: bytes, kind: type[Wanted], form: str) -> Wanted:
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Failure(
            FailureKind.BAD_REQUEST, f"This is wanted: {form}. What came is not: {error}."
        ) from error


def _how_long(text: str) -> HowLong:
    try:
        return how_long(text)
    except ValueError as error:
        raise Failure(FailureKind.BAD_REQUEST, f"`for`: {error}.") from error


def schema(kind: type[Any]) -> dict[str, Any]:
    """In one piece, with the parts inside: nothing else refers to them."""
    (only,), components = msgspec.json.schema_components([kind], ref_template="#/{name}")
    inlined: dict[str, Any] = _inlined(only, components)
    return inlined


def _inlined(part: Any, components: Mapping[str, Any]) -> Any:
    if isinstance(part, list):
        return [_inlined(each, components) for each in part]
    if not isinstance(part, dict):
        return part
    if "$ref" in part:
        return _inlined(components[part["$ref"].rpartition("/")[2]], components)
    return {name: _inlined(each, components) for name, each in part.items()}
