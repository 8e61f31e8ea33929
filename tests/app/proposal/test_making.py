"""What is proposed for what was found, on an empty configuration and beside a filled one."""

import json
import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.proposal.spreading import MOST_IN_A_TIER
from proxy.config import TIER_NAMES, ServiceEntry, TierConfig
from proxy.local.found import LocalServer
from proxy.local.kinds import ServerKind
from proxy.local.place import Place
from proxy.providers.presets import presets
from tests.app.proposal.here import (
    CLAUDE,
    HAIKU,
    OPUS,
    SONNET,
    accepted,
    everywhere,
    key,
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


def test_with_nothing_found_it_says_what_to_do() -> None:
    made = proposed()
    assert not made.is_new
    assert made.edits() == []
    assert "Start Ollama" in made.advice
    assert tiers(made) == everywhere()


def test_with_nothing_of_use_it_says_why() -> None:
    made = proposed(ollama(model("nomic-embed-text", chats=False)))
    assert not made.is_new
    assert "what was left out says why" in made.advice
    assert list(why_not(made)) == ["ollama/nomic-embed-text"]


def test_one_vendors_models_fill_the_tiers_from_cheap_to_strong() -> None:
    made = proposed(keys=keys("anthropic"))
    assert tiers(made) == CLAUDE
    assert [(new.name, new.table) for new in made.providers] == [
        ("anthropic", {"kind": "anthropic", "key": "env:ANTHROPIC_API_KEY"})
    ]
    whys = [choice.why for tier in made.tiers for choice in tier.choices]
    assert whys[0].startswith("Anthropic, its cheap one; $")
    assert all("per million tokens" in why for why in whys)


def test_a_vendor_with_one_model_fills_all_tiers_with_it() -> None:
    assert tiers(proposed(keys=keys("xai"))) == everywhere("xai/grok-4.3")


def test_four_models_take_a_tier_each() -> None:
    assert all(len(services) == 1 for services in tiers(proposed(keys=keys("openai"))).values())
    assert len({name for (name,) in tiers(proposed(keys=keys("openai"))).values()}) == 4


def test_a_key_from_a_file_goes_into_the_keyring() -> None:
    found = key("openai", source="file")
    made = proposed(keys=[found])
    assert made.providers[0].table == {"kind": "openai", "key": "keyring"}
    assert made.secrets == (("provider/openai", found.secret),)
    assert proposed(keys=keys("openai")).secrets == ()
    moved = proposed(keys=[key("openai").in_keyring()])
    assert [name for name, _ in moved.secrets] == ["provider/openai"]


def test_a_name_that_is_taken_is_not_taken_again() -> None:
    there = settings_of('[providers.anthropic]\nkind = "openai"\nbase_url = "https://example.com/v1"\n')
    made = proposed(keys=keys("anthropic"), settings=there)
    assert [new.name for new in made.providers] == ["anthropic-2"]


def test_a_further_key_of_a_vendor_is_left_to_its_owner() -> None:
    further = [key("openai", source="file", label="codex"), key("openai", source="env:CODEX_API_KEY")]
    made = proposed(keys=[key("openai"), *further])
    assert len(made.providers) == 1
    assert why_not(made) == {
        "the key of OpenAI in the place file": "another one was found before; `providers add openai "
        "--label codex` adds it",
        "the key of OpenAI in the place env:CODEX_API_KEY": "another one was found before; `providers add "
        "openai --key-env CODEX_API_KEY` adds it",
    }


def test_a_key_that_may_be_somebody_elses_is_left_to_its_owner() -> None:
    doubtful = replace(key("openai"), sent_to="gateway.example.com")
    made = proposed(keys=[doubtful])
    assert not made.is_new
    assert why_not(made) == {
        "the key of OpenAI in the place env:OPENAI_API_KEY": "a client sends it to gateway.example.com, so "
        "it may be theirs; if it is OpenAI's own, `providers add openai --key-env OPENAI_API_KEY` adds it"
    }
    assert len(proposed(keys=[doubtful, key("openai", source="file")]).providers) == 1


@pytest.mark.parametrize(
    ("provider", "what"),
    [("azure-openai", "--base-url"), ("bedrock", "--region"), ("databricks", "--base-url")],
)
def test_an_account_of_which_more_must_be_said_is_left_to_its_owner(provider: str, what: str) -> None:
    made = proposed(keys=keys(provider))
    assert not made.is_new
    assert what in next(iter(why_not(made).values()))


def test_an_open_model_never_stands_in_for_the_strongest_of_a_vendor() -> None:
    made = proposed(keys=keys("anthropic", "groq", "cerebras"))
    assert tiers(made)["REASONING"] == [OPUS]
    assert tiers(made)["COMPLEX"] == [SONNET]
    assert {name.partition("/")[0] for name in tiers(made)["SIMPLE"]} == {"groq", "cerebras", "anthropic"}


def test_the_cheapest_is_asked_first_where_little_is_needed() -> None:
    made = proposed(keys=keys("anthropic", "openai", "deepseek"))
    costs = [choice.cost for choice in made.tiers[0].choices]
    assert costs == sorted(cost for cost in costs if cost is not None)
    assert len(costs) == 3


def test_whose_models_they_are_comes_before_who_passes_them_on() -> None:
    made = proposed(keys=keys("openrouter", "anthropic"))
    assert tiers(made)["REASONING"][0] == OPUS


def test_a_vendor_that_is_configured_fills_tiers_that_are_empty() -> None:
    there = settings_of('[providers.anthropic]\nkind = "anthropic"\n')
    made = proposed(settings=there)
    assert made.providers == ()
    assert tiers(made) == CLAUDE


def test_the_users_own_price_counts() -> None:
    dear = "".join(f'[prices."{HAIKU}"]\n{kind} = 900.0\n' for kind in ("input",)) + "output = 900.0\n"
    there = settings_of(f'[providers.anthropic]\nkind = "anthropic"\n{dear}')
    assert tiers(proposed(settings=there))["REASONING"] == [HAIKU]


FILLED = f"""
[providers.anthropic]
kind = "anthropic"

[tiers.SIMPLE] # by hand
services = [
  {{ provider = "anthropic", model = "claude-haiku-4-5", weight = 1 }}, # the quick one
]
[tiers.COMPLEX]
services = ["{SONNET}", "{OPUS}"]
[tiers.REASONING]
enabled = false
"""


def test_what_is_there_stays_and_what_is_local_comes_first() -> None:
    made = proposed(ollama(model()), keys=keys("openai"), settings=settings_of(FILLED))
    found = tiers(made)
    assert found["SIMPLE"][:2] == ["ollama/qwen3:8b", HAIKU]
    assert found["COMPLEX"][:2] == [SONNET, OPUS]
    assert found["REASONING"] == []
    assert made.tiers[3].note == "it is switched off, and stays as it is"
    text = accepted(made, FILLED)
    assert '{ provider = "anthropic", model = "claude-haiku-4-5", weight = 1 }, # the quick one' in text
    assert "# by hand" in text


def test_a_tier_with_another_tactic_is_left_alone() -> None:
    there = settings_of(FILLED + '[tiers.MEDIUM]\ntactic = "random"\nservices = ["x/y"]\n')
    made = proposed(ollama(strong()), settings=there)
    assert tiers(made)["MEDIUM"] == ["x/y"]
    assert "its tactic is random" in made.tiers[1].note


def test_numbers_that_its_owner_gave_decide_where_the_new_ones_stand() -> None:
    text = (
        '[providers.anthropic]\nkind = "anthropic"\n[tiers.SIMPLE]\nservices = ['
        '{ provider = "x", model = "last", priority = 9 }, '
        '{ provider = "y", model = "first", priority = 3 }]\n'
    )
    made = proposed(ollama(model()), keys=keys("openai"), settings=settings_of(text))
    after = settings_of(accepted(made, text)).tier("SIMPLE").services
    in_order = [service.provider for service in sorted(after, key=lambda each: each.priority)]
    assert in_order[:2] == ["ollama", "y"]
    assert in_order.index("x") < in_order.index("openai")


HOSTED = sorted(each.id for each in presets() if each.key_variable)


MODELS = st.builds(
    model,
    st.sampled_from(["qwen3:8b", "qwen3-coder:30b", "embed", "gemma3:4b", "big:70b"]),
    parameters=st.sampled_from(["", "4B", "8B", "31B", "70B"]),
    context=st.sampled_from([None, 4096, 10000, 20000, 40000]),
    most_context=st.sampled_from([None, 4096, 131072]),
    tools=st.sampled_from([None, True, False]),
    chats=st.booleans(),
    is_remote=st.booleans(),
    is_loaded=st.sampled_from([None, True, False]),
    size=st.sampled_from([None, 5_000_000_000, 50_000_000_000]),
)


@st.composite
def servers(draw: st.DrawFn) -> LocalServer:
    models = draw(st.lists(MODELS, max_size=4, unique_by=lambda each: each.name))
    kind = draw(st.sampled_from([ServerKind.OLLAMA, ServerKind.LLAMACPP, ServerKind.LM_STUDIO]))
    place = Place("127.0.0.1", draw(st.sampled_from([8080, 8081, 1234])))
    return server(*models, kind=kind, place=place)


POOLS = st.builds(
    TierConfig,
    enabled=st.sampled_from([True, True, True, False]),
    tactic=st.sampled_from(["priority", "priority", "random"]),
    services=st.lists(
        st.builds(
            ServiceEntry,
            st.sampled_from(["anthropic", "openai", "gone"]),
            st.sampled_from(["a", "b"]),
            priority=st.sampled_from([0, 0, 5]),
        ),
        max_size=3,
        unique_by=lambda each: each.name,
    ).map(tuple),
)


def written(pools: dict[str, TierConfig], providers: list[str]) -> str:
    lines = [f'[providers.{name}]\nkind = "{name}"\n' for name in providers]
    for tier, pool in pools.items():
        services = ", ".join(
            f'{{ provider = "{each.provider}", model = "{each.model}", priority = {each.priority} }}'
            for each in pool.services
        )
        lines.append(
            f"[tiers.{tier}]\nenabled = {str(pool.enabled).lower()}\n"
            f'tactic = "{pool.tactic}"\nservices = [{services}]\n'
        )
    return "".join(lines)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(servers(), max_size=3, unique_by=lambda each: each.place),
    st.lists(st.sampled_from(HOSTED), max_size=5, unique=True),
    st.dictionaries(st.sampled_from(TIER_NAMES), POOLS),
    st.lists(st.sampled_from(["anthropic", "openai"]), unique=True),
)
def test_whatever_is_there_nothing_is_lost_and_it_is_proposed_once(
    found: list[LocalServer], hosted: list[str], pools: dict[str, TierConfig], providers: list[str]
) -> None:
    text = written(pools, providers)
    before = settings_of(text)
    some = [each for each in hosted if each not in providers]
    made = proposed(*found, keys=keys(*some), settings=before, memory=32_000_000_000)
    assert made == proposed(*reversed(found), keys=keys(*some), settings=before, memory=32_000_000_000)
    after_text = accepted(made, text)
    after = settings_of(after_text)
    for tier in TIER_NAMES:
        kept = [each for each in after.tier(tier).services if each in before.tier(tier).services]
        assert kept == list(before.tier(tier).services)
        added = [each for each in after.tier(tier).services if each not in before.tier(tier).services]
        assert all(each.provider in after.providers for each in added)
        assert sum(not after.providers[each.provider].is_on_this_machine for each in added) <= MOST_IN_A_TIER
    left = [each for each in some if each not in after.providers]
    again = proposed(*found, keys=keys(*left), settings=after, memory=32_000_000_000)
    assert not again.is_new
    if made.is_new:
        assert all(choice.why for tier in made.tiers for choice in tier.choices)
    costs = [choice.cost for tier in made.tiers for choice in tier.choices]
    assert all(cost is None or math.isfinite(cost) for cost in costs)


def test_nothing_of_it_shows_a_secret() -> None:
    found = [key("openai", source="file"), key("anthropic")]
    made = proposed(ollama(model()), keys=found)
    said = json.dumps(made.as_json()) + repr(made) + repr(made.edits())
    assert all(each.secret.reveal() not in said for each in found)
    assert made.as_json()["providers"][1]["found_key"]["source"] == "file"
