"""Keys that lie in the environment and in the files of clients, as these write them."""

import traceback
from pathlib import Path
from typing import Any

import pytest

from app.found_keys import FoundKey, found_keys
from app.settings import Settings
from proxy.config import ProviderConfig
from proxy.secret import Secret
from tests.app.found_keys.finding import CANARY, CLAUDES, NOTHING, OPENROUTER, OTHER, put, searched


@pytest.mark.parametrize(
    ("variable", "beginning", "provider"),
    [
        ("ANTHROPIC_API_KEY", "sk-ant-", "anthropic"),
        ("OPENAI_API_KEY", "", "openai"),
        ("GEMINI_API_KEY", "", "gemini"),
        ("GOOGLE_API_KEY", "", "gemini"),
        ("OPENROUTER_API_KEY", "sk-or-", "openrouter"),
        ("AZURE_OPENAI_API_KEY", "", "azure-openai"),
    ],
)
def test_a_variable_of_the_environment_is_used_from_there(
    tmp_path: Path, variable: str, beginning: str, provider: str
) -> None:
    found = found_keys(NOTHING, {variable: f" {beginning}{CANARY}\n"}, tmp_path)
    assert [(key.provider, key.source, key.form, key.variable) for key in found] == [
        (provider, f"env:{variable}", f"env:{variable}", variable)
    ]
    assert found[0].secret == Secret(beginning + CANARY)


CASES: tuple[tuple[str, Any, str], ...] = (
    (".claude/settings.json", {"env": {"ANTHROPIC_API_KEY": CLAUDES}}, "anthropic"),
    (".codex/auth.json", {"OPENAI_API_KEY": CANARY, "tokens": None}, "openai"),
    (
        ".codex/config.toml",
        f'[model_providers.own]\nbase_url = "{OPENROUTER}"\nexperimental_bearer_token = "{CANARY}"\n',
        "openrouter",
    ),
    (".local/share/opencode/auth.json", {"google": {"type": "api", "key": CANARY}}, "gemini"),
    (
        ".config/opencode/opencode.json",
        {"provider": {"groq": {"options": {"apiKey": f"gsk_{CANARY}"}}}},
        "groq",
    ),
    (".gemini/.env", f"GEMINI_API_KEY={CANARY}\n", "gemini"),
    (".qwen/.env", f"OPENROUTER_API_KEY=sk-or-{CANARY}\n", "openrouter"),
    (
        ".qwen/settings.json",
        {
            "security": {
                "auth": {
                    "selectedType": "openai",
                    "apiKey": CANARY,
                    "baseUrl": "https://api.deepseek.com/v1",
                }
            }
        },
        "deepseek",
    ),
    (
        ".config/crush/crush.json",
        {"providers": {"xai": {"type": "openai", "api_key": f"xai-{CANARY}"}}},
        "xai",
    ),
    (".local/share/crush/crush.json", {"providers": {"mistral": {"api_key": CANARY}}}, "mistral"),
    (".continue/.env", f"MISTRAL_API_KEY={CANARY}\n", "mistral"),
    (".continue/config.json", {"models": [{"provider": "anthropic", "apiKey": CLAUDES}]}, "anthropic"),
    (
        ".cline/data/settings/providers.json",
        {"providers": {"openai-native": {"settings": {"apiKey": CANARY}, "tokenSource": "manual"}}},
        "openai",
    ),
    (
        ".factory/settings.json",
        {"customModels": [{"provider": "openai", "apiKey": CANARY, "baseUrl": "https://api.x.ai/v1"}]},
        "xai",
    ),
    (".env", f'export ANTHROPIC_API_KEY="{CLAUDES}"\n', "anthropic"),
)


@pytest.mark.parametrize(("file", "content", "provider"), CASES, ids=[case[0] for case in CASES])
def test_a_key_in_a_clients_file_is_found_and_would_be_copied(
    tmp_path: Path, file: str, content: Any, provider: str
) -> None:
    put(tmp_path / file, content)
    (key,) = found_keys(NOTHING, {}, tmp_path)
    assert (key.provider, key.source, key.form, key.variable) == (provider, "file", "keyring", "")
    assert f" in ~/{file} of " in key.where
    assert key.secret.reveal().endswith(CANARY)


@pytest.mark.parametrize(
    ("file", "content"),
    [
        (
            ".codex/auth.json",
            {"OPENAI_API_KEY": CANARY, "auth_mode": "chatgpt", "tokens": {"access_token": "x"}},
        ),
        (".codex/auth.json", {"OPENAI_API_KEY": None, "tokens": {"access_token": CANARY}}),
        (".codex/auth.json", {"OPENAI_API_KEY": CANARY, "tokens": {"access_token": "x"}}),
        (".codex/auth.json", {"OPENAI_API_KEY": CANARY, "auth_mode": "chatgptAuthTokens"}),
        (
            ".local/share/opencode/auth.json",
            {"anthropic": {"type": "oauth", "access": CANARY, "key": CANARY}},
        ),
        (".local/share/opencode/auth.json", {"zai-coding-plan": {"type": "api", "key": CANARY}}),
        (".claude/.credentials.json", {"claudeAiOauth": {"accessToken": CANARY}}),
        (".claude/settings.json", {"env": {"ANTHROPIC_AUTH_TOKEN": CLAUDES}}),
        (".claude/settings.json", {"env": {"ANTHROPIC_API_KEY": f"sk-ant-oat01-{CANARY}"}}),
        (
            ".cline/data/settings/providers.json",
            {"providers": {"openai": {"settings": {"apiKey": CANARY}, "tokenSource": "oauth"}}},
        ),
    ],
)
def test_a_login_or_a_subscription_is_never_taken(tmp_path: Path, file: str, content: Any) -> None:
    put(tmp_path / file, content)
    assert searched(tmp_path) == []


@pytest.mark.parametrize("name", ["\x1b[2Jname", "two\nlines", "\ud800", f"sk-or-v1-{OTHER}", "x" * 61])
def test_an_entry_whose_name_cannot_be_shown_is_called_one(tmp_path: Path, name: str) -> None:
    put(tmp_path / ".config/crush/crush.json", {"providers": {name: {"api_key": f"sk-or-v1-{CANARY}"}}})
    assert [key[2] for key in searched(tmp_path)] == ["an entry in ~/.config/crush/crush.json of Crush"]


def test_one_key_in_two_places_is_told_once_and_from_the_environment(tmp_path: Path) -> None:
    put(tmp_path / ".codex/auth.json", {"OPENAI_API_KEY": CANARY})
    found = searched(tmp_path, OPENAI_API_KEY=CANARY)
    assert found == [("openai", "env:OPENAI_API_KEY", "the environment variable OPENAI_API_KEY")]


def test_two_keys_of_a_vendor_are_told_both(tmp_path: Path) -> None:
    put(tmp_path / ".codex/auth.json", {"OPENAI_API_KEY": OTHER})
    found = searched(tmp_path, OPENAI_API_KEY=CANARY)
    assert [key[0] for key in found] == ["openai", "openai"]
    assert found[1][2] == "OPENAI_API_KEY in ~/.codex/auth.json of Codex"


@pytest.mark.parametrize(
    "config",
    [
        ProviderConfig(kind="openai"),
        ProviderConfig(kind="openai", enabled=False),
        ProviderConfig(kind="openai-compatible", base_url="https://api.openai.com/v1"),
    ],
)
def test_what_is_configured_is_not_found_again(tmp_path: Path, config: ProviderConfig) -> None:
    settings = Settings(providers={"mine": config})
    assert searched(tmp_path, settings, OPENAI_API_KEY=CANARY) == []


def test_another_address_of_the_same_kind_is_another_provider(tmp_path: Path) -> None:
    settings = Settings(
        providers={"openai": ProviderConfig(kind="openai", base_url="https://example.com/v1")}
    )
    assert [key[0] for key in searched(tmp_path, settings, OPENAI_API_KEY=CANARY)] == ["openai"]


def test_the_folders_that_clients_are_told_are_looked_into(tmp_path: Path) -> None:
    put(tmp_path / "c/settings.json", {"env": {"ANTHROPIC_API_KEY": CLAUDES}})
    put(tmp_path / "x/auth.json", {"OPENAI_API_KEY": OTHER})
    found = searched(
        tmp_path / "nobody", CLAUDE_CONFIG_DIR=str(tmp_path / "c"), CODEX_HOME=str(tmp_path / "x")
    )
    assert [key[2] for key in found] == [
        f"ANTHROPIC_API_KEY in {tmp_path / 'c/settings.json'} of Claude Code",
        f"OPENAI_API_KEY in {tmp_path / 'x/auth.json'} of Codex",
    ]


def test_files_of_another_form_hold_nothing(tmp_path: Path) -> None:
    for file, _, _ in CASES:
        put(tmp_path / file, '["a list", {"env": 3}]')
    assert searched(tmp_path) == []
    put(tmp_path / ".continue/config.json", {"models": {"a": 1}, "providers": [[]]})
    put(tmp_path / ".codex/auth.json", {"OPENAI_API_KEY": 7, "auth_mode": ["chatgpt"]})
    assert searched(tmp_path) == []


def test_nothing_but_the_key_itself_shows_the_secret(tmp_path: Path) -> None:
    put(tmp_path / ".codex/auth.json", {"OPENAI_API_KEY": CANARY})
    (key,) = found_keys(NOTHING, {}, tmp_path)
    assert CANARY not in f"{key!r} {key} {key.as_json()} {key.in_keyring()!r}"
    with pytest.raises(TypeError) as caught:
        hash(key)
    assert CANARY not in "".join(traceback.TracebackException.from_exception(caught.value).format())
    assert isinstance(key, FoundKey)
