"""What a client sees of a streamed answer."""

import json
from typing import Any

from msgspec import Raw

from proxy.wire.assemble import spread
from proxy.wire.canonical import (
    Answer,
    ArgumentsDelta,
    Begin,
    BlockBegin,
    BlockEnd,
    Citation,
    CitationDelta,
    Data,
    Finish,
    Image,
    KeepAlive,
    Opaque,
    Refusal,
    SignatureDelta,
    Stop,
    StopReason,
    Text,
    TextDelta,
    Thinking,
    ThinkingDelta,
    ToolCall,
    Usage,
)
from proxy.wire.format import Format
from proxy.wire.responses.write_stream import StreamWriter
from tests.proxy.wire.responses.bodies import REPLY, parsed, told

FINISH = Finish(Stop(StopReason.END_TURN), Usage(input=3, cache_read=4, output=5))
ENDS = {"response.completed", "response.incomplete", "response.failed"}


def answer(*content: Any, reason: StopReason = StopReason.END_TURN) -> Answer:
    return Answer(format=Format.ANTHROPIC, content=content, stop=Stop(reason), usage=Usage(input=1, output=2))


def types(events: list[dict[str, Any]]) -> list[str]:
    return [event["type"].removeprefix("response.") for event in events]


def test_the_events_of_an_answer_with_everything() -> None:
    events = told(
        Begin("msg_1", "served"),
        BlockBegin(0, Thinking("")),
        ThinkingDelta(0, "hm"),
        SignatureDelta(0, "sea"),
        SignatureDelta(0, "led"),
        BlockEnd(0),
        BlockBegin(1, Text("")),
        TextDelta(1, "Hel"),
        TextDelta(1, "lo"),
        BlockEnd(1),
        BlockBegin(2, ToolCall("call_1", "find", "", namespace="docs")),
        ArgumentsDelta(2, '{"a":'),
        ArgumentsDelta(2, "1}"),
        BlockEnd(2),
        BlockBegin(3, ToolCall("call_2", "patch", "", custom=True)),
        ArgumentsDelta(3, '{"input": "a\\'),
        ArgumentsDelta(3, 'n\\"b\\""}'),
        BlockEnd(3),
        FINISH,
    )
    assert types(events) == [
        "created",
        "in_progress",
        "output_item.added",
        "reasoning_summary_part.added",
        "reasoning_summary_text.delta",
        "reasoning_summary_text.done",
        "reasoning_summary_part.done",
        "output_item.done",
        "output_item.added",
        "content_part.added",
        "output_text.delta",
        "output_text.delta",
        "output_text.done",
        "content_part.done",
        "output_item.done",
        "output_item.added",
        "function_call_arguments.delta",
        "function_call_arguments.delta",
        "function_call_arguments.done",
        "output_item.done",
        "output_item.added",
        "custom_tool_call_input.delta",
        "custom_tool_call_input.delta",
        "custom_tool_call_input.done",
        "output_item.done",
        "completed",
    ]
    assert [event["sequence_number"] for event in events] == list(range(len(events)))
    response = events[-1]["response"]
    done = [event["item"] for event in events if event["type"] == "response.output_item.done"]
    assert response["output"] == done
    reasoning, message, call, custom = done
    assert reasoning["encrypted_content"] == "sealed"
    assert reasoning["summary"] == [{"type": "summary_text", "text": "hm"}]
    assert message["content"][0]["text"] == "Hello"
    assert (call["namespace"], call["name"], call["call_id"]) == ("docs", "find", "call_1")
    assert call["arguments"] == '{"a":1}'
    assert custom["input"] == 'a\n"b"'
    assert {item["status"] for item in done} == {"completed"}
    assert response["model"] == "asked-for"
    assert response["usage"] == {
        "input_tokens": 7,
        "input_tokens_details": {"cached_tokens": 4, "cache_write_tokens": 0},
        "output_tokens": 5,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": 12,
    }


def test_every_event_tells_its_item_and_place() -> None:
    events = told(*spread(answer(Thinking("a", "b"), Text("c"), ToolCall("d", "e", "{}"))))
    ids: dict[int, str] = {}
    for event in events:
        if event["type"] == "response.output_item.added":
            ids[event["output_index"]] = event["item"]["id"]
        elif "item_id" in event:
            assert event["item_id"] == ids[event["output_index"]]
    assert list(ids) == [0, 1, 2]
    assert [id_.split("_")[0] for id_ in ids.values()] == ["rs", "msg", "fc"]


def test_blocks_that_overlap_are_told_one_after_the_other() -> None:
    events = told(
        BlockBegin(0, ToolCall("a", "look", "")),
        BlockBegin(1, ToolCall("b", "look", "")),
        ArgumentsDelta(1, '{"b":'),
        ArgumentsDelta(0, '{"a":1}'),
        ArgumentsDelta(1, "2}"),
        BlockEnd(1),
        BlockEnd(0),
        FINISH,
    )
    places = [event["output_index"] for event in events if "output_index" in event]
    assert places == sorted(places)
    arguments = [item["arguments"] for item in events[-1]["response"]["output"]]
    assert arguments == ['{"a":1}', '{"b":2}']


def test_custom_input_is_passed_on_as_it_comes() -> None:
    writer = StreamWriter(REPLY)
    writer.write(BlockBegin(0, ToolCall("a", "patch", "", custom=True)))
    pieces = ['{"inp', 'ut": "*** Begin', "\\n+", "\\u00", 'e9"', "}"]
    deltas = [parsed(writer.write(ArgumentsDelta(0, piece))) for piece in pieces]
    assert [[event["delta"] for event in events] for events in deltas] == [
        [], ["*** Begin"], ["\n+"], [], ["é"], [],
    ]  # fmt: skip


def test_a_refusal_is_a_part_and_no_filter() -> None:
    events = told(*spread(answer(Refusal("I will not."), reason=StopReason.REFUSAL)))
    assert types(events)[3:7] == ["content_part.added", "refusal.delta", "refusal.done", "content_part.done"]
    assert events[-1]["type"] == "response.completed"
    assert events[-1]["response"]["output"][0]["content"] == [{"type": "refusal", "refusal": "I will not."}]


def test_sources_are_annotations_of_the_text_so_far() -> None:
    known = Citation(Format.ANTHROPIC, Raw(b"{}"), url="https://a.test", title="A")
    unknown = Citation(Format.ANTHROPIC, Raw(b"{}"), quote="of a document")
    events = told(
        BlockBegin(0, Text("")),
        TextDelta(0, "So."),
        CitationDelta(0, unknown),
        CitationDelta(0, known),
        FINISH,
    )
    (added,) = [event for event in events if event["type"] == "response.output_text.annotation.added"]
    assert added["annotation_index"] == 0
    cited = {"type": "url_citation", "url": "https://a.test", "title": "A", "start_index": 0, "end_index": 3}
    assert added["annotation"] == cited
    assert events[-1]["response"]["output"][0]["content"][0]["annotations"] == [cited]


def test_what_the_client_cannot_understand_is_left_out() -> None:
    theirs = Opaque(
        Format.ANTHROPIC, "server_tool_use", Raw(b'{"type":"server_tool_use","name":"web_search"}')
    )
    image = Image(Data("image/png", "AAAA"))
    events = told(*spread(answer(theirs, image, Text("Hi"))))
    assert [item["type"] for item in events[-1]["response"]["output"]] == ["message"]
    assert "web_search" not in json.dumps(events)


def test_waiting_is_told_by_comments() -> None:
    writer = StreamWriter(REPLY)
    assert writer.write(KeepAlive()) == b": keep-alive\n\n"
    assert [e["sequence_number"] for e in parsed(writer.write(BlockBegin(0, Text("Hi"))))] == [0, 1, 2, 3, 4]
    assert writer.write(KeepAlive()) == b": keep-alive\n\n"


def test_a_call_without_arguments_has_an_empty_object() -> None:
    events = told(BlockBegin(0, ToolCall("a", "look", "")), BlockEnd(0), FINISH)
    assert [e["delta"] for e in events if e["type"].endswith("arguments.delta")] == ["{}"]
    assert events[-1]["response"]["output"][0]["arguments"] == "{}"


def test_a_call_that_was_cut_off_is_not_complete() -> None:
    events = told(
        BlockBegin(0, ToolCall("a", "look", '{"a":')), BlockEnd(0), Finish(Stop(StopReason.MAX_TOKENS))
    )
    assert events[-1]["response"]["output"][0]["status"] == "incomplete"
