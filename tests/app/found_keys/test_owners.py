"""Whose a key is that was found, and which ones may be another's than they are called after."""

from pathlib import Path
from typing import Any

import pytest

from app.found_keys import found_keys
from tests.app.found_keys.finding import CANARY, CLAUDES, NOTHING, OPENROUTER, OTHER, put, searched


@pytest.mark.parametrize("provider", ["anthropic", "openrouter", "groq", "xai", "cerebras"])
def test_a_key_that_does_not_begin_as_all_of_its_vendor_do_is_another_ones(
    tmp_path: Path, provider: str
) -> None:
    assert searched(tmp_path, **{f"{provider.upper()}_API_KEY": CANARY}) == []


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("http://127.0.0.1:4517", "127.0.0.1"),
        ("https://user:hunter2@gateway.example.com/v1", "gateway.example.com"),
        ("https://api.z.ai/api/anthropic", "api.z.ai"),
        ("https://[", "another address"),
        ("https://\x1b[2J/v1", "another address"),
        ("somewhere", "another address"),
    ],
)
def test_a_key_that_goes_to_another_address_is_told_with_it(tmp_path: Path, address: str, host: str) -> None:
    beside = {"ANTHROPIC_BASE_URL": address, "ANTHROPIC_API_KEY": CLAUDES}
    put(tmp_path / ".claude/settings.json", {"env": beside})
    found = found_keys(NOTHING, {"OPENAI_BASE_URL": address, "OPENAI_API_KEY": OTHER}, tmp_path)
    assert [(key.provider, key.sent_to) for key in found] == [("openai", host), ("anthropic", host)]


GATEWAY = "https://gateway.example.com/v1"


ALIBABA = "https://dashscope.aliyuncs.com/compatible-mode/v1"


QWENS = ".qwen/settings.json"


POINTING: tuple[tuple[str, Any], ...] = (
    (".codex/config.toml", f'openai_base_url = "{GATEWAY}"\n'),
    (".codex/config.toml", f'[model_providers.own]\nbase_url = "{GATEWAY}"\nenv_key = "OPENAI_API_KEY"\n'),
    (".config/opencode/opencode.json", {"provider": {"openai": {"options": {"baseURL": GATEWAY}}}}),
    (QWENS, {"modelProviders": {"openai": [{"id": "qwen3-coder-plus", "baseUrl": ALIBABA}]}}),
    (QWENS, {"modelProviders": {"openai": [{"baseUrl": ALIBABA, "envKey": "OPENAI_API_KEY"}]}}),
    (QWENS, {"security": {"auth": {"selectedType": "openai", "baseUrl": ALIBABA}}}),
    (QWENS, {"env": {"OPENAI_BASE_URL": ALIBABA}}),
)


@pytest.mark.parametrize(("file", "content"), POINTING)
def test_a_key_that_some_client_sends_elsewhere_may_be_theirs_wherever_it_lies(
    tmp_path: Path, file: str, content: Any
) -> None:
    put(tmp_path / file, content)
    put(tmp_path / ".codex/auth.json", {"OPENAI_API_KEY": OTHER})
    found = found_keys(NOTHING, {"OPENAI_API_KEY": CANARY}, tmp_path)
    assert [key.provider for key in found] == ["openai", "openai"]
    assert {key.sent_to for key in found} <= {"gateway.example.com", "dashscope.aliyuncs.com"}


def test_an_address_in_the_environment_holds_for_keys_in_files(tmp_path: Path) -> None:
    put(tmp_path / ".codex/auth.json", {"OPENAI_API_KEY": OTHER})
    assert [key.sent_to for key in found_keys(NOTHING, {"OPENAI_BASE_URL": GATEWAY}, tmp_path)] == [
        "gateway.example.com"
    ]


@pytest.mark.parametrize(
    ("file", "content"),
    [
        (
            ".codex/config.toml",
            '[model_providers.x]\nbase_url = "https://api.openai.com/v1"\nenv_key = "OPENAI_API_KEY"\n',
        ),
        (".codex/config.toml", 'openai_base_url = "http://127.0.0.1:4517/v1"\n'),
        (".qwen/.env", f"OPENAI_API_KEY={OTHER}\nOPENAI_BASE_URL={ALIBABA}\n"),
        (QWENS, {"security": {"auth": {"selectedType": "openai", "baseUrl": ALIBABA, "apiKey": OTHER}}}),
    ],
)
def test_an_address_of_the_vendor_of_here_or_with_a_key_of_its_own_says_nothing_of_other_keys(
    tmp_path: Path, file: str, content: Any
) -> None:
    put(tmp_path / file, content)
    found = found_keys(NOTHING, {"OPENAI_API_KEY": CANARY}, tmp_path)
    assert [key.sent_to for key in found if key.variable] == [""]


def test_a_key_that_says_whose_it_is_is_believed_whatever_a_client_does(tmp_path: Path) -> None:
    put(tmp_path / ".claude/settings.json", {"env": {"ANTHROPIC_BASE_URL": GATEWAY}})
    assert [key.sent_to for key in found_keys(NOTHING, {"ANTHROPIC_API_KEY": CLAUDES}, tmp_path)] == [""]


def test_qwens_key_without_an_address_is_alibabas(tmp_path: Path) -> None:
    put(tmp_path / ".qwen/.env", f"OPENAI_API_KEY={OTHER}\n")
    put(tmp_path / QWENS, {"security": {"auth": {"selectedType": "openai", "apiKey": CANARY}}})
    assert searched(tmp_path) == []


def test_an_address_says_whose_key_it_is(tmp_path: Path) -> None:
    found = searched(tmp_path, OPENAI_BASE_URL=OPENROUTER, OPENAI_API_KEY=CANARY)
    assert [key[:2] for key in found] == [("openrouter", "env:OPENAI_API_KEY")]


def test_a_key_that_says_who_issued_it_is_believed(tmp_path: Path) -> None:
    key = f"sk-or-v1-{CANARY}"
    assert [found[0] for found in searched(tmp_path, OPENAI_API_KEY=key)] == ["openrouter"]
    vendors_own = "https://api.openai.com/v1"
    assert searched(tmp_path, OPENAI_API_KEY=key, OPENAI_BASE_URL=vendors_own) == []
