"""Switches for good: what they change in config.toml, and what would change it back."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from app.configuration.document import parse, read_bytes
from app.proposal.pieces import in_file
from app.proposal.proposal import services_as_written
from app.providers.known import known
from app.settings import Loaded, Settings, SettingsFile
from app.toml.edits import Assign, Edit, Remove
from app.toml.trees import ABSENT, value_at
from proxy.config import ServiceEntry
from proxy.config.switch import Switch, Value, What, value_in


def write(file: SettingsFile, switches: Iterable[Switch]) -> tuple[Loaded, list[Switch]]:
    """All of them or none; the settings afterwards, and the switches that undo it.

    What the file says already, written or by default, is not written again.
    """
    settings = file.load().settings
    tree = parse(file.path, read_bytes(file.path)).tree
    edits: list[Edit] = []
    undo: list[Switch] = []
    for switch in switches:
        check(switch.what, settings)
        is_written = value_at(tree, switch.what) is not ABSENT
        said = value_in(settings, switch.what)
        if is_written if switch.value is None else switch.value != _or_default(said, switch.what):
            edits.append(_edit(switch.what, switch.value, tree))
            undo.append(Switch(switch.what, said if is_written else None))
    return file.edit(*edits), undo


def check(what: What, settings: Settings) -> None:
    """A provider must be there to be switched; a tier always is."""
    if what[0] == "providers":
        known(what[1], settings)


def _or_default(said: Value | None, what: What) -> Value:
    if said is not None:
        return said
    return True if what[-1] == "enabled" else ()


def _edit(what: What, value: Value | None, tree: Mapping[str, Any]) -> Edit:
    if value is None:
        return Remove(what)
    return Assign(what, _services(what[1], value, tree) if isinstance(value, tuple) else value)


def _services(tier: str, services: Iterable[ServiceEntry], tree: Mapping[str, Any]) -> list[Any]:
    """Each as it stands there, if that still says what it is."""
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
