"""Streams of ConverseStream: what each event means."""

import msgspec
from msgspec import Raw

from proxy.wire.assemble import collected
from proxy.wire.bedrock.read_stream import stream_reader
from proxy.wire.canonical import (
    UNKNOWN,
    ArgumentsDelta,
    Begin,
    BlockBegin,
    BlockEnd,
    Citation,
    CitationDelta,
    Event,
    Finish,
    Opaque,
    RedactedThinking,
    SignatureDelta,
    Stop,
    StopReason,
    Text,
    TextDelta,
    Thinking,
    ThinkingDelta,
    ToolCall,
    ToolRef,
)
from proxy.wire.format import Format
from proxy.wire.target import Expecting, ToolNames
from tests.proxy.wire.bedrock.speaking import begun, delta
from tests.proxy.wire.bedrock.streaming import COUNTS, START, USAGE, ended, read, stopped
from tests.proxy.wire.framing.frames import event, frame


def inside(*frames: bytes) -> list[Event]:
    """The events between the beginning and the end of a stream of these frames."""
    first, *events, last = read(START, *frames, stopped(), COUNTS)
    assert first == Begin()
    assert isinstance(last, Finish)
    return events


def test_text_begins_with_what_is_first_said_of_it() -> None:
    assert inside(delta(0, text="Hel"), delta(0, text="lo"), ended(0)) == [
        BlockBegin(0, Text("")),
        TextDelta(0, "Hel"),
        TextDelta(0, "lo"),
        BlockEnd(0),
    ]


def test_thinking_comes_with_its_signature() -> None:
    frames = (
        delta(0, reasoningContent={"text": "Hm"}),
        delta(0, reasoningContent={"text": "."}),
        delta(0, reasoningContent={"signature": "c2ln"}),
        ended(0),
    )
    assert inside(*frames) == [
        BlockBegin(0, Thinking("")),
        ThinkingDelta(0, "Hm"),
        ThinkingDelta(0, "."),
        SignatureDelta(0, "c2ln"),
        BlockEnd(0),
    ]


def test_redacted_thinking_is_told_in_one_piece() -> None:
    frames = (
        delta(0, reasoningContent={"redactedContent": "AAE="}),
        delta(0, reasoningContent={"redactedContent": "Ag=="}),
        ended(0),
        delta(1, reasoningContent={"redactedContent": "byte-exact"}),
        ended(1),
    )
    assert inside(*frames) == [
        BlockBegin(0, RedactedThinking("AAEC")),
        BlockEnd(0),
        BlockBegin(1, RedactedThinking("byte-exact")),
        BlockEnd(1),
    ]


def test_parallel_calls_are_kept_apart() -> None:
    frames = (
        delta(0, text="I look."),
        begun(1, toolUse={"toolUseId": "a", "name": "look"}),
        begun(2, toolUse={"toolUseId": "b", "name": "look"}),
        delta(1, toolUse={"input": '{"x"'}),
        delta(2, toolUse={"input": '{"y":2}'}),
        delta(1, toolUse={"input": ":1}"}),
        ended(0),
        ended(2),
        ended(1),
    )
    events = read(START, *frames, stopped("tool_use"), COUNTS)
    assert collected(events, Format.BEDROCK).content == (
        Text("I look."),
        ToolCall("a", "look", '{"x":1}'),
        ToolCall("b", "look", '{"y":2}'),
    )
    assert ArgumentsDelta(2, '{"y":2}') in events


def test_a_call_without_input_has_an_empty_object() -> None:
    frames = (begun(0, toolUse={"toolUseId": "a", "name": "look"}), delta(0, toolUse={"input": ""}), ended(0))
    assert inside(*frames) == [
        BlockBegin(0, ToolCall("a", "look", "")),
        ArgumentsDelta(0, "{}"),
        BlockEnd(0),
    ]


def test_a_tool_has_the_name_that_the_client_gave_it() -> None:
    names = ToolNames({"group__look": ToolRef("look", "group")})
    events = read(
        START,
        begun(0, toolUse={"name": "group__look"}),
        ended(0),
        stopped(),
        expecting=Expecting(names=names, seed="1"),
    )
    block = events[1].block
    assert (block.name, block.namespace) == ("look", "group")
    assert block.id.startswith("tooluse_")


def test_what_the_providers_own_tools_do_is_no_call() -> None:
    frames = (
        begun(0, toolUse={"toolUseId": "t", "name": "grounding", "type": "server_tool_use"}),
        delta(0, toolUse={"input": '{"q":1}'}),
        ended(0),
        begun(1, toolResult={"toolUseId": "t"}),
        delta(1, toolResult=[{"text": "found"}]),
        ended(1),
        delta(2, text="Found."),
        ended(2),
    )
    events = inside(*frames)
    assert [type(event) for event in events[:4]] == [BlockBegin, BlockEnd, BlockBegin, BlockEnd]
    assert all(isinstance(event.block, Opaque) for event in events[:4] if isinstance(event, BlockBegin))
    assert events[4:] == [BlockBegin(2, Text("")), TextDelta(2, "Found."), BlockEnd(2)]


def test_citations_stand_with_their_text() -> None:
    cited = {"title": "Page", "location": {"web": {"url": "https://example.test/"}}}
    citation = Citation(
        Format.BEDROCK, Raw(msgspec.json.encode(cited)), url="https://example.test/", title="Page"
    )
    assert inside(delta(0, text="As said"), delta(0, citation=cited), ended(0)) == [
        BlockBegin(0, Text("")),
        TextDelta(0, "As said"),
        CitationDelta(0, citation),
        BlockEnd(0),
    ]


def test_empty_text_begins_no_block() -> None:
    assert inside(delta(0, text=""), ended(0), delta(1, reasoningContent={"text": ""}), ended(1)) == []


def test_blocks_that_were_left_open_end_before_the_answer() -> None:
    frames = (delta(0, text="x"), begun(1, toolUse={"toolUseId": "a", "name": "look"}))
    assert inside(*frames)[-3:] == [BlockEnd(0), ArgumentsDelta(1, "{}"), BlockEnd(1)]


def test_usage_comes_after_the_reason_to_stop() -> None:
    reader = stream_reader(Expecting())
    assert reader.feed(START + delta(0, text="x") + ended(0) + stopped())[-1] == BlockEnd(0)
    assert reader.feed(COUNTS) == [Finish(Stop(StopReason.END_TURN), USAGE)]
    assert reader.feed(delta(1, text="too late")) == []
    assert reader.end() == []


def test_an_answer_without_counts_is_complete_with_unknown_usage() -> None:
    assert read(START, delta(0, text="x"), ended(0), stopped("max_tokens"))[-1] == Finish(
        Stop(StopReason.MAX_TOKENS), UNKNOWN
    )


def test_the_stop_sequence_is_told() -> None:
    fields = {"stop_sequence": "END"}
    events = read(START, stopped("stop_sequence", additionalModelResponseFields=fields), COUNTS)
    assert events[-1] == Finish(Stop(StopReason.STOP_SEQUENCE, "END"), USAGE)


def test_calls_decide_whether_the_answer_stops_for_them() -> None:
    call = (begun(0, toolUse={"toolUseId": "a", "name": "look"}), ended(0))
    assert read(START, *call, stopped("end_turn"), COUNTS)[-1] == Finish(Stop(StopReason.TOOL_USE), USAGE)
    assert read(START, stopped("tool_use"), COUNTS)[-1] == Finish(Stop(StopReason.END_TURN), USAGE)


def test_unknown_events_are_passed_over() -> None:
    assert inside(event("initial-response", b"{}"), event("novelty", b"no json"), frame({})) == []


def test_a_stream_that_does_not_say_that_it_starts_begins_nonetheless() -> None:
    assert read(delta(0, text="x"))[:2] == [Begin(), BlockBegin(0, Text(""))]
