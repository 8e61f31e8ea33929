"""What an answer tells for the turns that follow: what is cached, and how many tokens a model counts."""

from dataclasses import replace as with_
from typing import Any

import pytest

from proxy.exchange import Attempt, Exchange, Outcome, Surface
from proxy.routing.caches.beliefs import Belief
from proxy.routing.selection.decision import Decision
from proxy.routing.service import Service
from proxy.server.choosing.noting import note_prompt
from proxy.server.choosing.terms import rules_of
from proxy.wire.canonical import UNKNOWN, Usage
from proxy.wire.format import Format
from tests.proxy.routing.selection.judging import Says
from tests.proxy.routing.selection.simulator import Simulator

HOSTED, KEPT_HERE = Service("claude", "m"), Service("local", "m")
TABLES: dict[str, Any] = {
    "providers": {
        "claude": {"kind": "anthropic-compatible", "base_url": "http://claude.example", "key": "none"},
        "local": {"kind": "openai-compatible", "base_url": "http://127.0.0.1:9/v1", "key": "none"},
        "ollama": {"kind": "ollama"},
    },
    "tiers": {"COMPLEX": {"services": ["claude/m"]}, "SIMPLE": {"services": ["local/m"]}},
}
SYSTEM = "word " * 4000
CLAUDE_CODE = {"user-agent": "claude-cli/2.1 (external, cli)"}


def asking(text: str = "sort it", **more: Any) -> dict[str, Any]:
    return {"system": SYSTEM, "messages": [{"role": "user", "content": text}], **more}


def told(sim: Simulator, usage: Usage, model: str = "complex", body: Any = None, **about: Any) -> Decision:
    sim.usage = usage
    return sim.ask(body or asking(), model=model, **about)


def believed(sim: Simulator, decision: Decision) -> dict[Service, Belief]:
    assert decision.thread is not None
    return dict(sim.world.beliefs.of(decision.thread.key, sim.clock()))


def test_what_was_read_and_written_is_believed_for_as_long_as_it_is_kept() -> None:
    sim = Simulator(TABLES)
    decision = told(sim, Usage(input=50, cache_read=4000, cache_write=1000, output=10))
    now = sim.clock()
    assert believed(sim, decision) == {HOSTED: Belief(5000, now + 300, now)}
    sim.clock.at += 301
    assert believed(sim, decision) == {}


def test_the_next_decision_knows_it() -> None:
    sim = Simulator(TABLES, judge=Says({"deep": 90, "tiny": 5}))
    told(sim, Usage(input=50, cache_read=4000, output=10), "auto", asking("a deep thing"))
    found = sim.decide(asking("a tiny thing"), model="auto")
    assert found.service == HOSTED
    assert found.economics is not None
    assert (found.economics.verdict, found.economics.prefix) == ("unpriced", 4000)


@pytest.mark.parametrize("usage", [UNKNOWN, Usage(output=900)], ids=["nothing", "only of the answer"])
def test_an_answer_that_does_not_tell_how_long_the_prompt_was_tells_nothing(usage: Usage) -> None:
    sim = Simulator(TABLES)
    decision = told(sim, usage)
    assert usage.prompt is None
    assert believed(sim, decision) == {}
    assert sim.world.calibration.ratios([HOSTED]) == {}


def test_tokens_are_calibrated_by_what_was_counted() -> None:
    sim = Simulator(TABLES)
    tokens = sim.decide(asking(), model="complex").tokens
    assert tokens > 1000
    told(sim, Usage(input=2 * tokens, output=10))
    ratio = sim.world.calibration.ratios([HOSTED, KEPT_HERE])
    assert set(ratio) == {HOSTED}
    assert 1.2 < ratio[HOSTED] <= 2


def test_a_title_takes_no_belief_of_the_session_it_is_for() -> None:
    sim = Simulator(TABLES)
    usual = told(sim, Usage(cache_read=5000, input=0, output=10), headers=CLAUDE_CODE, client="claude-code")
    before = believed(sim, usual)
    schema = {"format": {"type": "json_schema", "schema": {"type": "object"}}}
    body = {"messages": [{"role": "user", "content": "hi"}], "output_config": schema}
    title = told(sim, Usage(input=30, output=5), body=body, headers=CLAUDE_CODE, client="claude-code")
    assert (title.kind.value, title.thread) == ("title", None)
    assert before
    assert believed(sim, usual) == before


def test_on_this_machine_a_title_takes_the_place_of_the_conversation() -> None:
    """It has room for one prompt, whosever that is."""
    sim = Simulator(TABLES)
    usual = told(sim, Usage(input=5000, output=10), "simple", client="claude-code")
    assert set(believed(sim, usual)) == {KEPT_HERE}
    schema = {"format": {"type": "json_schema", "schema": {"type": "object"}}}
    body = {"messages": [{"role": "user", "content": "hi"}], "output_config": schema}
    assert told(sim, Usage(input=30, output=5), "simple", body=body, client="claude-code").thread is None
    assert believed(sim, usual) == {}


def test_another_session_takes_it_as_well_and_one_at_a_vendor_takes_nothing() -> None:
    sim = Simulator(TABLES)
    here = told(sim, Usage(input=5000, output=10), "simple")
    there = told(sim, Usage(input=0, cache_read=5000, output=10), "complex", session="s2")
    told(sim, Usage(input=5000, output=10), "simple", session="s3")
    told(sim, Usage(input=0, cache_read=5000, output=10), "complex", session="s4")
    assert believed(sim, here) == {}
    assert set(believed(sim, there)) == {HOSTED}


def _exchange(**more: Any) -> Exchange:
    return Exchange("req_1", Surface.MESSAGES, "sdk", "smart", Format.ANTHROPIC, **more)


def _note(sim: Simulator, decision: Decision, attempt: Attempt, **more: Any) -> None:
    note_prompt(sim.world, sim.config, _exchange(**more), decision, attempt)


ANSWERED = Attempt(
    HOSTED, outcome=Outcome.ANSWERED, usage=Usage(input=0, cache_read=5000, output=10), began=100.0
)


def test_a_cache_is_kept_from_when_the_prompt_was_read_and_not_from_the_answers_end() -> None:
    sim = Simulator(TABLES)
    decision = sim.decide(asking(), model="complex")
    _note(sim, decision, with_(ANSWERED, first_byte=102.0, ended=142.0))
    now = sim.clock()
    assert believed(sim, decision) == {HOSTED: Belief(5000, now - 40 + 300, now - 40)}


def test_where_no_byte_came_it_counts_from_when_it_was_asked() -> None:
    sim = Simulator(TABLES)
    decision = sim.decide(asking(), model="complex")
    _note(sim, decision, with_(ANSWERED, ended=142.0))
    assert believed(sim, decision)[HOSTED].noted == sim.clock() - 42


def test_who_asks_for_an_hour_gets_one() -> None:
    sim = Simulator(TABLES)
    decision = sim.decide(asking(), model="complex")
    _note(sim, decision, ANSWERED, cache_seconds=3600)
    assert believed(sim, decision)[HOSTED].until == sim.clock() + 3600


def test_of_a_provider_that_is_gone_meanwhile_nothing_is_noted() -> None:
    sim = Simulator(TABLES)
    decision = sim.decide(asking(), model="complex")
    _note(sim, decision, with_(ANSWERED, service=Service("gone", "m")))
    assert believed(sim, decision) == {}


def test_a_changed_provider_takes_what_was_believed_of_it_along() -> None:
    sim = Simulator(TABLES)
    decision = told(sim, Usage(input=0, cache_read=5000, output=10))
    assert believed(sim, decision)
    moved = {**TABLES["providers"]["claude"], "base_url": "http://other.example"}
    sim.apply(providers={**TABLES["providers"], "claude": moved})
    assert believed(sim, decision) == {}


# -- terms -------------------------------------------------------------------------------------------


def test_a_server_here_that_tells_only_its_format_is_like_any_other_that_keeps_one_prompt() -> None:
    providers = Simulator(TABLES).config.providers
    assert rules_of(providers["local"], "m").slots == 1
    assert rules_of(providers["ollama"], "qwen3").slots == 1
    assert rules_of(providers["claude"], "m").slots == 0


def test_a_models_own_rules_count_where_those_of_its_host_differ() -> None:
    tables = {"providers": {"o": {"kind": "openrouter"}}, "tiers": {}}
    provider = Simulator(tables).config.providers["o"]
    assert not rules_of(provider, "anthropic/claude-opus-4-8").is_automatic
    assert rules_of(provider, "z-ai/glm-4.6").is_automatic


def test_what_services_cost_and_keep_is_told_to_every_selection() -> None:
    sim = Simulator(TABLES)
    route = sim.choosing.selector.routes[0]
    terms = sim.world.prices.terms(route.able, sim.clock())
    assert terms[KEPT_HERE].is_local
    assert not terms[HOSTED].is_local
    assert terms[HOSTED].prices is None  # without a catalogue nobody knows
    assert terms[KEPT_HERE].prices is not None
