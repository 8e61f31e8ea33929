"""How a provider's stream is read, with all that providers make of the format."""

import pytest

from proxy.wire.canonical import (
    Begin,
    BlockBegin,
    BlockEnd,
    CitationDelta,
    Failed,
    Finish,
    KeepAlive,
    RedactedThinking,
    Refusal,
    Stop,
    StopReason,
    Text,
    TextDelta,
    Thinking,
    Usage,
)
from proxy.wire.failure import FailureKind
from tests.proxy.wire.openai_chat.chunks import (
    DONE,
    answer_of,
    call,
    calling,
    delta,
    events_of,
    sent,
)

COUNTS = {"prompt_tokens": 10, "completion_tokens": 5, "prompt_tokens_details": {"cached_tokens": 4}}
COUNTED = Usage(input=6, cache_read=4, output=5)
END = Stop(StopReason.END_TURN)


def test_a_stream_by_the_book() -> None:
    events = events_of(
        delta(role="assistant", content=""),
        delta(content="Hel"),
        delta(content="lo"),
        delta("stop"),
        sent({"id": "cmpl-1", "choices": [], "usage": COUNTS}),
        DONE,
    )
    assert events == [
        Begin("cmpl-1", "served"),
        BlockBegin(0, Text("")),
        TextDelta(0, "Hel"),
        TextDelta(0, "lo"),
        BlockEnd(0),
        Finish(END, COUNTED),
    ]


def test_azure_says_who_serves_only_after_its_filters() -> None:
    filters = sent({"id": "", "model": "", "choices": [], "prompt_filter_results": []})
    assert events_of(filters, delta(content="x"), delta("stop"), DONE)[0] == Begin("cmpl-1", "served")


@pytest.mark.parametrize(
    "ending",
    [
        [delta("stop"), sent({"choices": [], "usage": COUNTS}), DONE],
        [delta("stop"), sent({"choices": None, "usage": COUNTS}), DONE],
        [delta("stop"), sent({"usage": COUNTS}), DONE],
        [sent({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}], "usage": COUNTS}), DONE],
        [sent({"choices": [{"index": 0, "finish_reason": "stop"}], "usage": COUNTS})],
        [sent({"choices": [], "usage": COUNTS}), delta("stop"), DONE],
        [delta("stop"), sent({"choices": [], "usage": COUNTS}), sent({"choices": [], "usage": None}), DONE],
        [sent({"choices": [], "usage": {"prompt_tokens": 1}}), delta("stop"), sent({"usage": COUNTS})],
    ],
    ids=[
        "own chunk",
        "null choices",
        "no choices",
        "with finish",
        "no DONE",
        "early",
        "null last",
        "growing",
    ],
)
def test_finish_and_usage_may_come_together_or_apart(ending: list[bytes]) -> None:
    assert events_of(delta(content="x"), *ending)[-1] == Finish(END, COUNTED)


def test_missing_usage_is_unknown() -> None:
    assert events_of(delta(content="x"), delta("stop"), DONE)[-1] == Finish(END)


def test_llama_cpp_counts_by_the_stopwatch() -> None:
    timings = {"prompt_n": 3, "cache_n": 20, "predicted_n": 7, "predicted_per_second": 11.5}
    last = {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}], "timings": timings}
    assert answer_of(delta(content="x"), sent(last), DONE).usage == Usage(input=3, cache_read=20, output=7)


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        ("stop", StopReason.END_TURN),
        ("length", StopReason.MAX_TOKENS),
        ("content_filter", StopReason.CONTENT_FILTER),
        ("tool_calls", StopReason.END_TURN),
        ("never heard of", StopReason.END_TURN),
    ],
)
def test_reasons_for_stopping(word: str, reason: StopReason) -> None:
    assert answer_of(delta(content="x"), delta(word), DONE).stop == Stop(reason)


@pytest.mark.parametrize("word", ["stop", "tool_calls", "function_call"])
def test_calls_make_it_tool_use_whatever_the_provider_says(word: str) -> None:
    stop = answer_of(calling(call("{}", index=0, id_="c", name="f")), delta(word), DONE).stop
    assert stop == Stop(StopReason.TOOL_USE)


def test_vllm_says_which_stop_sequence_it_was() -> None:
    last = {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop", "stop_reason": "END"}]}
    assert answer_of(delta(content="x"), sent(last), DONE).stop == Stop(StopReason.STOP_SEQUENCE, "END")


def test_done_without_a_reason_ends_what_was_said() -> None:
    assert events_of(delta(content="x"), DONE)[-1] == Finish(END)
    assert answer_of(calling(call("{}", index=0, id_="c", name="f")), DONE).stop.reason is StopReason.TOOL_USE


@pytest.mark.parametrize(
    "chunks",
    [
        [],
        [DONE],
        [delta(role="assistant"), DONE],
        [delta(content="half")],
        [delta(content="half"), b'data: {"choices": [{"ind'],
        [b": comment\n\n"],
        [calling(call('{"a":', index=0, id_="c", name="f"))],
        [calling(call(index=0, id_="c", name="f"))],
    ],
)
def test_a_stream_without_its_end_has_broken_off(chunks: list[bytes]) -> None:
    last = events_of(*chunks)[-1]
    assert isinstance(last, Failed)
    assert last.failure.kind is FailureKind.BROKEN_OFF


@pytest.mark.parametrize("half", [b"", b"data: [DO", b'data: {"choices": [], "usa', DONE[:-1]])
def test_after_a_finish_the_end_of_the_stream_is_enough(half: bytes) -> None:
    assert events_of(delta(content="x"), delta("stop"), half)[-1] == Finish(END)


def test_nothing_follows_the_end() -> None:
    chunks = [delta(content="x"), delta("stop"), DONE]
    assert events_of(*chunks, delta(content="more"), DONE) == events_of(*chunks)


@pytest.mark.parametrize(
    "error",
    [
        sent({"error": {"message": "Overloaded", "code": 503}}),
        sent({"error": "Overloaded, try again"}),
        sent({"id": "x", "error": {"code": 502, "message": "gone"}, "choices": [{"finish_reason": "error"}]}),
        sent(
            {"choices": [{"index": 0, "finish_reason": "error", "error": {"code": 502, "message": "gone"}}]}
        ),
        sent({"choices": [{"index": 0, "delta": {}, "finish_reason": "error"}]}),
        sent({"choices": [{"index": 0, "delta": {}, "finish_reason": "insufficient_system_resource"}]}),
        b'error: {"code": 500, "message": "gone", "type": "server_error"}\n\n',
        sent({"object": "error", "message": "gone", "code": 500}),
        b"data: not JSON\n\n",
    ],
)
def test_an_error_in_the_stream_is_its_end(error: bytes) -> None:
    events = events_of(delta(content="x"), error, delta(content="y"), DONE)
    assert isinstance(events[-1], Failed)
    assert events[-1].failure.sentence
    assert [type(event) for event in events[:-1]] == [Begin, BlockBegin, TextDelta]


def test_thinking_text_and_refusals_are_blocks_one_after_the_other() -> None:
    answer = answer_of(
        delta(role="assistant", content=None, reasoning_content="h"),
        delta(reasoning_content="m", content=None),
        delta(content="", reasoning_content=None),
        delta(content="ok"),
        delta(reasoning="more"),
        delta(refusal="no"),
        delta("stop"),
        DONE,
    )
    assert answer.content == (Thinking("hm"), Text("ok"), Thinking("more"), Refusal("no"))
    assert answer.stop == Stop(StopReason.REFUSAL)


def test_openrouter_says_its_thinking_twice_and_it_is_heard_once() -> None:
    detail = {"type": "reasoning.text", "index": 0, "format": "some-v1"}
    answer = answer_of(
        delta(reasoning="h", reasoning_details=[{**detail, "text": "h"}]),
        delta(reasoning="m", reasoning_details=[{**detail, "text": "m"}]),
        delta(reasoning_details=[{**detail, "signature": "sig"}]),
        delta(reasoning_details=[{"type": "reasoning.encrypted", "data": "secret"}]),
        delta(content="ok"),
        delta("stop"),
        DONE,
    )
    assert answer.content == (Thinking("hm", "sig"), RedactedThinking("secret"), Text("ok"))


def test_a_signature_after_its_thought_has_ended_signs_nothing_else() -> None:
    answer = answer_of(
        delta(reasoning="hm"),
        delta(content="ok"),
        delta(reasoning_details=[{"type": "reasoning.text", "signature": "sig"}]),
        delta("stop"),
        DONE,
    )
    assert answer.content == (Thinking("hm"), Text("ok"))


def test_mistral_thinks_in_parts_of_the_content() -> None:
    answer = answer_of(
        delta(content=[{"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]}]),
        delta(content=[{"type": "text", "text": "o"}, {"type": "reference", "reference_ids": [1]}]),
        delta(content="k"),
        delta("stop"),
        DONE,
    )
    assert answer.content == (Thinking("hm"), Text("ok"))


def test_citations_belong_to_the_open_text() -> None:
    cited = {"type": "url_citation", "url_citation": {"url": "https://x.test", "title": "X"}}
    events = events_of(delta(content="x"), delta(annotations=[cited]), delta("stop"), DONE)
    [citation] = [event.citation for event in events if isinstance(event, CitationDelta)]
    assert (citation.url, citation.title) == ("https://x.test", "X")


def test_only_the_first_choice_is_heard() -> None:
    other = sent({"choices": [{"index": 1, "delta": {"content": "other"}, "finish_reason": "length"}]})
    both = {"choices": [{"index": 1, "delta": {"content": "o"}}, {"index": 0, "delta": {"content": "y"}}]}
    answer = answer_of(delta(content="x"), other, sent(both), delta("stop"), DONE)
    assert (answer.content, answer.stop) == ((Text("xy"),), END)


def test_the_whole_message_in_one_chunk() -> None:
    message = {"role": "assistant", "content": "hi"}
    whole = {"id": "c", "choices": [{"index": 0, "message": message, "finish_reason": "stop"}]}
    assert answer_of(sent(whole), DONE).content == (Text("hi"),)


def test_an_empty_event_is_a_sign_of_life() -> None:
    assert events_of(b"data: \n\n", delta(content="x"), delta("stop"))[0] == KeepAlive()


def test_an_answer_without_any_content_is_still_an_answer() -> None:
    assert events_of(delta("stop"), DONE) == [Begin("cmpl-1", "served"), Finish(END)]
