"""Decisions, breakers and marks in words."""

from typing import Any

import pytest

from ui.windows.routing.candidates_part import candidate_rows
from ui.windows.routing.comparison import Past, compared
from ui.windows.routing.economics_part import economics_in_words
from ui.windows.routing.rules_part import rule_rows
from ui.windows.routing.score_part import contribution_rows
from ui.windows.routing.stages import stages_told
from ui.windows.routing.words import session_in_words, tier_in_words
from ui.windows.unwell import next_end, unwell_rows

STEP = {"signal": "hour", "op": "<", "value": "6", "holds": False}
DECISION: dict[str, Any] = {
    "service": "p/large",
    "tier": "COMPLEX",
    "wanted_tier": "COMPLEX",
    "source": "tier",
    "rule": None,
    "stages": ["health", "smart_routing", "tier", "affinity", "load_balancer"],
    "reasons": [
        {"stage": "health", "text": "1 of 2 services can take the request"},
        {"stage": "tier", "text": "a score of 62.5 means tier COMPLEX"},
        {"stage": "load_balancer", "text": "p/large is the only one left"},
    ],
    "candidates": [
        {"service": "p/large", "kept": True, "dropped_by": None, "why": ""},
        {"service": "p/small", "kept": False, "dropped_by": "health", "why": "the provider p is off"},
    ],
    "order": ["p/large"],
    "judged": [
        {
            "rule": "night",
            "holds": False,
            "steps": [{"signal": "hour", "op": "<", "value": "6", "holds": False}],
        }
    ],
}


def test_each_stage_says_what_it_did_and_those_without_effect_are_known() -> None:
    told = stages_told(DECISION)
    assert [(each.name, each.did, each.has_effect) for each in told] == [
        ("Health", "Dropped 1 of 2.", True),
        ("Rules", "Changed nothing.", False),
        ("Tier", "Asked for COMPLEX.", True),
        ("Session", "Changed nothing.", False),
        ("Balance", "Chose p/large.", True),
    ]
    assert told[1].reasons == ("✗ “night” does not hold: it wants hour < 6",)
    assert told[4].reasons == ("p/large is the only one left",)


def test_candidates_are_numbered_in_their_order_and_the_others_say_who_dropped_them() -> None:
    kept, dropped = candidate_rows(DECISION, {"COMPLEX": ["p/large"], "SIMPLE": ["p/small", "p/large"]})
    assert (kept["order"], kept["tiers"], kept["outcome"]) == ("1", "COMPLEX, SIMPLE", "✓ kept")
    assert (dropped["order"], dropped["outcome"], dropped["why"]) == (
        "",
        "✕ dropped by Health",
        "The provider p is off",
    )


def test_contributions_end_with_their_sum() -> None:
    parts = [
        {"signal": "text", "points": 70.0, "evidence": "words"},
        {"signal": "family", "points": -7.5, "evidence": "a small model was asked for"},
    ]
    rows = contribution_rows({"value": 62.5, "contributions": parts})
    assert [row["told"] for row in rows] == ["+70.0", "−7.5", "62.5"]
    assert rows[-1]["points"] is None


def test_then_and_now_stand_beside_each_other_only_where_they_differ() -> None:
    past = Past("req", 0.0, "sdk", "p/large", "COMPLEX", "Sent to p/large.")
    assert not compared(past, DECISION).differs
    moved = compared(past, {**DECISION, "service": "p/small", "tier": "SIMPLE"})
    assert (moved.then, moved.now) == ("p/large, COMPLEX", "p/small, SIMPLE")
    refused = compared(past, {**DECISION, "service": None, "tier": None})
    assert refused.now == "nobody"


def test_both_sides_of_a_break_even_are_told() -> None:
    found = {
        "verdict": "stays",
        "from": "p/large",
        "expected_turns": 6.0,
        "warm_prefix_tokens": 12000,
        "switch_once_usd": 0.31,
        "break_even_turns": -1.0,
    }
    told = " ".join(economics_in_words(found))
    assert "Going does not pay" in told
    assert "12000 tokens are believed to be cached at p/large." in told
    assert "It never pays." in told


@pytest.mark.parametrize(
    ("got", "wanted", "words"),
    [
        (None, "SIMPLE", "no tier"),
        ("SIMPLE", None, "SIMPLE"),
        ("COMPLEX", "SIMPLE", "COMPLEX (SIMPLE would do)"),
        ("SIMPLE", "COMPLEX", "SIMPLE (needs COMPLEX)"),
    ],
)
def test_a_tier_is_told_with_the_one_that_is_needed(got: str | None, wanted: str | None, words: str) -> None:
    assert tier_in_words(got, wanted) == words


@pytest.mark.parametrize(
    ("session", "words"),
    [
        ({"id": "s1", "from": "header"}, "Session s1 (its client says so in a header)"),
        ({"id": "", "from": "call_ids"}, "No session that is known"),
        ({"id": "", "from": "none"}, "No session that is known"),
        ({"from": "body"}, "Session known: the request itself says so"),
    ],
)
def test_how_a_session_is_known_is_told(session: dict[str, str], words: str) -> None:
    assert session_in_words(session) == words


def breaker(**more: Any) -> dict[str, Any]:
    usual = {"service": "p/m", "state": "open", "since": -5.0, "opens_in": 25.0, "failures": 3}
    return {**usual, "last_failure": -5.0, "is_probed": False, **more}


def mark(**more: Any) -> dict[str, Any]:
    usual = {"provider": "p", "model": "m", "key": None, "reason": "rate limited", "ends_in": 40.0}
    return {**usual, "why": "The provider has limited the rate of requests.", **more}


def health(breakers: list[Any], marks: list[Any]) -> dict[str, Any]:
    return {"circuitBreakers": breakers, "marks": marks}


def test_an_open_breaker_counts_down() -> None:
    told = health([breaker()], [])
    assert unwell_rows(told, 0.0)[0]["ends"] == "for 25 s more"
    later = unwell_rows(told, 10.0)[0]
    assert (later["ends"], later["since"], later["state"]) == ("for 15 s more", "15 s ago", "✕ Left alone")


def test_a_closed_breaker_is_shown_as_long_as_it_counts_failures() -> None:
    assert unwell_rows(health([breaker(state="closed", opens_in=None, failures=0)], []), 0.0) == []
    row = unwell_rows(health([breaker(state="closed", opens_in=None, failures=1)], []), 0.0)[0]
    assert (row["state"], row["ends"]) == ("▲ Failed lately", "may be asked still")


@pytest.mark.parametrize("one", [mark(), mark(model=None), mark(model=None, key="work")])
def test_a_service_that_must_not_be_asked_is_not_told_to_be_asked_still(one: dict[str, Any]) -> None:
    told = health([breaker(state="closed", opens_in=None, failures=1)], [one])
    assert [row["key"][0] for row in unwell_rows(told, 0.0)] == ["mark"]
    assert [row["state"] for row in unwell_rows(told, 41.0)] == ["▲ Failed lately"]


@pytest.mark.parametrize("other", [mark(model="m2"), mark(provider="p2"), mark(model=None, provider="p2")])
def test_what_is_said_of_others_hides_no_failures(other: dict[str, Any]) -> None:
    told = health([breaker(state="closed", opens_in=None, failures=1)], [other])
    assert [row["key"][0] for row in unwell_rows(told, 0.0)] == ["breaker", "mark"]


@pytest.mark.parametrize(
    ("seconds", "says"), [(5, "5 s ago"), (399, "6 min ago"), (3599, "59 min ago"), (7500, "2 h ago")]
)
def test_what_is_long_ago_is_told_in_short(seconds: float, says: str) -> None:
    assert unwell_rows(health([breaker(since=-seconds)], []), 0.0)[0]["since"] == says


def test_a_half_open_one_says_whether_it_is_being_tried() -> None:
    waits, tried = (breaker(state="half open", opens_in=None, is_probed=probed) for probed in (False, True))
    rows = unwell_rows(health([waits, tried], []), 0.0)
    assert [row["ends"] for row in rows] == ["the next request tries it", "is being tried now"]


def test_a_mark_says_how_it_ends_and_is_gone_then() -> None:
    told = health([], [mark(), mark(model=None, key="work", reason="rejected", ends_in=None)])
    limited, rejected = unwell_rows(told, 0.0)
    assert (limited["state"], limited["ends"], limited["reset"]) == ("◔ Rate limited", "for 40 s more", "p/m")
    assert (rejected["service"], rejected["ends"]) == ("p, key work", "until the key is changed")
    assert rejected["reset"] == "p/*"
    assert [row["state"] for row in unwell_rows(told, 41.0)] == ["✕ Key rejected"]


def test_what_is_true_of_a_server_cannot_be_reset() -> None:
    row = unwell_rows(health([], [mark(model=None, reason="away", ends_in=None)]), 0.0)[0]
    assert row["reset"] is None
    assert row["ends"] == "until its server runs again"


def test_the_first_end_is_known() -> None:
    assert next_end(health([breaker(opens_in=25.0)], [mark(ends_in=7.0), mark(ends_in=None)])) == 7.0
    assert next_end(health([breaker(opens_in=None)], [])) is None


def test_a_broken_rule_says_why() -> None:
    sound = {"route": None, "name": "a", "text": "client is codex", "strict": True, "broken": ""}
    rows = rule_rows([sound, {**sound, "route": "r", "broken": "No such provider."}])
    assert [(row["where"], row["state"]) for row in rows] == [
        ("every route", "✓ in force"),
        ("route r", "⚠ broken"),
    ]
    assert "strict" in rows[0]["text"]
