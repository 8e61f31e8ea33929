"""Which tier a typed turn gets: by its score, by what was said before, and by what is asked for outright."""

from collections.abc import Sequence
from typing import Any

import pytest

from proxy.routing.caches.beliefs import Beliefs
from proxy.routing.selection.snapshot import Override
from proxy.routing.signals import Kind
from proxy.wire.canonical import Usage
from tests.proxy.routing.selection.judging import Says
from tests.proxy.routing.selection.simulator import Simulator

TIERS: dict[str, Any] = {
    "providers": {"p": {"kind": "openai", "key": "none", "base_url": "http://127.0.0.1:1/v1"}},
    "tiers": {
        "SIMPLE": {"services": ["p/s"]},
        "MEDIUM": {"services": ["p/m"]},
        "COMPLEX": {"services": ["p/c"]},
        "REASONING": {"services": ["p/r"]},
    },
}
WORDS = Says({"tiny": 10, "plain": 35, "knotty": 60, "deep": 85, "near": 48, "edge": 52})


def world(**more: Any) -> Simulator:
    return Simulator({**TIERS, **more}, judge=WORDS)


ASK_FOR_A_SUMMARY = "Write a summary of the conversation so far."
CONTINUED = "This session is being continued from a previous conversation."


def said(*texts: str) -> dict[str, Any]:
    """A conversation in which each text but the last was answered."""
    messages: list[dict[str, Any]] = []
    for text in texts[:-1]:
        messages += [{"role": "user", "content": text}, {"role": "assistant", "content": "Done."}]
    return {"messages": [*messages, {"role": "user", "content": texts[-1]}]}


def tiers_of(sim: Simulator, *texts: str, **about: Any) -> list[str | None]:
    """Of a session that grows by one text after the other."""
    return [sim.ask(said(*texts[: count + 1]), **about).tier for count in range(len(texts))]


@pytest.mark.parametrize(
    ("word", "tier"), [("tiny", "SIMPLE"), ("plain", "MEDIUM"), ("knotty", "COMPLEX"), ("deep", "REASONING")]
)
def test_a_score_means_a_tier(word: str, tier: str) -> None:
    assert world().ask(said(f"some {word} words")).tier == tier


@pytest.mark.parametrize(
    ("profile", "tier"), [("save", "MEDIUM"), ("balanced", "COMPLEX"), ("quality", "COMPLEX")]
)
def test_a_profile_shifts_the_thresholds(profile: str, tier: str) -> None:
    assert world(routing={"profile": profile}).ask(said("an edge case of it")).tier == tier


def test_a_session_goes_up_at_once_and_down_beyond_the_slack() -> None:
    assert tiers_of(world(), "on the edge", "somewhat near it") == ["COMPLEX", "COMPLEX"]
    assert tiers_of(world(), "somewhat near it", "on the edge") == ["MEDIUM", "COMPLEX"]
    assert tiers_of(world(), "on the edge", "a plain thing") == ["COMPLEX", "MEDIUM"]


@pytest.mark.parametrize("reply", ["yes", "Go on!", "ok, continue", "👍", "1"])
def test_a_short_reply_goes_on_in_the_tier_of_what_it_answers(reply: str) -> None:
    sim = world()
    assert tiers_of(sim, "a deep question", reply) == ["REASONING", "REASONING"]
    assert tiers_of(world(), "a tiny question", reply) == ["SIMPLE", "SIMPLE"]


def test_without_a_session_a_short_reply_is_judged_by_what_it_answers() -> None:
    found = world().decide(said("a deep question", "yes"), session=None)
    assert found.tier == "REASONING"
    assert "tier.said_before" in [each.code for each in found.reasons]


def test_a_short_reply_that_opens_a_conversation_is_judged_as_it_is() -> None:
    assert world().decide(said("yes"), session=None).tier == "MEDIUM"


@pytest.mark.parametrize(
    ("text", "tier"),
    [
        ("/tier complex", "COMPLEX"),
        ("/tier reasoning\na tiny thing", "REASONING"),
        ("a deep thought [tier:simple]", "SIMPLE"),
        ("/tier up\na tiny thing", "MEDIUM"),
        ("/tier up\na deep thing", "REASONING"),
        ("/tier down\na tiny thing", "SIMPLE"),
    ],
)
def test_the_users_own_word_decides(text: str, tier: str) -> None:
    found = world().decide(said(text))
    assert found.tier == tier
    assert "tier.command" in [each.code for each in found.reasons]


def test_a_command_that_stands_alone_holds_for_the_next_turn_and_no_longer() -> None:
    found = tiers_of(world(), "a tiny thing", "/tier complex", "another tiny thing", "a third tiny thing")
    assert found == ["SIMPLE", "COMPLEX", "COMPLEX", "SIMPLE"]


def test_up_and_down_are_counted_from_where_the_session_is() -> None:
    assert tiers_of(world(), "a plain thing", "/tier up\na tiny thing") == ["MEDIUM", "COMPLEX"]
    assert tiers_of(world(), "a knotty thing", "/tier down\na deep thing") == ["COMPLEX", "MEDIUM"]


def test_a_command_is_no_part_of_what_is_judged() -> None:
    judge = Says({})
    Simulator(TIERS, judge=judge).decide(said("/tier auto\nwords"))
    assert set(judge.asked) == {"words"}


def test_what_a_tool_reads_commands_nothing() -> None:
    call = {"type": "tool_use", "id": "toolu_1", "name": "read", "input": {}}
    result = {"type": "tool_result", "tool_use_id": "toolu_1", "content": "/tier reasoning"}
    sim = world()
    sim.ask(said("a tiny thing"), calls=["toolu_1"])
    after = [*said("a tiny thing")["messages"], {"role": "assistant", "content": [call]}]
    found = sim.decide({"messages": [*after, {"role": "user", "content": [result]}]})
    assert (found.tier, found.score) == ("SIMPLE", None)


def test_an_override_holds_until_its_end_and_a_header_beats_it() -> None:
    sim = world()
    sim.world.override = Override("REASONING", sim.clock() + 60)
    assert sim.decide(said("a tiny thing")).tier == "REASONING"
    assert sim.decide(said("a tiny thing"), tier="MEDIUM").tier == "MEDIUM"
    assert sim.decide(said("a tiny thing [tier:complex]")).tier == "COMPLEX"
    sim.clock.at += 60
    assert sim.decide(said("a tiny thing")).tier == "SIMPLE"


@pytest.mark.parametrize("off", [["MEDIUM"], ["MEDIUM", "COMPLEX"], ["MEDIUM", "COMPLEX", "REASONING"]])
def test_tiers_that_are_off_pass_on_upwards_and_then_down(off: Sequence[str]) -> None:
    tiers = {name: {**table, "enabled": name not in off} for name, table in TIERS["tiers"].items()}
    found = world(tiers=tiers).decide(said("a plain thing"))
    expected = next((tier for tier in ("COMPLEX", "REASONING") if tier not in off), "SIMPLE")
    assert (found.tier, found.wanted) == (expected, "MEDIUM")


def test_a_route_has_tiers_of_its_own() -> None:
    routes = [{"client": "codex", "tiers": {"MEDIUM": ["p/r"]}}]
    sim = world(routes=routes)
    assert str(sim.decide(said("a plain thing"), client="codex").service) == "p/r"
    assert str(sim.decide(said("a plain thing"), client="sdk").service) == "p/m"


def test_without_a_judge_the_score_says_so() -> None:
    found = Simulator(TIERS).decide(said("words"))
    assert found.score is not None
    assert found.tier == "MEDIUM"
    assert "nothing can judge it" in found.score.contributions[0].evidence


def test_a_step_is_gone_once_however_often_it_is_sent() -> None:
    sim = world()
    sim.ask(said("a tiny thing"))
    again = said("a tiny thing", "/tier up\nanother tiny thing")
    assert [sim.ask(again).tier for _ in range(3)] == ["MEDIUM"] * 3


def test_a_step_that_stood_alone_is_not_gone_again_by_the_next_turn() -> None:
    found = tiers_of(world(), "a tiny thing", "/tier up", "another tiny thing", "a third tiny thing")
    assert found == ["SIMPLE", "MEDIUM", "MEDIUM", "SIMPLE"]


def test_a_request_that_is_sent_again_goes_where_it_went() -> None:
    sim = world()
    sim.ask(said("a deep thing"))
    again = said("a deep thing", "the same for those tiny things")
    first, *others = [sim.ask(again) for _ in range(3)]
    assert first.score is not None
    assert [(each.tier, each.score) for each in others] == [(first.tier, first.score)] * 2


@pytest.mark.parametrize(("before", "tier"), [("a tiny thing", "SIMPLE"), ("a deep thing", "REASONING")])
def test_a_compaction_does_not_change_what_the_session_needs(before: str, tier: str) -> None:
    sim = world()
    about = {"client": "claude-code"}
    assert sim.ask(said(before), **about).tier == tier
    assert sim.ask(said(before, ASK_FOR_A_SUMMARY), **about).kind is Kind.COMPACTION
    assert sim.decide(said(CONTINUED), **about).tier == tier, "it goes on by itself"
    assert sim.decide(said(CONTINUED, "yes, go on"), **about).tier == tier


def test_where_nothing_is_said_at_all_a_turn_is_an_ordinary_one() -> None:
    picture = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "AA=="}}
    found = world().decide({"messages": [{"role": "user", "content": [picture]}]}, session=None)
    assert (found.tier, found.score is not None and found.score.contributions[0].evidence) == (
        "MEDIUM",
        "nothing was said",
    )


def test_a_subagent_that_does_not_say_which_it_is_takes_no_conversation_along() -> None:
    sim = world()
    sim.ask(said("a deep thing"), client="claude-code")
    aside = {"system": "You are an agent.", **said("a tiny thing")}
    assert sim.ask(aside, client="claude-code").kind is Kind.SUBAGENT
    assert sim.decide(said("a deep thing", "yes"), client="claude-code").tier == "REASONING"


def test_a_tier_that_is_asked_for_and_has_nobody_moves_a_session_once() -> None:
    tiers = {**TIERS["tiers"], "COMPLEX": {"services": ["p/c", "p/c2"], "tactic": "round_robin"}}
    sim = world(tiers=tiers)
    sim.world.override = Override("REASONING", sim.clock() + 3600)
    sim.limit("p/r", 3600)
    sim.usage = Usage(input=10, cache_read=0, cache_write=90_000, output=5)
    first = sim.ask(said("a plain thing"))
    assert [sim.ask(said("a plain thing", "another")).service for _ in range(3)] == [first.service] * 3


def test_what_is_cached_is_known_after_a_restart_until_it_is_cold() -> None:
    sim = world(providers={"p": {**TIERS["providers"]["p"], "kind": "openai"}})
    sim.usage = Usage(input=40_000, cache_read=0, output=5)
    service = sim.ask(said("a deep thing")).service
    thread = sim.decide(said("a deep thing", "yes")).thread
    assert service is not None
    assert thread is not None
    sim.world.beliefs = Beliefs()

    def believed() -> int:
        selector = sim.choosing.selector
        snapshot = sim.world.snapshot(selector, selector.routes[-1], thread, None, None)
        return snapshot.beliefs[service].prefix if service in snapshot.beliefs else 0

    kept = believed()
    sim.clock.at += 10_000
    assert (kept > 0, believed()) == (True, 0)
