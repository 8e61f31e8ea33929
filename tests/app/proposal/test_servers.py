"""Which model of which server is proposed, as what, and why another one is not."""

import tomllib

import pytest

from proxy.config import TIER_NAMES
from proxy.local.found import State
from proxy.local.kinds import ServerKind
from proxy.local.place import Place
from tests.app.proposal.here import (
    CLAUDE,
    HAIKU,
    NOTHING,
    OPUS,
    SONNET,
    accepted,
    everywhere,
    keys,
    model,
    ollama,
    proposed,
    server,
    settings_of,
    strong,
    tiers,
    why_not,
)


def test_a_strong_local_model_takes_the_lower_tiers_and_vendors_the_rest() -> None:
    made = proposed(ollama(strong(), model()), keys=keys("anthropic"))
    assert tiers(made) == {
        "SIMPLE": ["ollama/qwen3-coder:30b", HAIKU],
        "MEDIUM": ["ollama/qwen3-coder:30b", HAIKU],
        "COMPLEX": [SONNET],
        "REASONING": [OPUS],
    }
    assert why_not(made)["ollama/qwen3:8b"].startswith("qwen3-coder:30b of the same server is asked")
    assert made.providers[0].table == {"kind": "ollama"}


def test_a_small_local_model_takes_the_lowest_tier_only() -> None:
    made = proposed(server(model()), keys=keys("anthropic"))
    assert tiers(made) == {**CLAUDE, "SIMPLE": ["llamacpp/qwen3:8b", HAIKU]}


def test_local_models_alone_fill_all_tiers_and_the_stronger_one_the_upper() -> None:
    made = proposed(ollama(strong()), server(model()))
    assert tiers(made) == {
        "SIMPLE": ["llamacpp/qwen3:8b", "ollama/qwen3-coder:30b"],
        "MEDIUM": ["ollama/qwen3-coder:30b"],
        "COMPLEX": ["ollama/qwen3-coder:30b"],
        "REASONING": ["ollama/qwen3-coder:30b"],
    }
    assert made.tiers[3].choices[0].why.endswith("nothing stronger can be asked")
    assert "nothing stronger" not in made.tiers[1].choices[0].why


def test_a_weak_local_model_is_better_than_nothing_and_else_left_out() -> None:
    weak = ollama(model("gemma3:4b", parameters="4.3B"))
    assert tiers(proposed(weak)) == everywhere("ollama/gemma3:4b")
    beside = proposed(weak, keys=keys("anthropic"))
    assert tiers(beside) == CLAUDE
    assert [new.name for new in beside.providers] == ["anthropic"]
    assert "ollama/gemma3:4b" in why_not(beside)


def test_a_model_in_memory_comes_before_its_equals() -> None:
    made = proposed(ollama(model("a:14b", parameters="14B"), model("b:8b", is_loaded=True)))
    assert tiers(made)["SIMPLE"] == ["ollama/b:8b"]


OF_MANY = (
    model("llama3.2:3b", parameters="3.2B", size=2_000_000_000),
    model("qwen3:8b", size=5_200_000_000),
    model("gpt-oss:20b", parameters="20.9B", size=13_800_000_000),
    strong(size=18_600_000_000),
    model("nomic-embed-text", chats=False, parameters="137M", size=274_000_000),
)


@pytest.mark.parametrize(
    ("memory", "alone", "beside"),
    [
        (8, "qwen3:8b", None),
        (16, "qwen3:8b", "qwen3:8b"),
        (24, "gpt-oss:20b", "gpt-oss:20b"),
        (32, "qwen3-coder:30b", "qwen3-coder:30b"),
        (64, "qwen3-coder:30b", "qwen3-coder:30b"),
    ],
)
def test_of_many_models_the_machine_gets_the_best_that_it_has_the_memory_for(
    memory: int, alone: str, beside: str | None
) -> None:
    machine = memory * 2**30
    assert tiers(proposed(ollama(*OF_MANY), memory=machine)) == everywhere(f"ollama/{alone}")
    made = tiers(proposed(ollama(*OF_MANY), keys=keys("anthropic"), memory=machine))
    assert made["SIMPLE"] == [*([f"ollama/{beside}"] if beside else []), HAIKU]
    assert (made["MEDIUM"][0] == "ollama/qwen3-coder:30b") == (memory >= 32)


def test_a_better_model_for_which_memory_is_short_is_told_of() -> None:
    made = proposed(ollama(*OF_MANY), memory=24 * 2**30)
    assert why_not(made)["ollama/qwen3-coder:30b"] == (
        "with an agent's prompts it is tight in 24 GB of memory; gpt-oss:20b of the same server is asked"
    )


def test_a_model_that_its_server_has_lost_is_in_nobodys_way() -> None:
    text = '[providers.ollama]\nkind = "ollama"\n[tiers.SIMPLE]\nservices = ["ollama/gone:8b"]\n'
    made = proposed(ollama(model()), settings=settings_of(text))
    assert tiers(made)["MEDIUM"] == ["ollama/qwen3:8b"]


def test_a_model_that_is_asked_without_its_tag_is_in_use() -> None:
    text = '[providers.ollama]\nkind = "ollama"\n[tiers.SIMPLE]\nservices = ["ollama/mistral"]\n'
    made = proposed(ollama(model("mistral:latest"), strong()), settings=settings_of(text))
    assert tiers(made)["MEDIUM"] == ["ollama/mistral:latest"]


def test_what_a_server_passes_on_is_not_taken_for_local() -> None:
    made = proposed(ollama(model("glm-4.7:cloud", is_remote=True)))
    assert not made.is_new
    assert "tiers set" in why_not(made)["ollama/glm-4.7:cloud"]


def test_a_server_that_wants_a_key_is_told_with_the_command_that_gives_it() -> None:
    made = proposed(server(kind=ServerKind.VLLM, state=State.LOCKED, place=Place("127.0.0.1", 8000)))
    assert not made.is_new
    assert why_not(made) == {
        "vLLM at http://127.0.0.1:8000": "it wants a key: `providers add vllm --kind vllm"
        " --base-url http://127.0.0.1:8000/v1` asks for it"
    }


@pytest.mark.parametrize("kind", [ServerKind.JAN, ServerKind.SGLANG, ServerKind.OPENAI_COMPATIBLE])
def test_a_server_without_a_kind_of_its_own_is_added_with_its_address_and_no_key(kind: ServerKind) -> None:
    (new,) = proposed(server(model(), kind=kind)).providers
    assert new.name == kind.value
    assert new.table == {"kind": "openai-compatible", "base_url": "http://127.0.0.1:9000/v1", "key": "none"}


def test_two_servers_of_a_kind_have_two_names() -> None:
    made = proposed(ollama(model()), ollama(model(), place=Place("127.0.0.1", 11500)))
    assert [(new.name, new.config.base_url) for new in made.providers] == [
        ("ollama", ""),
        ("ollama-2", "http://127.0.0.1:11500"),
    ]


@pytest.mark.parametrize(
    "address", ["http://localhost:11434", "http://127.0.0.1:11434", "http://0.0.0.0:11434"]
)
def test_a_server_that_is_configured_keeps_its_name(address: str) -> None:
    there = settings_of(f'[providers.mine]\nkind = "ollama"\nbase_url = "{address}"\n')
    made = proposed(ollama(model()), settings=there)
    assert made.providers == ()
    assert tiers(made) == everywhere("mine/qwen3:8b")


def test_localhost_is_the_server_in_either_protocol_and_keeps_all_that_is_said_of_it() -> None:
    text = '[providers.mine]\nkind = "ollama"\nbase_url = "http://localhost:11434"\ntimeouts = {idle = 9}\n'
    made = proposed(ollama(model(), place=Place("::1", 11434)), settings=settings_of(text))
    assert made.providers == ()
    assert tiers(made) == everywhere("mine/qwen3:8b")
    assert tomllib.loads(accepted(made, text))["providers"] == tomllib.loads(text)["providers"]


def test_of_two_providers_of_one_server_the_one_that_is_enabled_is_asked() -> None:
    text = '[providers.off]\nkind = "ollama"\nenabled = false\n[providers.on]\nkind = "ollama"\n'
    assert tiers(proposed(ollama(model()), settings=settings_of(text))) == everywhere("on/qwen3:8b")


def test_a_server_that_is_configured_as_another_kind_is_judged_as_it_is_asked() -> None:
    address = 'base_url = "http://127.0.0.1:11434/v1"'
    there = settings_of(f'[providers.mine]\nkind = "openai-compatible"\n{address}\nkey = "none"\n')
    made = proposed(ollama(model(context=4096, most_context=40960)), settings=there)
    assert not made.is_new
    assert "takes 4,096 tokens" in why_not(made)["mine/qwen3:8b"]


def test_a_server_that_is_gone_switched_off_or_ourselves_is_not_asked() -> None:
    off = settings_of('[providers.ollama]\nkind = "ollama"\nenabled = false\n')
    assert not proposed(ollama(model()), settings=off).is_new
    assert not proposed(ollama(model(), state=State.GONE)).is_new
    ourselves = Place("127.0.0.1", NOTHING.server.port)
    assert not proposed(server(model(), place=ourselves)).is_new


def test_a_model_in_use_is_the_one_that_its_server_keeps() -> None:
    text = '[providers.ollama]\nkind = "ollama"\n[tiers.SIMPLE]\nservices = ["ollama/qwen3:8b"]\n'
    made = proposed(ollama(strong(), model()), settings=settings_of(text))
    assert tiers(made) == everywhere("ollama/qwen3:8b")
    assert "qwen3:8b of the same server is asked" in why_not(made)["ollama/qwen3-coder:30b"]


def test_a_model_is_asked_alike_in_all_tiers() -> None:
    text = (
        '[providers.ollama]\nkind = "ollama"\n[tiers.SIMPLE]\n'
        'services = [{ provider = "ollama", model = "qwen3:8b", params = { num_ctx = 20000 } }]\n'
    )
    made = proposed(ollama(model()), settings=settings_of(text))
    after = settings_of(accepted(made, text))
    assert [after.tier(tier).services[0].params for tier in TIER_NAMES] == [{"num_ctx": 20000}] * 4
