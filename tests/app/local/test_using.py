"""A model that was found serves a tier: what is written into config.toml, and what stays as it was."""

import tomllib

import pytest

from app.local.using import SwitchedOffError, use_edits
from app.toml.edits import edited
from proxy.config import TierName
from proxy.local.found import LocalServer
from proxy.local.kinds import ServerKind
from proxy.local.place import Place
from tests.app.proposal.here import model, ollama, server, settings_of

CONFIG = """\
# my machine
[providers.anthropic]
kind = "anthropic"
key = "env:ANTHROPIC_API_KEY" # from the shell

[tiers.SIMPLE]
enabled = false # for now
services = [
  # the cheap one
  { provider = "anthropic", model = "claude-haiku-4-5", weight = 3 },
  "anthropic/claude-sonnet-4-6", # when it is away
]
"""
HAIKU = {"provider": "anthropic", "model": "claude-haiku-4-5", "weight": 3}
SONNET = "anthropic/claude-sonnet-4-6"


def used(
    text: str,
    found: LocalServer,
    *,
    name: str = "ollama",
    model: str = "qwen3:8b",
    tier: TierName = "SIMPLE",
) -> str:
    tree = tomllib.loads(text)
    return edited(text, use_edits(found, name, model, tier, settings_of(text), tree))


def test_the_model_comes_first_and_all_else_stays_as_it_is_written() -> None:
    after = used(CONFIG, ollama(model()))
    for comment in ("# my machine", "# from the shell", "# for now", "# the cheap one", "# when it is away"):
        assert comment in after
    tree = tomllib.loads(after)
    assert tree["tiers"]["SIMPLE"] == {"enabled": True, "services": ["ollama/qwen3:8b", HAIKU, SONNET]}
    assert tree["providers"] == {
        "anthropic": {"kind": "anthropic", "key": "env:ANTHROPIC_API_KEY"},
        "ollama": {"kind": "ollama"},
    }


def test_it_is_written_once() -> None:
    once = used(CONFIG, ollama(model()))
    assert used(once, ollama(model())) == once
    assert use_edits(ollama(model()), "ollama", "qwen3:8b", "SIMPLE", settings_of(once), {}) == []


def test_another_tier_of_the_same_server_adds_no_second_provider() -> None:
    tree = tomllib.loads(used(used(CONFIG, ollama(model())), ollama(model()), tier="MEDIUM"))
    assert list(tree["providers"]) == ["anthropic", "ollama"]
    assert tree["tiers"]["MEDIUM"]["services"] == ["ollama/qwen3:8b"]


@pytest.mark.parametrize(
    ("found", "table"),
    [
        (ollama(), {"kind": "ollama"}),
        (ollama(place=Place("::1", 11434)), {"kind": "ollama", "base_url": "http://[::1]:11434"}),
        (
            server(kind=ServerKind.LM_STUDIO, place=Place("127.0.0.1", 4321)),
            {"kind": "lmstudio", "base_url": "http://127.0.0.1:4321/v1"},
        ),
        (
            server(kind=ServerKind.JAN, place=Place("127.0.0.1", 1337)),
            {"kind": "openai-compatible", "base_url": "http://127.0.0.1:1337/v1", "key": "none"},
        ),
        (
            server(kind=ServerKind.DOCKER_MODEL_RUNNER, place=Place("127.0.0.1", 12434)),
            {"kind": "openai-compatible", "base_url": "http://127.0.0.1:12434/engines/v1", "key": "none"},
        ),
    ],
    ids=lambda each: each.kind.value if isinstance(each, LocalServer) else "",
)
def test_a_provider_says_only_what_is_not_so_by_itself(found: LocalServer, table: dict[str, str]) -> None:
    assert tomllib.loads(used("", found, name="here", model="m"))["providers"]["here"] == table


def test_one_that_is_configured_under_another_name_is_used_by_it() -> None:
    config = '[providers.desk]\nkind = "ollama"\nbase_url = "http://localhost:11434"\n'
    tree = tomllib.loads(used(config, ollama(model()), name="desk"))
    assert list(tree["providers"]) == ["desk"]
    assert tree["tiers"]["SIMPLE"]["services"] == ["desk/qwen3:8b"]


def test_a_provider_that_is_switched_off_stays_so_and_no_other_is_made() -> None:
    config = '[providers.desk]\nkind = "ollama"\nenabled = false\n'
    with pytest.raises(SwitchedOffError, match=r"is the provider desk, .*`providers enable desk`"):
        used(config, ollama(model()), name="ollama")


@pytest.mark.parametrize(
    ("services", "after"),
    [
        (f'["{SONNET}", "ollama/qwen3:8b"]', ["ollama/qwen3:8b", SONNET]),
        (
            f'["{SONNET}", {{ provider = "ollama", model = "qwen3:8b", weight = 5, capacity = 2 }}]',
            [{"provider": "ollama", "model": "qwen3:8b", "weight": 5, "capacity": 2}, SONNET],
        ),
        (
            '[{ provider = "ollama", model = "qwen3:8b", weight = 5, active = false }]',
            [{"provider": "ollama", "model": "qwen3:8b", "weight": 5}],
        ),
        ('["ollama/qwen3:4b"]', ["ollama/qwen3:8b", "ollama/qwen3:4b"]),
    ],
    ids=["it moves to the front", "with its numbers", "it is active again", "before its neighbour"],
)
def test_one_that_is_in_the_tier_already_keeps_what_was_said_of_it(
    services: str, after: list[object]
) -> None:
    config = f'[providers.ollama]\nkind = "ollama"\n[tiers.SIMPLE]\nservices = {services}\n'
    assert tomllib.loads(used(config, ollama(model())))["tiers"]["SIMPLE"]["services"] == after


def test_a_provider_at_localhost_that_is_switched_off_is_so_in_either_protocol() -> None:
    text = '[providers.desk]\nkind = "ollama"\nenabled = false\nbase_url = "http://localhost:11434"\n'
    with pytest.raises(SwitchedOffError, match="providers enable desk"):
        used(text, ollama(model(), place=Place("::1", 11434)), name="desk")
