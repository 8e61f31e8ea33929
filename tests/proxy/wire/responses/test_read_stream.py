"""What the streams of providers mean, OpenAI's and those of the careless."""

import pytest
from msgspec import Raw

from proxy.wire.canonical import (
    ArgumentsDelta,
    Begin,
    BlockBegin,
    BlockEnd,
    Failed,
    Finish,
    Opaque,
    RedactedThinking,
    Refusal,
    SignatureDelta,
    Stop,
    StopReason,
    Text,
    TextDelta,
    Thinking,
    ThinkingDelta,
    ToolCall,
    ToolRef,
    Usage,
)
from proxy.wire.failure import FailureKind
from proxy.wire.format import Format
from proxy.wire.target import ToolNames
from tests.proxy.wire.responses.bodies import plain, read, sse
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


def test_an_answer_with_everything() -> None:
    summary = [{"type": "summary_text", "text": "one"}, {"type": "summary_text", "text": "two"}]
    reasoning = {"type": "reasoning", "id": "rs_1", "summary": summary, "encrypted_content": "sealed"}
    search = {"type": "web_search_call", "id": "ws_1", "status": "completed"}
    usage = {
        "input_tokens": 100,
        "input_tokens_details": {"cached_tokens": 60},
        "output_tokens": 20,
        "output_tokens_details": {"reasoning_tokens": 5},
    }
    assert read(
        CREATED,
        {"type": "response.in_progress", "response": {"id": "resp_1", "model": "gpt"}},
        added(0, type="reasoning", id="rs_1", summary=[], encrypted_content="half"),
        {"type": "response.reasoning_summary_part.added", "output_index": 0, "summary_index": 0},
        delta("reasoning_summary_text", "one", 0, summary_index=0),
        {"type": "response.reasoning_summary_text.done", "output_index": 0, "text": "one"},
        delta("reasoning_summary_text", "two", 0, summary_index=1),
        done(0, **reasoning),
        added(1, type="web_search_call", id="ws_1", status="in_progress"),
        {"type": "response.web_search_call.searching", "output_index": 1, "item_id": "ws_1"},
        done(1, **search),
        added(2, **{**message(""), "content": []}),
        {"type": "response.content_part.added", "output_index": 2, "content_index": 0, "part": part("")},
        delta("output_text", "He", 2, content_index=0, obfuscation="x"),
        delta("output_text", "llo", 2, content_index=0),
        {"type": "response.output_text.done", "output_index": 2, "content_index": 0, "text": "Hello"},
        {"type": "response.content_part.done", "output_index": 2, "content_index": 0, "part": part("Hello")},
        done(2, **message("Hello")),
        added(3, **call("")),
        delta("function_call_arguments", '{"a"', 3),
        delta("function_call_arguments", ":1}", 3),
        {"type": "response.function_call_arguments.done", "output_index": 3, "arguments": '{"a":1}'},
        done(3, **call('{"a":1}')),
        completed(reasoning, search, message("Hello"), call('{"a":1}'), usage=usage),
    ) == [
        Begin("resp_1", "gpt"),
        BlockBegin(0, Thinking("", id="rs_1")),
        ThinkingDelta(0, "one"),
        ThinkingDelta(0, "\n\ntwo"),
        SignatureDelta(0, "sealed"),
        BlockEnd(0),
        BlockBegin(1, Opaque(Format.RESPONSES, "web_search_call", _raw(search))),
        BlockEnd(1),
        BlockBegin(2, Text("")),
        TextDelta(2, "He"),
        TextDelta(2, "llo"),
        BlockEnd(2),
        BlockBegin(3, ToolCall("call_1", "look", "", item_id="fc_1")),
        ArgumentsDelta(3, '{"a"'),
        ArgumentsDelta(3, ":1}"),
        BlockEnd(3),
        Finish(Stop(StopReason.TOOL_USE), Usage(input=40, cache_read=60, output=20, reasoning=5)),
    ]


def _raw(value: Data) -> Raw:
    return Raw(sse(value).removeprefix(b"data: ").strip())


def test_parallel_calls_keep_their_own_arguments_when_they_interleave() -> None:
    answer = answered(
        CREATED,
        added(0, **call("")),
        added(1, **call("", "fc_2", "call_2")),
        delta("function_call_arguments", '{"a":', 0),
        delta("function_call_arguments", '{"b":', 1),
        delta("function_call_arguments", "1}", 0),
        delta("function_call_arguments", "2}", 1),
        done(0, **call('{"a":1}')),
        done(1, **call('{"b":2}', "fc_2", "call_2")),
        completed(),
    )
    assert [block.arguments for block in answer.content if isinstance(block, ToolCall)] == [
        '{"a":1}',
        '{"b":2}',
    ]


def test_a_message_of_two_parts_is_two_texts() -> None:
    two = {**message("one"), "content": [part("one"), part("two")]}
    expected = (Text("one"), Text("two"))
    assert answered(CREATED, completed(two)).content == expected
    streamed = answered(
        CREATED,
        added(0, **{**two, "content": []}),
        delta("output_text", "one", 0, content_index=0),
        delta("output_text", "two", 0, content_index=1),
        done(0, **two),
        completed(two),
    )
    assert streamed.content == expected


def test_a_refusal_is_one() -> None:
    refusal = {**message(""), "content": [{"type": "refusal", "refusal": "I will not."}]}
    for events in ([delta("refusal", "I will", 0), done(0, **refusal)], []):
        answer = answered(CREATED, *events, completed(refusal))
        assert answer.content == (Refusal("I will not."),)
        assert answer.stop == Stop(StopReason.REFUSAL)


def test_citations_come_once() -> None:
    cited = {"type": "url_citation", "url": "https://a.test", "title": "A", "start_index": 0, "end_index": 1}
    whole = {**message("x"), "content": [{**part("x"), "annotations": [cited]}]}
    event = {"type": "response.output_text.annotation.added", "output_index": 0, "annotation": cited}
    for events in ([delta("output_text", "x", 0), event], [delta("output_text", "x", 0)], []):
        (text,) = answered(CREATED, *events, done(0, **whole), completed(whole)).content
        assert isinstance(text, Text)
        assert [(c.url, c.title, plain(c.raw)) for c in text.citations] == [("https://a.test", "A", cited)]


def test_a_custom_call_is_an_object_with_its_text() -> None:
    whole = {
        "type": "custom_tool_call",
        "id": "ctc_1",
        "call_id": "call_1",
        "name": "patch",
        "input": 'a\n"b"',
    }
    kind = "custom_tool_call_input"
    for events in (
        [added(0, **{**whole, "input": ""}), delta(kind, "a\n", 0), delta(kind, '"b"', 0), done(0, **whole)],
        [done(0, **whole)],
        [],
    ):
        (block,) = answered(CREATED, *events, completed(whole)).content
        assert block == ToolCall("call_1", "patch", '{"input":"a\\n\\"b\\""}', custom=True, item_id="ctc_1")


def test_calls_have_the_names_the_client_knows() -> None:
    names = ToolNames({"docs__find": ToolRef("find", "docs"), "patch": ToolRef("patch", custom=True)})
    namespaced = {**call(name="find"), "namespace": "docs"}
    answer = answered(CREATED, completed(namespaced, call("{}", "b", "b", "docs__find")), names=names)
    assert [(b.namespace, b.name) for b in answer.content if isinstance(b, ToolCall)] == [
        ("docs", "find")
    ] * 2


def test_redacted_thinking_that_went_through_this_format_is_known_again() -> None:
    item = {"type": "reasoning", "summary": [], "encrypted_content": "redacted_thinking:AAAA"}
    for events in ([added(0, **item), done(0, **item)], []):
        assert answered(CREATED, *events, completed(item)).content == (RedactedThinking("AAAA"),)


@pytest.mark.parametrize(
    ("response", "reason"),
    [
        (
            {"status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}},
            StopReason.MAX_TOKENS,
        ),
        (
            {"status": "incomplete", "incomplete_details": {"reason": "content_filter"}},
            StopReason.CONTENT_FILTER,
        ),
        ({"status": "incomplete"}, StopReason.MAX_TOKENS),
        ({}, StopReason.MAX_TOKENS),
    ],
)
def test_an_incomplete_response_says_why(response: Data, reason: StopReason) -> None:
    events = read(CREATED, delta("output_text", "Hi"), {"type": "response.incomplete", "response": response})
    assert events[-2:] == [BlockEnd(0), Finish(Stop(reason))]


def test_a_cancelled_response_is_no_answer() -> None:
    *_, last = read(CREATED, {"type": "response.cancelled", "response": {"status": "cancelled"}})
    assert isinstance(last, Failed)
    assert last.failure.kind is FailureKind.BROKEN_OFF
