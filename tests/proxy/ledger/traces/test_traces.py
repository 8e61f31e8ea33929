"""Decisions are packed small, come back as they were, and hold no word of a prompt."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from proxy.config import TIER_NAMES
from proxy.exchange import Surface
from proxy.ledger.store.words import Words, all_words
from proxy.ledger.traces.form import KeptDecision, Trace, encoded, unpacked
from proxy.ledger.traces.packing import packed
from proxy.ledger.traces.reading import decision_of
from proxy.routing.rules.situation import Step
from proxy.routing.score.score import Contribution, Score
from proxy.routing.selection.context import RuleTrace
from proxy.routing.selection.decision import Decision, SelectionResult, Verdict
from proxy.routing.selection.reasons import Reason
from proxy.routing.selection.sentence import sentence
from proxy.routing.selection.snapshot import Abilities, Snapshot
from proxy.routing.selection.stage import Refusal
from proxy.routing.selection.told import told
from proxy.routing.service import Service
from proxy.routing.signals import Kind, SessionId
from tests.proxy.ledger import made
from tests.proxy.ledger.writers import a_record

QWEN = Service("ollama", "qwen3-coder:30b")
SONNET = Service("anthropic", "claude-sonnet-4-6")

_NAMES = st.text(st.characters(codec="utf-8"), max_size=30)
_VALUES = (
    st.none()
    | st.text(st.characters(codec="ascii"), max_size=40)
    | st.integers(-(2**63), 2**63)
    | st.floats(allow_nan=False)
)
_SERVICES = st.builds(Service, _NAMES.filter(bool), _NAMES.filter(bool))
_REASONS = st.builds(Reason, _NAMES, st.lists(_VALUES, max_size=3).map(tuple))
_STEPS = st.builds(
    Step,
    _NAMES,
    _NAMES,
    _NAMES,
    st.booleans(),
    st.none() | st.floats(allow_nan=False) | st.integers(0, 2**40),
    _NAMES,
)
_DECISIONS = st.builds(
    Decision,
    result=st.builds(
        SelectionResult,
        service=st.none() | _SERVICES,
        source=_NAMES,
        evaluated_stages=st.lists(_NAMES, max_size=5).map(tuple),
        matched_rule_index=st.integers(-1, 100),
        reasons=st.lists(_REASONS, max_size=5).map(tuple),
    ),
    refusal=st.none() | st.builds(Refusal, _NAMES.filter(bool)),
    route=_NAMES,
    rule=st.none() | _NAMES.filter(bool),
    tier=st.none() | st.sampled_from(TIER_NAMES),
    score=st.none()
    | st.builds(
        Score,
        st.floats(0, 100),
        st.lists(st.builds(Contribution, _NAMES, st.floats(-50, 50), _NAMES), max_size=3).map(tuple),
    ),
    judged=st.lists(
        st.builds(RuleTrace, _NAMES, st.booleans(), st.lists(_STEPS, max_size=3).map(tuple)), max_size=3
    ).map(tuple),
    verdicts=st.lists(
        st.builds(Verdict, _SERVICES, st.none() | _NAMES.filter(bool), st.none() | _REASONS), max_size=4
    ).map(tuple),
    comparison=st.none() | _REASONS,
    session=st.builds(
        SessionId, st.none(), st.sampled_from(["header", "body", "call_ids", "fingerprint", "ip", "none"])
    ),
    kind=st.sampled_from(Kind),
    is_tool_turn=st.booleans(),
    is_explored=st.booleans(),
    config_version=_NAMES,
)


@pytest.fixture
def words() -> Iterator[Words]:
    with closing(_empty()) as connection:
        yield Words(connection)


def _empty() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute("create table words (id integer primary key, word text not null unique)")
    return connection


def trace_of(words: Words, **about: Any) -> Trace:
    data = packed(a_record(**about), words)
    assert data is not None
    return unpacked(data)


def back(decision: Decision, words: Words) -> Decision:
    trace = trace_of(words, decision=decision)
    assert trace.decision is not None
    return decision_of(trace.decision, {number: word for word, number in words.items() if word and number})


def told_again(decision: Decision, words: Words) -> dict[str, Any]:
    return {**told(back(decision, words)), "session": None}


def as_told(decision: Decision) -> dict[str, Any]:
    return {**told(decision), "session": None}


def without_vision() -> Snapshot:
    return Snapshot(abilities={QWEN: Abilities(vision=False)}, prices={SONNET: 4.0, QWEN: 0.0})


@pytest.mark.parametrize(
    "decision",
    [
        made.decided(),
        made.decided(tokens=2000),
        made.decided(images=2, snapshot=without_vision()),
        made.decided(service=QWEN),
        made.decided(model="claude-haiku-4-5"),
        made.decided(is_tool_turn=True, kind=Kind.SUBAGENT),
        made.decided(
            tool_count=3,
            snapshot=Snapshot(abilities={each: Abilities(tools=False) for each in made.selector().versions}),
        ),
        made.decided(by=made.selector(tiers={}, rules=[])),
    ],
    ids=["score", "rule", "images", "named", "simple", "tool turn", "refused", "nothing configured"],
)
def test_what_the_selector_decides_is_told_again_as_it_was(decision: Decision, words: Words) -> None:
    again = back(decision, words)

    assert told_again(decision, words) == as_told(decision)
    assert sentence(again, QWEN) == sentence(decision, QWEN)
    assert (again.session, again.effects) == (SessionId(None, decision.session.origin), ())


@settings(deadline=None, max_examples=60)
@given(_DECISIONS)
def test_any_decision_comes_back(decision: Decision) -> None:
    with closing(_empty()) as connection:
        words = Words(connection)
        again = back(decision, words)
        names = all_words(connection)
    kept = replace(decision, candidates=again.candidates, session=SessionId(None, decision.session.origin))

    assert again == kept
    assert set(names.values()) <= _names_in(decision)


def _names_in(decision: Decision) -> set[str]:
    """Every text of it that is neither a value nor evidence, which may be anything."""
    found: set[str] = {decision.route, decision.config_version, decision.kind.value, decision.session.origin}
    found |= {decision.rule or "", decision.tier or "", decision.source, *decision.stages}
    services = [each.service for each in decision.verdicts] + ([decision.service] if decision.service else [])
    found |= {name for each in services for name in (each.provider, each.model)}
    verdicts = [each.reason for each in decision.verdicts]
    found |= {each.code for each in (*decision.reasons, decision.comparison, *verdicts) if each is not None}
    found |= {each.dropped_by or "" for each in decision.verdicts}
    found |= {each.signal for each in (decision.score.contributions if decision.score else ())}
    for rule in decision.judged:
        found |= {
            rule.rule,
            *(text for one in rule.steps for text in (one.signal, one.op, one.value, one.note)),
        }
    return found


def test_neither_a_word_of_the_prompt_nor_the_session_is_kept(words: Words) -> None:
    about = made.signals_of("the plan is to rob a bank " * 20)
    decision = made.decided(about)
    data = packed(a_record(decision=decision), words)
    assert data is not None
    (step,) = next(rule.steps for rule in back(decision, words).judged if rule.rule == "private")
    stored = data + " ".join(filter(None, words)).encode()

    assert (step.holds, step.value, step.found) == (True, "plan", 4), "a rule has looked at the text"
    assert about.latest_user_text.startswith("the plan is to rob")
    assert b"rob a bank" not in stored
    assert made.SESSION.encode() not in stored


def test_a_row_of_the_first_shape_is_read() -> None:
    """It had sentences where there are codes now."""
    old = msgspec.msgpack.encode([["begins with tier SIMPLE"], [["one"], []]])

    assert unpacked(old) == Trace(("begins with tier SIMPLE",), (("one",), ()))
    assert unpacked(msgspec.msgpack.encode([["begins with tier SIMPLE"]])).decision is None


def test_a_decision_that_was_kept_with_fewer_members_is_read() -> None:
    trace = unpacked(msgspec.msgpack.encode([[], [], [1, None]]))

    assert trace.decision == KeptDecision(route=1)
    assert decision_of(trace.decision, {1: "default"}).route == "default"


def test_a_decision_that_was_kept_with_more_members_is_read(words: Words) -> None:
    data = packed(a_record(decision=made.decided()), words)
    assert data is not None
    trace = msgspec.msgpack.decode(data)
    trace[2].append("what a later version adds")

    assert unpacked(msgspec.msgpack.encode(trace)) == unpacked(data)


def test_codes_and_kinds_of_another_version_still_have_words(words: Words) -> None:
    odd = replace(made.decided(), result=SelectionResult(reasons=(Reason("later.on", (3, "x")),)))
    trace = trace_of(words, decision=odd)
    assert trace.decision is not None
    trace.decision.kind = words["a kind of the future"]
    names = {number: word for word, number in words.items() if word and number}
    again = decision_of(trace.decision, names)

    assert [each.text for each in again.reasons] == ["later.on 3 x"]
    assert again.kind is Kind.MAIN
    assert decision_of(trace.decision, {}).reasons[0].text.strip() == "3 x"


@pytest.mark.parametrize("model", ["\ud800" * 3, "x" * 100_000, "ä" * 500])
def test_whatever_model_a_client_names_can_be_kept(words: Words, model: str) -> None:
    named = made.decided(model=f"openai/{model}")
    assert named.source == "passthrough"
    (told_why,) = back(named, words).reasons

    assert told_why.code == "passthrough.named"
    assert len(told_why.text) < 300
    assert told_why.text.encode()


def test_where_there_is_nothing_to_tell_there_is_no_trace(words: Words) -> None:
    assert packed(a_record(reasons=()), words) is None


def test_reasons_without_a_decision_and_notes_come_back(words: Words) -> None:
    record = a_record(made.attempt(notes=("one",)), made.attempt(), reasons=("first", "second"))
    data = packed(record, words)

    assert data == encoded(Trace(("first", "second"), (("one",), ())))
    assert unpacked(data or b"") == Trace(("first", "second"), (("one",), ()))


def test_notes_stand_beside_a_decision(words: Words) -> None:
    record = a_record(made.attempt(notes=("one",)), decision=made.decided(), surface=Surface.MESSAGES)
    trace = unpacked(packed(record, words) or b"")

    assert (trace.notes, trace.reasons) == ((("one",),), ())
    assert trace.decision is not None


def test_the_usual_trace_is_small(words: Words) -> None:
    """50,000 of them are kept."""
    decision = made.decided(tokens=2000)
    packed(a_record(decision=decision), words)

    assert len(packed(a_record(decision=decision), words) or b"") < 300
