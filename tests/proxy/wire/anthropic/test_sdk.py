"""The official SDK reads every answer and every stream that is written here."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anthropic
import pytest
from msgspec import Raw

from proxy.wire.anthropic.errors import error_body
from proxy.wire.anthropic.write_answer import write_answer
from proxy.wire.anthropic.write_stream import StreamWriter
from proxy.wire.assemble import spread
from proxy.wire.canonical import (
    Answer,
    BlockBegin,
    Citation,
    Failed,
    Opaque,
    RedactedThinking,
    Stop,
    StopReason,
    Text,
    TextDelta,
    Thinking,
    ToolCall,
    Usage,
)
from proxy.wire.failure import Failure, FailureKind
from proxy.wire.format import Format
from proxy.wire.target import Reply
from tests.fakes.provider import Script, fake_provider, stream, whole

REPLY = Reply(id="req_1", model="asked-for", created=1)
LOCATION = Raw(
    b'{"type":"char_location","cited_text":"q","document_index":0,"document_title":null,'
    b'"start_char_index":0,"end_char_index":1,"file_id":null}'
)
SEARCH = Raw(b'{"type":"server_tool_use","id":"srvtoolu_1","name":"web_search","input":{"query":"q"}}')
ANSWER = Answer(
    format=Format.ANTHROPIC,
    id="msg_1",
    content=(
        Thinking("let me see", "c2lnbmVk"),
        RedactedThinking("c2VjcmV0"),
        Text("Hällo 🎈\n", (Citation(Format.ANTHROPIC, LOCATION),)),
        Opaque(Format.ANTHROPIC, "server_tool_use", SEARCH),
        ToolCall("toolu_1", "read", '{"path": "a/b", "deep": {"x": [1, null]}}'),
        ToolCall("toolu_2", "list", "{}"),
    ),
    stop=Stop(StopReason.TOOL_USE),
    usage=Usage(input=10, cache_read=5, cache_write=3, cache_write_1h=1, output=7, reasoning=2),
)


@asynccontextmanager
async def client_of(script: Script) -> AsyncIterator[anthropic.AsyncAnthropic]:
    async with (
        fake_provider(script) as provider,
        anthropic.AsyncAnthropic(base_url=provider.url, api_key="k", max_retries=0) as client,
    ):
        yield client


async def streamed(client: anthropic.AsyncAnthropic) -> anthropic.types.Message:
    async with client.messages.stream(
        model="asked-for", max_tokens=9, messages=[{"role": "user", "content": "hi"}]
    ) as told:
        return await told.get_final_message()


def check(message: anthropic.types.Message) -> None:
    thinking, redacted, text, search, read, listed = message.content
    assert isinstance(thinking, anthropic.types.ThinkingBlock)
    assert (thinking.thinking, thinking.signature) == ("let me see", "c2lnbmVk")
    assert isinstance(redacted, anthropic.types.RedactedThinkingBlock)
    assert redacted.data == "c2VjcmV0"
    assert isinstance(text, anthropic.types.TextBlock)
    assert text.text == "Hällo 🎈\n"
    assert [citation.type for citation in text.citations or []] == ["char_location"]
    assert isinstance(search, anthropic.types.ServerToolUseBlock)
    assert search.input == {"query": "q"}
    assert isinstance(read, anthropic.types.ToolUseBlock)
    assert (read.id, read.name, read.input) == ("toolu_1", "read", {"path": "a/b", "deep": {"x": [1, None]}})
    assert isinstance(listed, anthropic.types.ToolUseBlock)
    assert (listed.id, listed.input) == ("toolu_2", {})
    assert message.stop_reason == "tool_use"
    assert message.model == "asked-for"
    usage = message.usage
    assert (usage.input_tokens, usage.cache_read_input_tokens, usage.cache_creation_input_tokens) == (
        10,
        5,
        3,
    )
    assert usage.output_tokens == 7
    assert usage.output_tokens_details is not None
    assert usage.output_tokens_details.thinking_tokens == 2


async def test_a_whole_answer() -> None:
    async with client_of(whole(write_answer(ANSWER, REPLY))) as client:
        check(
            await client.messages.create(
                model="asked-for", max_tokens=9, messages=[{"role": "user", "content": "hi"}]
            )
        )


async def test_a_stream() -> None:
    writer = StreamWriter(REPLY)
    pieces = [writer.write(event) for event in spread(ANSWER)]
    async with client_of(stream(*filter(None, pieces))) as client:
        check(await streamed(client))


async def test_a_failure_in_the_middle_of_a_stream_is_an_error_of_the_sdk() -> None:
    writer = StreamWriter(REPLY)
    failure = Failed(Failure(FailureKind.OVERLOADED, "Too busy."))
    events = [BlockBegin(0, Text("")), TextDelta(0, "so far"), failure]
    async with client_of(stream(*(writer.write(event) for event in events if event))) as client:
        with pytest.raises(anthropic.APIStatusError, match=r"Too busy\."):
            await streamed(client)


async def test_a_call_that_is_no_json_is_an_error_and_not_a_frozen_client() -> None:
    writer = StreamWriter(REPLY)
    broken = Answer(
        format=Format.OPENAI_CHAT,
        content=(ToolCall("toolu_1", "read", '{"path": '),),
        stop=Stop(StopReason.TOOL_USE),
    )
    pieces = [writer.write(event) for event in spread(broken)]
    async with client_of(stream(*filter(None, pieces))) as client:
        with pytest.raises(anthropic.APIStatusError, match="not a JSON object"):
            await streamed(client)


async def test_an_answer_cut_off_within_a_call_is_still_read() -> None:
    writer = StreamWriter(REPLY)
    cut = Answer(
        format=Format.OPENAI_CHAT,
        content=(ToolCall("toolu_1", "read", '{"path": "a'),),
        stop=Stop(StopReason.MAX_TOKENS),
    )
    pieces = [writer.write(event) for event in spread(cut)]
    async with client_of(stream(*filter(None, pieces))) as client:
        assert (await streamed(client)).stop_reason == "max_tokens"


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        (FailureKind.BAD_REQUEST, anthropic.BadRequestError),
        (FailureKind.UNAUTHENTICATED, anthropic.AuthenticationError),
        (FailureKind.NOT_FOUND, anthropic.NotFoundError),
        (FailureKind.RATE_LIMIT, anthropic.RateLimitError),
        (FailureKind.SERVER, anthropic.InternalServerError),
    ],
)
async def test_errors_are_the_sdks_own(kind: FailureKind, error: type[anthropic.APIStatusError]) -> None:
    failure = Failure(kind, "Say what to do.")
    body = error_body(failure, "req_1")
    async with client_of(whole(body, status=failure.status)) as client:
        with pytest.raises(error, match=r"Say what to do\.") as caught:
            await streamed(client)
    assert json.loads(body) == caught.value.body
