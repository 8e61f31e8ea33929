"""Whatever bytes come, nothing but the typed failure comes out, and a stream ends exactly once."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.wire.canonical import Begin, BlockBegin, BlockEnd, Event, Failed, Finish, KeepAlive
from proxy.wire.failure import Failure, FailureKind
from proxy.wire.format import Format
from proxy.wire.responses.read_answer import read_answer
from proxy.wire.responses.read_request import read_request
from proxy.wire.responses.read_stream import stream_reader
from proxy.wire.responses.write_request import write_request
from proxy.wire.responses.write_stream import StreamWriter
from proxy.wire.target import Expecting
from tests.proxy.wire.responses.bodies import REPLY, TARGET, failure_of, parsed
from tests.proxy.wire.strategies import json_values

MEMBERS = [
    "type", "role", "content", "input", "output", "summary", "text", "name", "arguments", "call_id", "id",
    "item", "item_id", "output_index", "content_index", "delta", "response", "status", "tools", "annotations",
    "tool_choice", "encrypted_content", "annotation", "summary_index", "reasoning", "format", "instructions",
]  # fmt: skip
VALUES = [
    "message", "reasoning", "function_call", "custom_tool_call", "function_call_output", "web_search_call",
    "input_text", "output_text", "refusal", "input_image", "input_file", "summary_text", "user", "assistant",
    "function", "custom", "namespace", "allowed_tools", "completed", "incomplete", "json_schema", "a",
]  # fmt: skip
KINDS = [
    "created", "output_item.added", "output_item.done", "output_text.delta", "output_text.done",
    "output_text.annotation.added", "refusal.delta", "refusal.done", "reasoning_summary_text.delta",
    "reasoning_text.delta", "function_call_arguments.delta", "function_call_arguments.done",
    "custom_tool_call_input.delta", "completed", "incomplete", "failed",
]  # fmt: skip
leaves = st.sampled_from(VALUES) | st.sampled_from([0, 1, 2]) | json_values
near = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(MEMBERS), inner, max_size=6),
    max_leaves=20,
)
objects = st.dictionaries(st.sampled_from(MEMBERS), near, max_size=6)
items = st.fixed_dictionaries({"type": st.sampled_from(VALUES[:6])}, optional={"name": st.just("n")}).flatmap(
    lambda fixed: objects.map(lambda more: {**more, **fixed})
)
events = st.builds(
    lambda kind, more, item: {**more, "item": item, "type": f"response.{kind}"},
    st.sampled_from(KINDS),
    st.fixed_dictionaries(
        {},
        optional={
            "output_index": st.sampled_from([None, 0, 1]),
            "item_id": st.sampled_from(["a", "b"]),
            "content_index": st.sampled_from([0, 1]),
            "summary_index": st.sampled_from([0, 1]),
            "delta": st.sampled_from(["x", "", 7, "{}"]),
            "text": st.sampled_from(["x", "xy"]),
            "annotation": near,
            "response": st.fixed_dictionaries({"output": st.lists(items, max_size=2)}) | near,
        },
    ),
    items,
)


@given(
    st.fixed_dictionaries({"input": st.lists(items, max_size=4)}).flatmap(
        lambda fixed: objects.map(lambda more: {**more, **fixed})
    )
)
def test_any_request_is_read_and_can_be_written_or_is_refused(body: dict[str, Any]) -> None:
    try:
        conversation = read_request(json.dumps(body).encode())
    except Failure as failure:
        assert failure.kind is FailureKind.BAD_REQUEST  # noqa: PT017 -- that nothing else is raised is the point
        return
    again = read_request(write_request(conversation, TARGET).body)
    assert again.format is Format.RESPONSES


@given(st.lists(items, max_size=4), objects)
def test_any_answer_is_read_or_is_a_failure(output: list[Any], more: dict[str, Any]) -> None:
    try:
        answer = read_answer(json.dumps({**more, "output": output}).encode(), Expecting())
    except Failure as failure:
        assert failure.sentence  # noqa: PT017 -- the same
    else:
        assert answer.format is Format.RESPONSES


@given(st.lists(events, max_size=8))
def test_any_stream_ends_once_and_can_be_written(told: list[dict[str, Any]]) -> None:
    stream = b"".join(b"data: " + json.dumps(event).encode() + b"\n\n" for event in told)
    reader = stream_reader(Expecting(seed="s"))
    read = [*reader.feed(stream), *reader.end()]
    assert [isinstance(event, Finish | Failed) for event in read].count(True) == 1
    assert isinstance(read[-1], Finish | Failed)
    check_blocks(read)
    writer = StreamWriter(REPLY)
    written = parsed(b"".join(writer.write(event) for event in read))
    assert [event["sequence_number"] for event in written] == list(range(len(written)))
    ends = [
        e for e in written if e["type"] in ("response.completed", "response.incomplete", "response.failed")
    ]
    assert ends == written[-1:]


def check_blocks(read: list[Event]) -> None:
    """Blocks are numbered as they begin, and nothing is added to one that has not begun or has ended."""
    opened: set[int] = set()
    begun = 0
    for event in read:
        match event:
            case BlockBegin(index):
                assert index == begun
                begun += 1
                opened.add(index)
            case BlockEnd(index):
                opened.remove(index)
            case Finish():
                assert not opened
            case Begin() | Failed() | KeepAlive():
                pass
            case _:
                assert event.index in opened


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b'{"input":',
        b"[" * 100_000,
        b'{"input":' * 100_000,
        b'{"input":[' + b'{"content":[' * 50_000,
        b'{"input":' + b'{"a":' * 100_000 + b"1" + b"}" * 100_000 + b"}",
        b'{"input":"\xff"}',
    ],
)
def test_what_is_no_json_is_a_bad_request(body: bytes) -> None:
    assert failure_of(body).kind is FailureKind.BAD_REQUEST
