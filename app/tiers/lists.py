"""The services of a tier in config.toml: changed one by one, so that each stays as it was written."""

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from typing import Any

import msgspec
from msgspec.structs import replace

from app.configuration.document import parse, read_bytes
from app.proposal.pieces import in_file
from app.proposal.proposal import services_as_written
from app.settings import Settings, SettingsFile
from proxy.config import ServiceEntry, TierName


class Manner(Enum):
    """What becomes of the services that are there."""

    REPLACE = "replace"
    ADD = "add"
    FIRST = "first"


def tree_of(file: SettingsFile) -> dict[str, Any]:
    """What config.toml says, as a tree."""
    return parse(file.path, read_bytes(file.path)).tree


def listed(
    settings: Settings, tier: TierName, services: Sequence[ServiceEntry], manner: Manner
) -> list[ServiceEntry]:
    """Its services afterwards. One that is there keeps its numbers, unless its priority belies its place."""
    there = {service.name: service for service in settings.tier(tier).services}
    named = [there.get(name, service) for name, service in {each.name: each for each in services}.items()]
    kept = [each for each in there.values() if each not in named]
    numbers = [each.priority for each in there.values()] or [0]
    match manner:
        case Manner.REPLACE:
            is_in_order = named == sorted(named, key=lambda each: each.priority)
            return named if is_in_order else _at(min(each.priority for each in named), named)
        case Manner.ADD:
            new = [each for each in named if each.name not in there]
            return [*there.values(), *_at(max(numbers), new)]
        case Manner.FIRST:
            return [*_at(min(numbers), named), *kept]


def _at(priority: int, services: Iterable[ServiceEntry]) -> list[ServiceEntry]:
    """Whose order alone decides between them."""
    return [replace(each, priority=priority) for each in services]


def sharing(settings: Settings, tier: TierName) -> str:
    """What makes their order decide nothing; empty for nothing."""
    tactic = settings.tier(tier).tactic
    return "" if tactic == "priority" else f"Its tactic is {tactic}, so its services share its turns."


def as_value(services: Sequence[ServiceEntry], tree: Mapping[str, Any], tier: str) -> list[Any]:
    """For config.toml: each as it stands there, if that still says what it is."""
    written = services_as_written(tree, tier)
    return [_as_written(each, written.get(each.name)) for each in services]


def _as_written(service: ServiceEntry, written: Any) -> Any:
    if written is None:
        return in_file(service)
    stands = (
        ServiceEntry.from_text(written)
        if isinstance(written, str)
        else msgspec.convert(written, ServiceEntry)
    )
    return written if stands == service else in_file(service)
