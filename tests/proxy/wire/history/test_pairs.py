"""Calls and results stay together, whatever a client did to its history."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.wire.canonical import Block, Message, Role, Text, ToolCall, ToolResult
from proxy.wire.history.pairs import MISSING, paired
from proxy.wire.target import Loss
from tests.proxy.wire.strategies import conversations


def call(id_: str) -> ToolCall:
    return ToolCall(id_, "Read", "{}")


def result(id_: str, text: str = "done") -> ToolResult:
    return ToolResult(id_, (Text(text),))


def user(*content: Block) -> Message:
    return Message(Role.USER, content)


def assistant(*content: Block) -> Message:
    return Message(Role.ASSISTANT, content)


HELLO = user(Text("hello"))


def mend(*messages: Message) -> tuple[list[Message], set[Loss]]:
    lost: set[Loss] = set()
    return list(paired(messages, lost)), lost


@given(conversations())
def test_a_history_whose_pairs_are_whole_is_left_as_it_is(conversation: object) -> None:
    messages = conversation.messages  # type: ignore[attr-defined] # hypothesis hands over a Conversation
    lost: set[Loss] = set()
    assert paired(messages, lost) is messages
    assert not lost


def test_an_interrupted_call_gets_a_result_that_says_so() -> None:
    mended, lost = mend(HELLO, assistant(call("a")), user(Text("stop, do this instead")))
    answer = ToolResult("a", (Text(MISSING),), is_error=True)
    assert mended == [HELLO, assistant(call("a")), user(answer, Text("stop, do this instead"))]
    assert lost == {Loss.LONE_CALL}


def test_a_call_at_the_very_end_is_answered_too() -> None:
    mended, lost = mend(HELLO, assistant(call("a")))
    assert mended[-1] == user(ToolResult("a", (Text(MISSING),), is_error=True))
    assert lost == {Loss.LONE_CALL}


def test_one_of_two_parallel_calls_without_a_result_does_not_cost_the_other_its_own() -> None:
    mended, lost = mend(HELLO, assistant(call("a"), call("b")), user(result("b")))
    assert [b.call_id for b in mended[-1].content if isinstance(b, ToolResult)] == ["b", "a"]
    assert mended[-1].content[0] == result("b")
    assert lost == {Loss.LONE_CALL}


def test_a_result_without_a_call_is_told_as_text_not_dropped() -> None:
    mended, lost = mend(user(result("gone", "42 lines")), assistant(Text("ok")))
    assert mended[0].content == (
        Text("[The result of a tool call that is not here (gone):]"),
        Text("42 lines"),
    )
    assert lost == {Loss.LONE_RESULT}


def test_a_second_result_for_the_same_call_is_told_as_text() -> None:
    mended, lost = mend(HELLO, assistant(call("a")), user(result("a", "one"), result("a", "two")))
    assert mended[-1].content[0] == result("a", "one")
    assert mended[-1].content[-1] == Text("two")
    assert lost == {Loss.LONE_RESULT}


@pytest.mark.parametrize("drifted", ["", "toolu_of_another_provider"])
def test_blank_and_drifted_ids_find_the_call_they_belong_to(drifted: str) -> None:
    mended, lost = mend(HELLO, assistant(call("a")), user(result(drifted)))
    assert mended == [HELLO, assistant(call("a")), user(result("a"))]
    assert lost == {Loss.LINKED_RESULT}


def test_several_blank_ids_are_linked_in_order() -> None:
    mended, lost = mend(
        HELLO, assistant(call("a"), call("b")), user(result("", "first"), result("", "second"))
    )
    assert mended[-1] == user(result("a", "first"), result("b", "second"))
    assert lost == {Loss.LINKED_RESULT}


def test_calls_without_ids_are_given_ids_of_their_own() -> None:
    mended, lost = mend(HELLO, assistant(call(""), call("")), user(result("", "x"), result("", "y")))
    ids = [b.id for b in mended[1].content if isinstance(b, ToolCall)]
    assert len(set(ids)) == 2
    assert mended[2] == user(result(ids[0], "x"), result(ids[1], "y"))
    assert lost == {Loss.LINKED_RESULT}


def test_results_further_on_are_brought_to_their_calls() -> None:
    mended, lost = mend(HELLO, assistant(call("a")), user(Text("meanwhile")), user(result("a")))
    assert mended == [HELLO, assistant(call("a")), user(result("a"), Text("meanwhile"))]
    assert not lost


def test_calls_told_in_two_messages_of_one_turn_are_one_turn() -> None:
    mended, lost = mend(HELLO, assistant(call("a")), assistant(call("b")), user(result("a"), result("b")))
    assert mended == [HELLO, assistant(call("a"), call("b")), user(result("a"), result("b"))]
    assert not lost


def test_ids_used_again_in_a_later_turn_become_ones_of_their_own() -> None:
    mended, lost = mend(
        HELLO,
        assistant(call("0")),
        user(result("0", "one")),
        assistant(call("0"), call("0_2")),
        user(result("0", "two"), result("0_2", "three")),
    )
    assert mended[3:] == [
        assistant(call("0_2"), call("0_2_2")),
        user(result("0_2", "two"), result("0_2_2", "three")),
    ]
    assert not lost


def test_a_result_told_twice_is_not_taken_for_that_of_another_call() -> None:
    mended, _ = mend(
        HELLO, assistant(call("a"), call("b")), user(result("a", "of a"), result("a", "of a again"))
    )
    assert mended[-1].content[:2] == (result("a", "of a"), ToolResult("b", (Text(MISSING),), is_error=True))
    assert Text("of a again") in mended[-1].content


def test_a_late_result_of_an_earlier_turn_is_not_taken_for_that_of_another_call() -> None:
    mended, _ = mend(HELLO, assistant(call("a")), user(Text("stop")), assistant(call("b")), user(result("a")))
    assert mended[-1].content[0] == ToolResult("b", (Text(MISSING),), is_error=True)


def test_a_broken_turn_changes_no_other() -> None:
    whole = (HELLO, HELLO, assistant(call("a"), call("b")), user(result("b"), result("a")))
    mended, _ = mend(*whole, assistant(call("c")), user(Text("stop")))
    assert mended[:4] == list(whole)


words = st.just(Text("words"))
calls_or_words = st.lists(st.sampled_from(["a", "b", ""]).map(call) | words, max_size=4).map(tuple)
results_or_words = st.lists(st.sampled_from(["a", "b", "", "x"]).map(result) | words, max_size=4).map(tuple)
anything = st.lists(
    st.builds(Message, st.just(Role.ASSISTANT), calls_or_words)
    | st.builds(Message, st.just(Role.USER), results_or_words)
    | st.just(Message(Role.SYSTEM, (Text("words"),))),
    max_size=6,
)


@given(anything)
def test_whatever_a_client_sends_comes_out_paired(messages: list[Message]) -> None:
    once = paired(tuple(messages), set())
    assert paired(once, set()) == once
    for before, after in itertools.pairwise([user(), *once, user()]):
        calls = [b.id for b in before.content if isinstance(b, ToolCall)]
        results = [b.call_id for b in after.content if isinstance(b, ToolResult)]
        assert sorted(calls) == sorted(results)
        assert len(set(calls)) == len(calls)


@given(anything, anything)
def test_what_was_sent_once_is_sent_the_same_whatever_follows(
    earlier: list[Message], later: list[Message]
) -> None:
    begun = [*earlier, user(Text("words"))]
    first = paired(tuple(begun), set())
    assert paired((*begun, assistant(Text("words")), *later), set())[: len(first)] == first


@given(anything)
def test_no_words_are_ever_dropped(messages: list[Message]) -> None:
    def words(of: tuple[Message, ...] | list[Message]) -> int:
        inner = [r.content for m in of for r in m.content if isinstance(r, ToolResult)]
        texts = [b for m in of for b in m.content if isinstance(b, Text)]
        return sum(t.text in ("words", "done") for t in [*texts, *(t for c in inner for t in c)])  # type: ignore[union-attr] # only texts are in here

    assert words(paired(tuple(messages), set())) == words(messages)
