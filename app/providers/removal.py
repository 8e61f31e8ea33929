"""`providers remove`: the table and its keys go; what else names the provider is told and stays."""

import shlex
from collections.abc import Sequence

from app.commands.context import Context
from app.keyring.store import Keyring
from app.program_name import program_name
from app.providers.carrying_out import drop, take_out
from app.providers.consent import consent
from app.providers.known import known
from app.providers.mentions import mentions
from app.providers.planning import stored_names
from app.providers.reloading import reload_running
from app.settings import SettingsFile
from app.toml.layout import written_path
from proxy.config import ProviderConfig
from proxy.providers.entrance import shown

_KEY_FLAGS = {"none": "--no-key", "client": "--client-key"}


def remove_provider(context: Context, name: str, keyring: Keyring, *, yes: bool) -> int:
    file = SettingsFile(context.home)
    config = known(name, file.load().settings)
    keys = " and its keys in the keyring" if stored_names(name, config) else ""
    consent(f"Remove provider {name}{keys}?", given=yes)
    settings, stored = take_out(name, file)
    is_reloaded = reload_running(context)
    drop(name, stored, keyring)
    left = [written_path(path) for path in mentions(settings, name)]
    undo = _undo(name, config)
    context.answer(
        _written(name, left, undo),
        {"removed": name, "still_named_by": left, "undo": undo, "reloaded": is_reloaded},
    )
    return 0


def _written(name: str, left: Sequence[str], undo: str) -> str:
    lines = [f"{name} is removed."]
    if left:
        lines.append(
            f"Still named by {', '.join(left)}: there it has no effect, as `config check` tells too."
        )
    lines.append(f"To have it back: {undo}")
    return "\n".join(lines)


def _undo(name: str, config: ProviderConfig) -> str:
    """The command that adds it again. Keys and what stood in its address before the @ are not repeated."""
    words = [program_name(), "providers", "add", name, "--kind", config.kind]
    if config.base_url:
        words += ["--base-url", shown(config.base_url)]
    for key in ("region", "project", "location", "api_version"):
        if value := getattr(config, key, ""):
            words += [f"--{key.replace('_', '-')}", value]
    return shlex.join([*words, *_key_flags(config.key_forms[0])])


def _key_flags(form: str) -> list[str]:
    place, _, detail = form.partition(":")
    if place == "env":
        return ["--key-env", detail]
    if place == "keyring":
        return ["--label", detail] if detail else []
    return [_KEY_FLAGS[place]]
