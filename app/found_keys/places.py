"""The files of other clients that may hold keys, as a table. Logins and what is encrypted are not in it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.found_keys.shapes import Entries, Pointers, Shape, Variables

_FOLDERS: Final[Mapping[str, tuple[str, str]]] = {
    "claude": ("CLAUDE_CONFIG_DIR", ".claude"),
    "codex": ("CODEX_HOME", ".codex"),
    "config": ("XDG_CONFIG_HOME", ".config"),
    "data": ("XDG_DATA_HOME", ".local/share"),
    "home": ("", "."),
}
"""Where paths begin: at what a variable says, else below the user's home."""


@dataclass(frozen=True, slots=True)
class Place:
    """One file of one client."""

    client: str
    label: str
    """The client in a word that can stand behind `keyring:`."""
    folder: str
    path: str
    shapes: tuple[Shape, ...]


_QWENS: Final = ("openai",)
"""Without an address a key of that name goes to Alibaba."""

PLACES: Final = (
    Place("Claude Code", "claude-code", "claude", "settings.json", (Variables(at=("env",)),)),
    Place(
        "Codex",
        "codex",
        "codex",
        "auth.json",
        (Variables(only=(("auth_mode",), ("", "apikey")), unless=("tokens",)),),
    ),
    Place(
        "Codex",
        "codex",
        "codex",
        "config.toml",
        (
            Entries(at=("model_providers", "*"), key=("experimental_bearer_token",), address=("base_url",)),
            Pointers(at=("model_providers", "*"), address=("base_url",), variable=("env_key",)),
            Pointers(address=("openai_base_url",), usual="OPENAI_API_KEY"),
        ),
    ),
    Place(
        "OpenCode",
        "opencode",
        "data",
        "opencode/auth.json",
        (Entries(at=("*",), key=("key",), only=(("type",), ("api",))),),
    ),
    Place(
        "OpenCode",
        "opencode",
        "config",
        "opencode/opencode.json",
        (Entries(at=("provider", "*"), key=("options", "apiKey"), address=("options", "baseURL")),),
    ),
    Place("Gemini CLI", "gemini-cli", "home", ".gemini/.env", (Variables(),)),
    Place("Qwen Code", "qwen-code", "home", ".qwen/.env", (Variables(addressed=_QWENS),)),
    Place(
        "Qwen Code",
        "qwen-code",
        "home",
        ".qwen/settings.json",
        (
            Variables(at=("env",), addressed=_QWENS),
            Entries(
                at=("security", "auth"),
                key=("apiKey",),
                address=("baseUrl",),
                provider=("selectedType",),
                addressed=_QWENS,
            ),
            Pointers(
                at=("modelProviders", "*", "*"),
                address=("baseUrl",),
                variable=("envKey",),
                usual="OPENAI_API_KEY",
            ),
        ),
    ),
    *(
        Place(
            "Crush",
            "crush",
            folder,
            "crush/crush.json",
            (Entries(at=("providers", "*"), key=("api_key",), address=("base_url",)),),
        )
        for folder in ("config", "data")
    ),
    Place("Continue", "continue", "home", ".continue/.env", (Variables(),)),
    Place(
        "Continue",
        "continue",
        "home",
        ".continue/config.json",
        (Entries(at=("models", "*"), key=("apiKey",), address=("apiBase",), provider=("provider",)),),
    ),
    Place(
        "Cline",
        "cline",
        "home",
        ".cline/data/settings/providers.json",
        (
            Entries(
                at=("providers", "*"),
                key=("settings", "apiKey"),
                address=("settings", "baseUrl"),
                only=(("tokenSource",), ("manual",)),
            ),
        ),
    ),
    Place(
        "Droid",
        "droid",
        "home",
        ".factory/settings.json",
        (Entries(at=("customModels", "*"), key=("apiKey",), address=("baseUrl",), provider=("provider",)),),
    ),
    Place(
        "Droid",
        "droid",
        "home",
        ".factory/config.json",
        (
            Entries(
                at=("custom_models", "*"), key=("api_key",), address=("base_url",), provider=("provider",)
            ),
        ),
    ),
    Place("Aider", "aider", "home", ".env", (Variables(),)),
)


def files(environ: Mapping[str, str], user: Path) -> Iterator[tuple[Place, Path]]:
    """Every place with its file, whether that exists or not; `user` is the user's home."""
    for place in PLACES:
        variable, usual = _FOLDERS[place.folder]
        named = environ.get(variable, "") if variable else ""
        yield place, (Path(named) if named else user / usual) / place.path


def shown(file: Path, user: Path) -> str:
    """A path as people write it."""
    try:
        return f"~/{file.relative_to(user).as_posix()}"
    except ValueError:
        return str(file)
