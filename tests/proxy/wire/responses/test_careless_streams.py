"""Streams of servers that number nothing, repeat themselves, or leave out what others send."""

import pytest

from proxy.wire.canonical import (
    Begin,
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
)
from proxy.wire.failure import FailureKind
from proxy.wire.in_order import InOrder
from proxy.wire.responses.read_stream import stream_reader
from proxy.wire.target import Expecting
from tests.proxy.wire.responses.bodies import read, sse
from tests.proxy.wire.responses.streams import (
    CREATED,
    Data,
    added,
    answered,
    call,
    completed,
    delta,
    done,
    message,
    part,
)

ERROR = {"code": "rate_limit_exceeded", "message": "Slow down."}
LLAMA = [
    {"type": "response.created", "response": {"id": "resp_1", "object": "response", "status": "in_progress"}},
    added(
        None, id="rs_1", summary=[], type="reasoning", content=[], encrypted_content="", status="in_progress"
    ),
    delta("reasoning_text", "Let me", item_id="rs_1"),
    delta("reasoning_text", " see.", item_id="rs_1"),
    added(None, content=[], id="msg_1", role="assistant", status="in_progress", type="message"),
    {"type": "response.content_part.added", "item_id": "msg_1", "part": {"type": "output_text", "text": ""}},
    delta("output_text", "Hel", item_id="msg_1"),
    delta("output_text", "lo", item_id="msg_1"),
    added(None, arguments="", call_id="fc_a", name="look", type="function_call", status="in_progress"),
    delta("function_call_arguments", "{", item_id="fc_a"),
    delta("function_call_arguments", "}", item_id="fc_a"),
    added(None, arguments="", call_id="fc_b", name="look", type="function_call", status="in_progress"),
    delta("function_call_arguments", '{"x":1}', item_id="fc_b"),
    done(
        None,
        id="rs_1",
        summary=[],
        type="reasoning",
        content=[{"type": "reasoning_text", "text": "Let me see."}],
        encrypted_content="",
    ),
    {"type": "response.output_text.done", "item_id": "msg_1", "text": "Hello"},
    {"type": "response.content_part.done", "item_id": "msg_1", "part": part("Hello")},
    done(None, **message("Hello")),
    done(None, type="function_call", arguments="{}", call_id="fc_a", name="look"),
    done(None, type="function_call", arguments='{"x":1}', call_id="fc_b", name="look"),
    completed(
        {
            "type": "reasoning",
            "id": "rs_1",
            "summary": [],
            "content": [{"type": "reasoning_text", "text": "x"}],
        },
        message("Hello"),
        {"type": "function_call", "arguments": "{}", "call_id": "fc_a", "name": "look"},
        {"type": "function_call", "arguments": '{"x":1}', "call_id": "fc_b", "name": "look"},
    ),
]


def test_a_server_that_numbers_nothing_and_ends_everything_at_the_end() -> None:
    answer = answered(*LLAMA)
    assert answer.content == (
        Thinking("Let me see.", id="rs_1"),
        Text("Hello"),
        ToolCall("fc_a", "look", "{}"),
        ToolCall("fc_b", "look", '{"x":1}'),
    )
    assert answer.stop == Stop(StopReason.TOOL_USE)


def test_such_a_servers_text_need_not_wait_for_the_end_to_be_in_order() -> None:
    order = InOrder()
    reader = stream_reader(Expecting())
    passed = [e for data in LLAMA[:8] for event in reader.feed(sse(data)) for e in order.feed(event)]
    assert passed[-2:] == [TextDelta(1, "Hel"), TextDelta(1, "lo")]


def test_ids_that_change_from_event_to_event_do_not_double_an_item() -> None:
    answer = answered(
        CREATED,
        added(0, **{**message("", "a"), "content": []}),
        delta("output_text", "Hello", 0, item_id="b", content_index=0),
        done(0, **message("Hello", "c")),
        completed(message("Hello", "d")),
    )
    assert answer.content == (Text("Hello"),)


@pytest.mark.parametrize(
    "events",
    [
        [done(0, **message("Hi")), done(1, **call()), completed()],
        [done(None, **message("Hi")), done(None, **call()), completed(message("Hi"), call())],
        [completed(message("Hi"), call())],
        [delta("output_text", "H"), completed(message("Hi"), call())],
        [
            delta("output_text", "Hi"),
            {"type": "response.output_text.done", "text": "Hi"},
            completed(message("Hi"), call()),
        ],
    ],
)
def test_what_was_never_streamed_is_told_at_the_end(events: list[Data]) -> None:
    answer = answered(CREATED, *events)
    assert answer.content == (Text("Hi"), ToolCall("call_1", "look", "{}", item_id="fc_1"))


def test_a_call_without_an_id_gets_one_that_stays() -> None:
    nameless = {"type": "function_call", "name": "look", "arguments": "{}"}
    first = answered(CREATED, completed(nameless), seed="exchange").content[0]
    again = answered(CREATED, added(0, **nameless), completed(nameless), seed="exchange").content[0]
    assert isinstance(first, ToolCall)
    assert first.id.startswith("call_")
    assert first == again


@pytest.mark.parametrize(
    "event",
    [
        {"type": "response.failed", "response": {"status": "failed", "error": ERROR}},
        {"type": "error", **ERROR, "param": None},
        {"type": "error", "error": ERROR},
        {"error": ERROR},
        {**ERROR, "type": "rate_limit_error"},
    ],
)
def test_every_form_of_error_is_a_failure(event: Data) -> None:
    *_, last = read(CREATED, delta("output_text", "Hi"), event)
    assert isinstance(last, Failed)
    assert last.failure.kind is FailureKind.RATE_LIMIT
    assert last.failure.sentence == "Slow down."


@pytest.mark.parametrize("rest", [b"", b"data: [DONE]\n\n", b'data: {"type":"response.comp'])
def test_a_stream_without_its_end_has_broken_off(rest: bytes) -> None:
    reader = stream_reader(Expecting())
    reader.feed(sse(CREATED, delta("output_text", "Hi"), done(0, **message("Hi"))) + rest)
    (last,) = reader.end()
    assert isinstance(last, Failed)
    assert last.failure.kind is FailureKind.BROKEN_OFF


def test_keep_alives_are_passed_on_and_the_unknown_is_not() -> None:
    events: list[Event] = read(
        CREATED,
        {"type": "keepalive", "sequence_number": 3},
        {"type": "codex.rate_limits", "plan_type": "plus"},
        {"type": "response.new_thing.delta", "delta": {"not": "text"}, "output_index": 7},
        completed(),
    )
    assert events == [Begin("resp_1", "gpt"), KeepAlive(), Finish(Stop(StopReason.END_TURN))]


def test_a_stream_that_begins_in_the_middle_has_a_beginning() -> None:
    assert read(delta("output_text", "Hi"), completed())[0] == Begin()
