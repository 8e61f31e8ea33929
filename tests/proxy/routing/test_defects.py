"""What routers before this one got wrong about tiers, each as a test by its name."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from proxy.config import TIER_NAMES, TierName
from proxy.money.catalogue import FILE, Catalogue
from proxy.routing.score import Score, scored
from proxy.routing.score.scale import points_at
from proxy.routing.score.text import place_of
from proxy.routing.signals import Kind, Looked, Messages, Signals, signals
from proxy.server.choosing.judge import shipped_judge
from proxy.wire.canonical import Usage
from proxy.wire.format import Format
from proxy.wire.splice import Body
from resources import resource
from tests.proxy.routing.selection.simulator import Simulator

JUDGE = shipped_judge()
TIERS: dict[str, Any] = {
    "providers": {"a": {"kind": "anthropic", "key": "none", "base_url": "http://127.0.0.1:1"}},
    "tiers": {
        "SIMPLE": {"services": ["a/claude-haiku-4-5"]},
        "MEDIUM": {"services": ["a/claude-sonnet-4-5"]},
        "COMPLEX": {"services": ["a/claude-sonnet-4-6"]},
        "REASONING": {"services": ["a/claude-opus-4-8"]},
    },
}
HARD = (
    "Design how the import service should share its work between several machines so that no row is lost or "
    "written twice when one of them dies in the middle. Compare leases with a queue and with partitions, "
    "explain the trade-offs of each under clock skew, and decide which of them we should take and why."
)
EASY = "what is the capital of France?"
REMINDER = (
    "<system-reminder>\nThe date is {}. Follow the design, prove nothing, migrate all.\n</system-reminder>"
)
CLAUDE_CODE = {"user-agent": "claude-cli/2.1.197 (external, cli)"}


def score_of(text: str, **about: Any) -> Score:
    return scored(read(user(text), **about), JUDGE)


def read(*messages: Mapping[str, Any], headers: Mapping[str, str] | None = None, **body: Any) -> Signals:
    data = json.dumps({"model": "auto", **body, "messages": list(messages)}).encode()
    asked = Looked(
        body=Body(data), format=Format.ANTHROPIC, surface="messages", client="", headers=headers or {}
    )
    return signals(asked, Messages())


def user(*texts: str) -> dict[str, Any]:
    return {"role": "user", "content": [{"type": "text", "text": text} for text in texts]}


def said(*texts: str) -> dict[str, Any]:
    messages: list[dict[str, Any]] = []
    for text in texts[:-1]:
        messages += [user(text), {"role": "assistant", "content": "Done."}]
    return {"messages": [*messages, user(texts[-1])]}


def world() -> Simulator:
    return Simulator(TIERS, judge=JUDGE)


def tier_of(text: str) -> str | None:
    return world().decide(said(text), session=None).tier


def at_least(tier: TierName) -> Sequence[str]:
    return TIER_NAMES[TIER_NAMES.index(tier) :]


def test_what_ships_judges_texts() -> None:
    assert JUDGE is not None


def test_a_greeting_is_simple_and_a_hard_design_is_not() -> None:
    assert tier_of("hi") == "SIMPLE"
    assert tier_of(HARD) in at_least("COMPLEX")


@pytest.mark.parametrize(
    "text",
    [
        "run the tests and verify they pass",
        "update the author name",
        "rename the secretary field to assistant",
        "the authority header is misspelled in README.md, fix it",
        "delete the unused proof.txt",
    ],
)
def test_words_that_only_sound_hard_do_not_make_a_turn_hard(text: str) -> None:
    assert tier_of(text) in ("SIMPLE", "MEDIUM")


def test_a_changed_reminder_changes_nothing() -> None:
    first, second, bare = (
        scored(read(user(REMINDER.format("Monday"), "fix the parser")), JUDGE),
        scored(read(user(REMINDER.format("Tuesday, and all is different"), "fix the parser")), JUDGE),
        scored(read(user("fix the parser")), JUDGE),
    )
    assert first == second == bare


def test_tools_and_a_system_prompt_change_nothing() -> None:
    tools = [
        {"name": f"tool_{place}", "description": "Plans migrations.", "input_schema": {}}
        for place in range(40)
    ]
    around = read(user("fix the parser"), tools=tools, system="Design, prove and migrate everything. " * 200)
    assert scored(around, JUDGE) == score_of("fix the parser")


def test_a_history_of_forty_messages_changes_nothing() -> None:
    history = [turn for _ in range(20) for turn in (user(HARD), {"role": "assistant", "content": HARD})]
    assert scored(read(*history, user("fix the parser")), JUDGE) == score_of("fix the parser")


def test_a_protected_path_in_the_history_is_forgotten() -> None:
    history = [user("edit infra/secrets/production.tf"), {"role": "assistant", "content": "Done."}]
    assert scored(read(*history, user(EASY)), JUDGE) == score_of(EASY)


def test_a_headless_question_without_tools_is_a_turn_like_any_other() -> None:
    found = read(user(HARD), headers=CLAUDE_CODE, max_tokens=32000)
    assert found.kind is Kind.MAIN
    assert scored(found, JUDGE).value == score_of(HARD).value


@pytest.mark.parametrize("reply", ["yes", "ok", "go on", "ja, mach weiter"])
def test_an_acknowledgement_after_a_hard_turn_stays_where_that_was(reply: str) -> None:
    sim = world()
    hard = sim.ask(said(HARD)).tier
    assert hard in at_least("COMPLEX")
    assert sim.decide(said(HARD, reply)).tier == hard


def test_one_hard_turn_does_not_keep_trivial_ones_up_for_hours() -> None:
    sim = world()
    sim.world.prices.learn(Catalogue(resource(FILE).read_bytes()))
    sim.usage = Usage(input=10, cache_read=0, cache_write=30_000, output=500)
    sim.ask(said("/tier reasoning\n" + HARD))
    assert sim.decide(said(HARD, EASY)).tier in ("SIMPLE", "MEDIUM"), "it pays, even while the cache is warm"
    sim.clock.at += 301
    assert sim.decide(said(HARD, EASY)).tier in ("SIMPLE", "MEDIUM"), "or nothing is cached any more"


def test_the_model_asked_for_is_heard() -> None:
    assert (
        score_of("tidy up the imports", model="claude-haiku-4-5").value
        <= score_of("tidy up the imports").value
    )


def test_every_surface_scores_the_same_words_alike() -> None:
    text = "why does the scheduler wait for a lock that nobody holds?"
    bodies: dict[Format, dict[str, Any]] = {
        Format.ANTHROPIC: {"messages": [{"role": "user", "content": text}]},
        Format.OPENAI_CHAT: {"messages": [{"role": "user", "content": text}]},
        Format.RESPONSES: {"input": [{"role": "user", "content": [{"type": "input_text", "text": text}]}]},
        Format.GEMINI: {"contents": [{"role": "user", "parts": [{"text": text}]}]},
    }
    found = {
        scored(
            signals(
                Looked(body=Body(json.dumps(body).encode()), format=spoken, surface="x", client=""),
                Messages(),
            ),
            JUDGE,
        ).value
        for spoken, body in bodies.items()
    }
    assert len(found) == 1


def test_only_what_is_configured_is_ever_chosen() -> None:
    sim = Simulator({**TIERS, "tiers": {"SIMPLE": TIERS["tiers"]["SIMPLE"]}}, judge=JUDGE)
    assert str(sim.decide(said(HARD)).service) == "a/claude-haiku-4-5"


def test_no_two_texts_are_made_equal_by_rounding() -> None:
    values = [0.3 + place * 1e-9 for place in range(1000)]
    assert len({points_at(place_of(value)) for value in values}) == len(values)
