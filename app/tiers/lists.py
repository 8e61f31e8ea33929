"""The services of a tier in config.toml: changed one by one, so that each stays as it was written."""

from collections.abc import Sequence
from enum import Enum
from typing import Any

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
    """The tier's services afterwards. One that is there keeps its numbers, wherever it moves."""
    there = {service.name: service for service in settings.tier(tier).services}
    named = [there.get(name, service) for name, service in {each.name: each for each in services}.items()]
    kept = [each for each in there.values() if each not in named]
    match manner:
        case Manner.REPLACE:
            return named
        case Manner.ADD:
            new = [each for each in named if each.name not in there]
            return [*there.values(), *new]
        case Manner.FIRST:
            return [*named, *kept]


def as_value(services: Sequence[ServiceEntry], tree: dict[str, Any], tier: TierName) -> list[Any]:
    """For config.toml."""
    written = services_as_written(tree, tier)
    return [written.get(each.name) or in_file(each) for each in services]
