"""The events around the rescued calls: blocks, their order, thinking, ids, whole answers."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Raw

from proxy.wire.assemble import collected, spread
from proxy.wire.canonical import (
    Answer,
    ArgumentsDelta,
    Begin,
    BlockBegin,
    BlockEnd,
    Citation,
    CitationDelta,
    Event,
    Failed,
    Finish,
    KeepAlive,
    Stop,
    StopReason,
    Text,
    TextDelta,
    Thinking,
    ToolCall,
    ToolRef,
    Usage,
)
from proxy.wire.failure import Failure, FailureKind
from proxy.wire.format import Format
from proxy.wire.target import ToolNames
from proxy.wire.text_calls import Rescue, TextCalls, rescued
from proxy.wire.text_calls.dialects import FORMS, THOUGHTS
from tests.proxy.wire.strategies import answers
from tests.proxy.wire.text_calls import test_dialects as written
from tests.proxy.wire.text_calls.telling import END, OFFERED, answer, plain, stream, told

CALL = '<tool_call>{"name": "look", "arguments": {}}</tool_call>'

fragments = st.sampled_from(
    [
        *(form.opening for form in FORMS),
        *(leftover for form in FORMS for leftover in form.leftovers),
        *(mark for marks in THOUGHTS for mark in (marks.opening, marks.closing)),
        *(text for _, text, _ in written.WRITTEN.values()),
        *(
            '{"name": "look"',
            '"arguments": {}}',
            "look",
            '">',
            "</tool_call>",
            "<arg_key>",
            " \n",
            "a",
            "<",
            "[",
            '"',
        ),
    ]
)
texts = st.lists(fragments, max_size=8).map("".join)


@given(texts, st.data())
def test_any_cutting_of_a_text_gives_the_same_answer(text: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=20)))
    pieces = [text[start:end] for start, end in itertools.pairwise([0, *cuts, len(text)])]
    assert _collected(told(stream(pieces))) == _collected(told(stream([text])))


@given(texts)
def test_blocks_come_one_after_the_other(text: str) -> None:
    events = told(stream([text]))
    begun = [event.index for event in events if isinstance(event, BlockBegin)]
    assert begun == list(range(len(begun)))
    open_: set[int] = set()
    for event in events:
        if isinstance(event, BlockBegin):
            assert not open_
            open_.add(event.index)
        elif isinstance(event, BlockEnd):
            open_.remove(event.index)
        elif hasattr(event, "index"):
            assert open_ == {event.index}
    assert not open_
    assert isinstance(events[-1], Finish)


@given(answers())
def test_an_answer_without_markers_is_unchanged(whole: Answer) -> None:
    assert rescued(whole, ["look"], "seed") == whole
    assert [*told(spread(whole))] == spread(whole)


def _collected(events: list[Event]) -> Answer:
    return collected(events, Format.OPENAI_CHAT)


def test_calls_have_ids_of_their_own_that_differ_from_exchange_to_exchange() -> None:
    text = f"{CALL}\n{CALL}"
    ids = [
        block.id
        for seed in ("one", "two", "one")
        for block in rescued(_answer(Text(text)), OFFERED, seed).content
        if isinstance(block, ToolCall)
    ]
    assert ids[:2] == ids[4:]
    assert len(set(ids)) == 4
    assert all(id_.startswith("call_") for id_ in ids)


def _answer(*content: Text | ToolCall | Thinking) -> Answer:
    return Answer(format=Format.OPENAI_CHAT, content=content, stop=END)


def test_a_whole_answer_keeps_what_is_not_its_content() -> None:
    whole = Answer(
        format=Format.OPENAI_CHAT,
        id="x",
        model="m",
        content=(Text(CALL),),
        stop=END,
        usage=Usage(input=1, output=2),
        extra={"timings": Raw(b"{}")},
    )
    after = rescued(whole, OFFERED, "seed")
    assert (after.id, after.model, after.usage, after.extra) == ("x", "m", whole.usage, whole.extra)
    assert after.stop.reason is StopReason.TOOL_USE


def test_real_calls_stay_beside_rescued_ones() -> None:
    real = ToolCall("call_real", "look", '{"path": 1}')
    after = rescued(_answer(Text(f"a {CALL}"), real), OFFERED, "seed")
    assert plain(after.content) == ["a ", ("look", "{}"), ("look", '{"path": 1}')]
    assert after.content[-1] == real


def test_deltas_of_a_real_call_follow_its_new_index() -> None:
    events: list[Event] = [
        Begin(),
        BlockBegin(0, Text("")),
        TextDelta(0, f"a {CALL} b"),
        BlockEnd(0),
        BlockBegin(1, ToolCall("call_real", "look", "")),
        ArgumentsDelta(1, "{}"),
        BlockEnd(1),
        Finish(END),
    ]
    after = told(events)
    assert after[-4:-1] == [
        BlockBegin(3, ToolCall("call_real", "look", "")),
        ArgumentsDelta(3, "{}"),
        BlockEnd(3),
    ]


def test_names_are_the_clients_own_again() -> None:
    names = ToolNames({"group__look": ToolRef("look", "group")})
    text = CALL.replace("look", "group__look")
    [call] = rescued(_answer(Text(text)), ["group__look"], "seed", names=names).content
    assert isinstance(call, ToolCall)
    assert (call.name, call.namespace) == ("look", "group")


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("<think>Let me see.</think>\n\nHello.", [Thinking("Let me see."), Text("Hello.")]),
        ("\n<think>\nLet me see.\n</think>Hello.", [Thinking("Let me see.\n"), Text("Hello.")]),
        ("<think>\n\n</think>\n\nHello.", [Text("Hello.")]),
        ("<think>never done", [Thinking("never done")]),
        ("<think>half an end </thi", [Thinking("half an end </thi")]),
        (
            "<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>final<|message|>Hello.",
            [Thinking("Hm."), Text("Hello.")],
        ),
    ],
)
def test_thinking_that_leaked_is_thinking(text: str, content: list[object]) -> None:
    assert list(answer(text).content) == content
    assert list(answer(text, offered=()).content) == content
    assert answer(text, rescue=Rescue.CALLS).content == (Text(text),)


def test_thinking_streams_on_at_once() -> None:
    calls = TextCalls((), "seed")
    pieces = ["<think>Let", " me", " see</", "think>Hello"]
    told = [calls.feed(event) for event in stream(pieces)]
    passed = [[event for event in each if hasattr(event, "text")] for each in told[2:-2]]
    assert [[event.text for event in each] for each in passed] == [["Let"], [" me"], [" see"], ["Hello"]]


def test_thinking_then_a_call() -> None:
    assert plain(answer(f"<think>Hm.</think>\n{CALL}").content) == ["Hm.", ("look", "{}")]


def test_citations_stay_with_the_text() -> None:
    citation = Citation(Format.OPENAI_CHAT, Raw(b"{}"), url="https://example.test")
    after = _collected(
        told([Begin(), BlockBegin(0, Text("")), CitationDelta(0, citation), *stream(["a"])[2:]])
    )
    assert after.content == (Text("a", (citation,)),)


def test_a_failure_comes_after_what_was_held_back() -> None:
    failure = Failed(Failure(FailureKind.OVERLOADED, "busy"))
    begin, block, delta, *_ = stream(["see <tool_call>{"])
    after = told([begin, block, delta, KeepAlive(), failure])
    assert "".join(event.text for event in after if isinstance(event, TextDelta)) == "see <tool_call>{"
    assert after[-2:] == [BlockEnd(0), failure]


def test_a_text_left_open_ends_with_the_stream() -> None:
    begin, block, delta, *_ = stream([CALL])
    after = told([begin, block, delta, Finish(Stop(StopReason.END_TURN), Usage(output=3))])
    assert after[-1] == Finish(Stop(StopReason.TOOL_USE), Usage(output=3))


def test_an_empty_text_stays() -> None:
    assert answer("").content == (Text(""),)
