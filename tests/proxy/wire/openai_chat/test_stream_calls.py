"""Tool calls in a provider's stream, by the book and as they are sent."""

import json

import pytest

from proxy.wire.canonical import (
    ArgumentsDelta,
    BlockBegin,
    BlockEnd,
    Failed,
    Finish,
    SignatureDelta,
    Text,
    TextDelta,
    ToolCall,
    ToolRef,
)
from proxy.wire.failure import FailureKind
from proxy.wire.target import Expecting, ToolNames
from tests.proxy.wire.openai_chat.chunks import (
    DONE,
    answer_of,
    call,
    calling,
    calls_in,
    delta,
    events_of,
)

TWO = [("a", "f", '{"x":1}'), ("b", "g", '{"y":2}')]


def test_calls_by_the_book() -> None:
    assert (
        calls_in(
            calling(call("", index=0, id_="a", name="f", type="function")),
            calling(call('{"x"', index=0)),
            calling(call(":1}", index=0)),
            calling(call("", index=1, id_="b", name="g", type="function")),
            calling(call('{"y":2}', index=1)),
        )
        == TWO
    )


def test_a_call_ends_when_the_next_begins_and_its_arguments_are_whole() -> None:
    events = events_of(
        calling(call('{"x":1}', index=0, id_="a", name="f")),
        calling(call('{"y":2}', index=1, id_="b", name="g")),
        delta("tool_calls"),
        DONE,
    )
    assert events[1:-1] == [
        BlockBegin(0, ToolCall("a", "f", "")),
        ArgumentsDelta(0, '{"x":1}'),
        BlockEnd(0),
        BlockBegin(1, ToolCall("b", "g", "")),
        ArgumentsDelta(1, '{"y":2}'),
        BlockEnd(1),
    ]


def test_interleaved_fragments_land_in_their_block() -> None:
    chunks = [
        calling(call('{"x"', index=0, id_="a", name="f")),
        calling(call('{"y"', index=1, id_="b", name="g")),
        calling(call(":1}", index=0), call(":2}", index=1)),
    ]
    assert calls_in(*chunks) == TWO
    assert [e.index for e in events_of(*chunks) if isinstance(e, ArgumentsDelta)] == [0, 1, 0, 1]


def test_whole_calls_in_one_chunk() -> None:
    assert (
        calls_in(
            calling(call('{"x":1}', index=0, id_="a", name="f"), call('{"y":2}', index=1, id_="b", name="g"))
        )
        == TWO
    )


def test_parallel_calls_that_are_all_number_zero() -> None:
    assert (
        calls_in(
            calling(call('{"x"', index=0, id_="a", name="f")),
            calling(call(":1}", index=0)),
            calling(call("", index=0, id_="b", name="g")),
            calling(call('{"y":2}', index=0, id_="b")),
        )
        == TWO
    )


def test_calls_without_an_index_change_with_the_id() -> None:
    assert (
        calls_in(
            calling(call('{"x"', id_="a", name="f")),
            calling(call(":1}", id_="a")),
            calling(call('{"y"', id_="b", name="g")),
            calling(call(":2}")),
        )
        == TWO
    )


def test_calls_with_neither_index_nor_id_change_with_the_name() -> None:
    calls = calls_in(
        calling(call('{"x":1}', name="f"), call('{"y":2}', name="f")),
        calling(call('{"z"', name="g")),
        calling(call(":3}")),
    )
    assert [(name, arguments) for _, name, arguments in calls] == [
        ("f", '{"x":1}'),
        ("f", '{"y":2}'),
        ("g", '{"z":3}'),
    ]
    assert len({id_ for id_, _, _ in calls}) == 3


def test_whole_calls_without_ids_that_are_all_number_zero() -> None:
    calls = calls_in(calling(call('{"x":1}', index=0, name="f")), calling(call('{"x":1}', index=0, name="f")))
    assert [(name, arguments) for _, name, arguments in calls] == [("f", '{"x":1}')] * 2


def test_id_and_name_repeated_in_every_chunk() -> None:
    assert (
        calls_in(
            calling(call("", index=0, id_="a", name="f")),
            calling(call('{"x"', index=0, id_="a", name="f")),
            calling(call(":1}", index=0, id_="a", name="f")),
            calling(call("", index=0, id_="a", name="f")),
            calling(call('{"y":2}', index=1, id_="b", name="g")),
        )
        == TWO
    )


def test_another_id_in_every_fragment_is_still_the_same_call() -> None:
    assert calls_in(
        calling(call('{"x"', index=0, id_="a", name="f")), calling(call(":1}", index=0, id_="zzz"))
    ) == [TWO[0]]


@pytest.mark.parametrize(
    "names",
    [["get_", "weather"], ["", "get_weather"], ["get_weather", "get_weather"], ["get_", "get_weather"]],
)
def test_a_name_in_pieces_late_or_again(names: list[str]) -> None:
    first, second = names
    assert calls_in(
        calling(call(index=0, id_="a", name=first)),
        calling(call("", index=0, name=second)),
        calling(call("{}", index=0)),
    ) == [("a", "get_weather", "{}")]


def test_arguments_before_the_name_wait_for_it() -> None:
    assert calls_in(calling(call('{"x"', index=0, id_="a")), calling(call(":1}", index=0, name="f"))) == [
        TWO[0]
    ]


def test_arguments_byte_by_byte_as_llama_cpp_sends_them() -> None:
    arguments = json.dumps({"code": "if (a) { b() } else { c() }", "ä": "ü"}, ensure_ascii=False)
    events = events_of(
        calling(call("", index=0, id_="a", name="f")),
        *(calling(call(byte, index=0)) for byte in arguments),
        delta("tool_calls"),
        DONE,
    )
    assert "".join(event.json for event in events if isinstance(event, ArgumentsDelta)) == arguments
    assert sum(isinstance(event, ArgumentsDelta) for event in events) == len(arguments)


def test_arguments_said_once_more_are_heard_once() -> None:
    assert calls_in(
        calling(call('{"x"', index=0, id_="a", name="f")),
        calling(call(":1}", index=0)),
        calling(call('{"x":1}', index=0)),
    ) == [TWO[0]]


@pytest.mark.parametrize("arguments", ["", None])
def test_a_call_without_arguments(arguments: str | None) -> None:
    assert calls_in(calling(call(arguments, index=0, id_="a", name="f"))) == [("a", "f", "")]


def test_calls_keep_their_order_when_the_later_one_speaks_first() -> None:
    assert (
        calls_in(
            calling(call(index=0, id_="a", name="f"), call(index=1, id_="b", name="g")),
            calling(call('{"y":2}', index=1)),
            calling(call('{"x":1}', index=0)),
        )
        == TWO
    )


def test_arguments_that_come_as_an_object() -> None:
    chunk = delta(tool_calls=[{"index": 0, "id": "a", "function": {"name": "f", "arguments": {"x": 1}}}])
    assert calls_in(chunk) == [("a", "f", '{"x":1}')]


def test_ids_are_made_where_there_are_none_and_stay_the_same() -> None:
    chunks = [calling(call("{}", index=0, name="f"), call("{}", index=1, id_="", name="g"))]
    first = [id_ for id_, _, _ in calls_in(*chunks)]
    assert first == [id_ for id_, _, _ in calls_in(*chunks)]
    assert len(set(first)) == 2
    other = answer_of(*chunks, delta("stop"), DONE, expecting=Expecting(seed="another exchange"))
    assert not set(first) & {block.id for block in other.content if isinstance(block, ToolCall)}


def test_the_same_id_for_two_calls_becomes_two() -> None:
    calls = calls_in(calling(call("{}", index=0, id_="x", name="f"), call("{}", index=1, id_="x", name="g")))
    assert [name for _, name, _ in calls] == ["f", "g"]
    assert len({id_ for id_, _, _ in calls}) == 2


def test_text_around_calls() -> None:
    events = events_of(
        delta(content="let me see"),
        calling(call("{}", index=0, id_="a", name="f")),
        delta(content="done"),
        delta("tool_calls"),
        DONE,
    )
    assert events[1:-1] == [
        BlockBegin(0, Text("")),
        TextDelta(0, "let me see"),
        BlockEnd(0),
        BlockBegin(1, ToolCall("a", "f", "")),
        ArgumentsDelta(1, "{}"),
        BlockEnd(1),
        BlockBegin(2, Text("")),
        TextDelta(2, "done"),
        BlockEnd(2),
    ]


def test_the_signature_of_a_gemini_call() -> None:
    signed = {"extra_content": {"google": {"thought_signature": "sig"}}}
    answer = answer_of(
        calling(call("{}", index=0, id_="a", name="f", **signed)),
        calling(call("{}", index=1, id_="b", name="g"), {"index": 1, **signed}),
        delta("stop"),
        DONE,
    )
    assert [block.signature for block in answer.content if isinstance(block, ToolCall)] == ["sig", "sig"]
    late = events_of(calling(call("{", index=0, id_="a", name="f"), {"index": 0, **signed}))
    assert SignatureDelta(0, "sig") in late


def test_a_function_call_of_old() -> None:
    answer = answer_of(
        delta(function_call={"name": "f", "arguments": ""}),
        delta(function_call={"arguments": '{"x":1}'}),
        delta("function_call"),
        DONE,
    )
    [block] = answer.content
    assert isinstance(block, ToolCall)
    assert (block.name, block.arguments) == ("f", '{"x":1}')


def test_the_text_of_a_custom_tool_becomes_the_input_in_json() -> None:
    custom = {"index": 0, "id": "a", "type": "custom", "custom": {"name": "patch", "input": 'say "'}}
    more = {"index": 0, "custom": {"input": 'hi"\n'}}
    [block] = answer_of(calling(custom), calling(more), delta("tool_calls"), DONE).content
    assert isinstance(block, ToolCall)
    assert block.custom
    assert json.loads(block.arguments) == {"input": 'say "hi"\n'}


def test_tools_go_by_the_names_that_the_client_knows() -> None:
    names = ToolNames({"mcp__run": ToolRef("run", "mcp"), "patch": ToolRef("patch", custom=True)})
    answer = answer_of(
        calling(call("{}", index=0, id_="a", name="mcp__run"), call("{}", index=1, id_="b", name="patch")),
        delta("stop"),
        DONE,
        expecting=Expecting(names=names),
    )
    assert answer.content == (
        ToolCall("a", "run", "{}", namespace="mcp"),
        ToolCall("b", "patch", "{}", custom=True),
    )


@pytest.mark.parametrize("ending", [[delta("tool_calls"), DONE], [DONE], [delta("tool_calls")]])
def test_a_call_that_never_names_its_tool_is_a_bad_answer(ending: list[bytes]) -> None:
    last = events_of(delta(content="x"), calling(call("{}", index=0, id_="a")), *ending)[-1]
    assert isinstance(last, Failed)
    assert last.failure.kind is FailureKind.BAD_ANSWER


def test_an_empty_fragment_that_stays_empty_is_no_call() -> None:
    events = events_of(delta(content="x"), calling(call("", index=0, id_="a", name="")), delta("stop"), DONE)
    assert isinstance(events[-1], Finish)
    assert events[-1].stop.reason.value == "end_turn"
