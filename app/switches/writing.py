"""Switches for good: what they change in config.toml, and what would change it back."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.providers.known import known
from app.settings import Loaded, Settings, SettingsFile
from app.tiers.lists import as_value
from app.toml.edits import Assign, Edit, Remove
from app.toml.trees import ABSENT, value_at
from proxy.config.switch import Switch, Value, What, value_in


def write(file: SettingsFile, switches: Sequence[Switch]) -> tuple[Loaded, list[Switch]]:
    """All of them or none; the settings afterwards, and the switches that undo it.

    What the file says already, written or by default, is not written again.
    """
    undo: list[Switch] = []

    def edits(settings: Settings, tree: Mapping[str, Any]) -> list[Edit]:
        wanted = [each for each in switches if _is_news(each, settings, tree)]
        undo[:] = [_opposite(each.what, settings, tree) for each in wanted]
        return [_edit(each.what, each.value, tree) for each in wanted]

    return file.edit_by(edits), undo


def check(what: What, settings: Settings) -> None:
    """A provider must be there to be switched; a tier always is."""
    if what[0] == "providers":
        known(what[1], settings)


def _is_news(switch: Switch, settings: Settings, tree: Mapping[str, Any]) -> bool:
    check(switch.what, settings)
    if switch.value is None:
        return _is_written(switch.what, tree)
    return switch.value != _or_default(value_in(settings, switch.what), switch.what)


def _opposite(what: What, settings: Settings, tree: Mapping[str, Any]) -> Switch:
    return Switch(what, value_in(settings, what) if _is_written(what, tree) else None)


def _is_written(what: What, tree: Mapping[str, Any]) -> bool:
    return value_at(tree, what) is not ABSENT


def _or_default(said: Value | None, what: What) -> Value:
    if said is not None:
        return said
    return True if what[-1] == "enabled" else ()


def _edit(what: What, value: Value | None, tree: Mapping[str, Any]) -> Edit:
    if value is None:
        return Remove(what)
    return Assign(what, as_value(value, tree, what[1]) if isinstance(value, tuple) else value)
