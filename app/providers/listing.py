"""The configured providers, and the presets that can be added, as rows for people and for programs."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

from app.commands.context import Context
from app.keyring.store import Keyring
from app.program_name import program_name
from app.providers.key_state import LACKING, KeyKind, KeyState, KeyStates
from app.settings import SettingsFile
from app.table import table
from proxy.config import ProviderConfig
from proxy.providers.entrance import shown
from proxy.providers.kinds import KINDS
from proxy.providers.presets import Preset, presets
from proxy.providers.provider import Provider


@dataclass(frozen=True, slots=True)
class Row:
    """What is told about one provider. Nothing in it is secret."""

    name: str
    kind: str
    where: str
    enabled: bool
    address: str
    keys: tuple[KeyState, ...]
    missing: str
    """What keeps it from being used, in a sentence; empty: nothing that is known."""

    @classmethod
    def of(cls, name: str, config: ProviderConfig, states: KeyStates) -> Self:
        keys = states.of(name, config)
        return cls(
            name=name,
            kind=config.kind,
            where="local" if config.is_on_this_machine else "cloud",
            enabled=config.enabled,
            address=_address(config),
            keys=keys,
            missing=Provider(name, config).why_not_configured() or _missing_key(name, keys),
        )

    @property
    def key_words(self) -> str:
        return "; ".join(key.words for key in self.keys)

    def as_json(self) -> dict[str, Any]:
        keys = [{"form": key.form, "state": key.kind.value} for key in self.keys]
        return {**asdict(self), "keys": keys, "missing": self.missing or None}


def list_providers(context: Context, keyring: Keyring) -> int:
    settings = SettingsFile(context.home).load().settings
    states = KeyStates(keyring.get_blocking, context.environ)
    rows = [Row.of(name, config, states) for name, config in settings.providers.items()]
    context.answer(_written(rows), {"providers": [row.as_json() for row in rows]})
    return 0


def list_presets(context: Context) -> int:
    settings = SettingsFile(context.home).load().settings
    rows = presets()
    context.answer(
        _written_presets(rows, settings.providers),
        {"presets": [preset_as_json(each, settings.providers) for each in rows]},
    )
    return 0


def _address(config: ProviderConfig) -> str:
    return shown(config.base_url or KINDS[config.kind].root)


def _missing_key(name: str, keys: Sequence[KeyState]) -> str:
    if not all(key.kind in LACKING for key in keys):
        return ""
    if any(key.kind is KeyKind.MISSING for key in keys):
        return f"Its key is missing; `{program_name()} providers add {name}` stores one."
    return "Set the environment variable with its key where Tierwise is started."


def _written(rows: Sequence[Row]) -> str:
    if not rows:
        return (
            f"No provider is configured. `{program_name()} providers list --presets` shows what can be added."
        )
    heads = table(((row.name, row.kind, row.where, _switch(row), row.address) for row in rows), names=5)
    return "\n".join(line for head, row in zip(heads, rows, strict=True) for line in (head, *_details(row)))


def _switch(row: Row) -> str:
    return "enabled" if row.enabled else "disabled"


def _details(row: Row) -> list[str]:
    return [f"    key: {row.key_words}", *([f"    missing: {row.missing}"] if row.missing else [])]


def _written_presets(rows: Sequence[Preset], configured: Mapping[str, ProviderConfig]) -> str:
    lines = table(
        (
            (
                each.id,
                each.label,
                "local" if each.is_local else "cloud",
                "added already" if each.id in configured else each.about,
            )
            for each in rows
        ),
        names=4,
    )
    return "\n".join([*lines, "", f"`{program_name()} providers add NAME` adds one."])


def preset_as_json(each: Preset, configured: Mapping[str, ProviderConfig]) -> dict[str, Any]:
    """One that can be added, or was."""
    return {
        "id": each.id,
        "label": each.label,
        "kind": each.kind,
        "where": "local" if each.is_local else "cloud",
        "base_url": each.base_url,
        "key_variable": each.key_variable,
        "keys_at": each.keys_at,
        "models": list(each.models),
        "about": each.about,
        "added": each.id in configured,
    }
