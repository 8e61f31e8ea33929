"""What is changed is changed, and nothing else."""

import json
from random import Random

import pytest

from benchmarks.robustness.surroundings import SURROUNDINGS
from benchmarks.robustness.turns import Typed, typed_turns
from benchmarks.robustness.wording import WORDINGS, with_typos
from benchmarks.robustness.words import CONTRACTIONS, SYNONYMS
from benchmarks.savings.session import Request, Session
from proxy.routing.signals import Looked, Messages, Signals, signals
from proxy.wire.format import Format
from proxy.wire.splice import Body
from tests.benchmarks.savings.made import Talk, codex

TEXT = "I do not see why the test is failing. Fix the bug in the parser."
FORMATS = {"messages": Format.ANTHROPIC, "responses": Format.RESPONSES}


def claude_code() -> Session:
    return Talk().typed("Where is it?", tools=1).typed(TEXT).session()


TURNS = [list(typed_turns(claude_code()))[-1], *typed_turns(codex(TEXT))]
either = pytest.mark.parametrize("turn", TURNS, ids=["claude-code", "codex"])


def read(turn: Typed, request: Request) -> Signals:
    looked = Looked(
        body=Body(request.body),
        format=FORMATS[request.surface],
        surface=request.surface,
        client=turn.session.client,
        model=request.model,
        headers=request.headers,
    )
    return signals(looked, Messages())


def test_the_turns_are_those_that_were_typed() -> None:
    assert [turn.request.turn for turn in typed_turns(claude_code())] == [0, 1]


@either
@pytest.mark.parametrize("name", WORDINGS)
def test_a_wording_is_what_the_product_reads_as_typed(name: str, turn: Typed) -> None:
    expected = WORDINGS[name](TEXT, Random(1))
    found = read(turn, turn.with_text(lambda text: WORDINGS[name](text, Random(1))))
    assert found.latest_user_text == expected.strip()
    assert expected != TEXT


@either
@pytest.mark.parametrize("name", SURROUNDINGS)
def test_what_stands_around_a_text_leaves_it_as_it_was(name: str, turn: Typed) -> None:
    asked = SURROUNDINGS[name](json.loads(turn.request.body), turn.request.surface)
    if asked is None:
        assert name == "another billing nonce" or turn.session.client == "claude-code"
        return
    before, after = read(turn, turn.request), read(turn, turn.with_body(asked))
    assert after.latest_user_text == before.latest_user_text == TEXT
    assert not after.is_tool_turn
    assert turn.with_body(asked).body != turn.request.body


@either
def test_forty_messages_come_before_it_and_twelve_tools_beside_it(turn: Typed) -> None:
    plain = read(turn, turn.request)
    grown = SURROUNDINGS["40 messages before it"](json.loads(turn.request.body), turn.request.surface)
    more = SURROUNDINGS["12 more tools"](json.loads(turn.request.body), turn.request.surface)
    assert grown is not None
    assert more is not None
    assert read(turn, turn.with_body(grown)).messages == plain.messages + 40
    assert read(turn, turn.with_body(more)).tool_count == plain.tool_count + 12


@pytest.mark.parametrize(("share", "wrong"), [(0.01, 1), (0.02, 2), (0.0, 1)])
def test_typos_are_as_many_as_they_should_be(share: float, wrong: int) -> None:
    text = "abc " * 25
    other = with_typos(text, Random(4), share=share)
    kept = sum(word == "abc" for word in other.split())
    assert 25 - wrong <= kept < 25


def test_words_have_others_for_them_both_ways() -> None:
    assert (CONTRACTIONS["do not"], CONTRACTIONS["don't"]) == ("don't", "do not")
    assert (SYNONYMS["bug"], SYNONYMS["defect"]) == ("defect", "bug")
    assert len(SYNONYMS) > 200
    assert all(word != other.casefold() for word, other in {**SYNONYMS, **CONTRACTIONS}.items())


def test_a_synonym_keeps_its_first_letters_size() -> None:
    assert WORDINGS["synonyms"]("Fix the BUG, then run prefixes.", Random(1)) == (
        "Repair the Defect, after that execute prefixes."
    )
