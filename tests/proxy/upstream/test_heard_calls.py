"""The calls that are heard in an answer are those that its client gets, whichever way it takes."""

import json
from collections.abc import Iterable
from typing import Any

import pytest

from proxy.upstream.back.heard import Heard
from proxy.upstream.back.passed import Passed
from proxy.upstream.back.translated import Translated
from proxy.upstream.back.way import Terms, WayBack
from proxy.upstream.back.whole import whole
from proxy.wire.assemble import spread
from proxy.wire.canonical import (
    Answer,
    Begin,
    BlockBegin,
    Event,
    Finish,
    Stop,
    StopReason,
    Text,
    ToolCall,
    Usage,
)
from proxy.wire.format import Format
from proxy.wire.sides import CLIENT, PROVIDER
from proxy.wire.target import Expecting, Reply

F = Format
SPOKEN = (F.ANTHROPIC, F.OPENAI_CHAT, F.RESPONSES, F.GEMINI)
REPLY = Reply(id="req_1", model="asked", created=1)
CALLS = ("toolu_1", "toolu_2")
ANSWER = Answer(
    format=F.ANTHROPIC,
    id="msg_1",
    model="model",
    content=(
        Text("Two calls."),
        ToolCall("toolu_1", "weather", '{"city":"Köln"}'),
        ToolCall("toolu_2", "weather", '{"id":"toolu_9"}'),
    ),
    stop=Stop(StopReason.TOOL_USE),
    usage=Usage(input=1, output=2),
)
WITHOUT_IDS = {
    F.GEMINI: json.dumps(
        {
            "candidates": [
                {
                    "content": {"parts": [{"functionCall": {"name": "weather", "args": {}}}] * 2},
                    "finishReason": "STOP",
                }
            ]
        }
    ).encode(),
    F.OLLAMA: json.dumps(
        {
            "model": "m",
            "message": {
                "content": "",
                "tool_calls": [{"function": {"name": "weather", "arguments": {}}}] * 2,
            },
            "done": True,
            "done_reason": "stop",
        }
    ).encode(),
}


def terms(provider: Format, client: Format, **more: Any) -> Terms:
    given: dict[str, Any] = {"same": provider is client, "streamed": True, "exchange_id": "req_1"}
    return Terms(
        provider_format=provider,
        client_format=client,
        reply=REPLY,
        expecting=Expecting(seed="req_1"),
        **{**given, **more},
    )


def told(format_: Format, answer: Answer = ANSWER) -> bytes:
    """As a provider tells it that speaks so."""
    writer = CLIENT[format_].stream_writer(REPLY)
    return b"".join(writer.write(event) for event in spread(answer))


def got(format_: Format, stream: bytes) -> list[str]:
    """The ids that a client finds in what it gets, and sends back."""
    reader = PROVIDER[format_].stream_reader(Expecting(seed="the client's own"))
    events: list[Event] = [*reader.feed(stream), *reader.end()]
    assert any(isinstance(event, Finish) for event in events)
    return _ids(event.block for event in events if isinstance(event, BlockBegin))


def _ids(blocks: Iterable[Any]) -> list[str]:
    return [block.id for block in blocks if isinstance(block, ToolCall)]


def fed(way: WayBack, stream: bytes, size: int) -> bytes:
    pieces = [stream[start : start + size] for start in range(0, len(stream), size)]
    return b"".join([*(way.feed(piece) for piece in pieces), way.end()])


@pytest.mark.parametrize("size", [1, 7, 100_000])
@pytest.mark.parametrize("format_", SPOKEN)
def test_in_a_stream_that_is_passed_on(format_: Format, size: int) -> None:
    way = Passed(terms(format_, format_))
    stream = fed(way, told(format_), size)
    assert way.heard.calls == got(format_, stream) == list(CALLS)


@pytest.mark.parametrize("size", [1, 7, 100_000])
@pytest.mark.parametrize("client", SPOKEN)
@pytest.mark.parametrize("provider", SPOKEN)
def test_in_a_stream_told_in_other_words(provider: Format, client: Format, size: int) -> None:
    way = Translated(terms(provider, client, same=False))
    stream = fed(way, told(provider), size)
    assert way.heard.calls == got(client, stream) == list(CALLS)


@pytest.mark.parametrize("client", SPOKEN)
@pytest.mark.parametrize("provider", list(WITHOUT_IDS))
def test_where_the_provider_gives_no_ids_the_client_gets_ours(provider: Format, client: Format) -> None:
    said = WITHOUT_IDS[provider]
    way = Translated(terms(provider, client, same=False))
    stream = fed(way, b"data: " + said + b"\n\n" if provider is F.GEMINI else said + b"\n", 10)
    heard = whole(said, terms(provider, client, same=False, streamed=False), came_as_stream=False).heard
    assert way.heard.calls == got(client, stream) == heard.calls
    assert len(set(way.heard.calls)) == 2


@pytest.mark.parametrize("client", SPOKEN)
def test_in_what_a_local_model_wrote_as_text(client: Format) -> None:
    text = 'Well. <tool_call>{"name": "weather", "arguments": {"city": "Bonn"}}</tool_call>'
    answer = Answer(format=F.OPENAI_CHAT, content=(Text(text),), stop=Stop(StopReason.END_TURN))
    way = Translated(terms(F.OPENAI_CHAT, client, same=False, tools={"weather": None}))
    stream = fed(way, told(F.OPENAI_CHAT, answer), 5)
    assert way.heard.calls == got(client, stream)
    assert len(way.heard.calls) == 1


@pytest.mark.parametrize("client", SPOKEN)
@pytest.mark.parametrize("provider", SPOKEN)
@pytest.mark.parametrize("streamed", [False, True])
def test_in_an_answer_in_one_piece(provider: Format, client: Format, streamed: bool) -> None:
    body = CLIENT[provider].write_answer(ANSWER, REPLY)
    result = whole(body, terms(provider, client, streamed=streamed), came_as_stream=False)
    if streamed:
        assert got(client, result.body) == list(CALLS)
    else:
        assert _ids(PROVIDER[client].read_answer(result.body, Expecting()).content) == list(CALLS)
    assert result.heard.calls == list(CALLS)


@pytest.mark.parametrize("format_", SPOKEN)
def test_an_answer_without_calls_awaits_no_result(format_: Format) -> None:
    answer = Answer(
        format=format_, content=(Text('{"tool_use": "toolu_1"}'),), stop=Stop(StopReason.END_TURN)
    )
    way = Passed(terms(format_, format_))
    fed(way, told(format_, answer), 50)
    assert way.heard.calls == []


def test_no_more_is_heard_than_can_be_remembered() -> None:
    heard = Heard()
    heard.note([Begin(), *(BlockBegin(n, ToolCall(f"call_{n}", "weather", "")) for n in range(300))])
    assert heard.calls == [f"call_{n}" for n in range(256)]
