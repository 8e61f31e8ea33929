"""Which tier a typed turn gets: by its score, by what was said before, and by what is asked for outright."""

from collections.abc import Sequence
from typing import Any

import pytest

from proxy.routing.selection.snapshot import Override
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
