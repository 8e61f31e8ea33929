"""The official SDK sends what we read, and understands what we write."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import openai
import pytest
from openai.types.chat import ChatCompletionChunk

from proxy.wire.assemble import spread
from proxy.wire.canonical import (
    Answer,
    Begin,
    Block,
    BlockBegin,
    Data,
    Event,
    Failed,
    Image,
    Refusal,
    Stop,
    StopReason,
    Text,
    TextDelta,
    Thinking,
    ToolCall,
    ToolResult,
    Usage,
)
from proxy.wire.failure import Failure, FailureKind
from proxy.wire.format import Format
from proxy.wire.openai_chat.errors import error_body
from proxy.wire.openai_chat.read_request import read_request
from proxy.wire.openai_chat.write_answer import write_answer
from proxy.wire.openai_chat.write_stream import StreamWriter
from proxy.wire.target import Reply
from tests.fakes.provider import FakeProvider, Script, fake_provider, stream, whole

REPLY = Reply(id="req_1", model="asked-for", created=1_700_000_000)
ASKED: Any = {"model": "asked-for", "messages": [{"role": "user", "content": "hi"}]}
USED = Usage(input=3, cache_read=4, output=2, reasoning=1)
PARALLEL = (
    Thinking("hm", "sig"),
    Text("let me see"),
    ToolCall("a", "f", '{"x": "ä"}'),
    ToolCall("b", "g", ""),
)


def answer(*content: Block, stop: StopReason = StopReason.END_TURN) -> Answer:
    given = Stop(stop).given(content)
    return Answer(format=Format.ANTHROPIC, id="msg_1", content=content, stop=given, usage=USED)


@asynccontextmanager
async def speaking(script: Script) -> AsyncIterator[tuple[openai.AsyncOpenAI, FakeProvider]]:
    async with fake_provider(script) as provider:
        client = openai.AsyncOpenAI(base_url=f"{provider.url}/v1", api_key="key", max_retries=0)
        try:
            yield client, provider
        finally:
            await client.close()


def written(events: list[Event]) -> list[bytes]:
    writer = StreamWriter(REPLY)
    return [piece for event in events if (piece := writer.write(event))]


async def chunks_of(events: list[Event]) -> list[ChatCompletionChunk]:
    async with speaking(stream(*written(events))) as (client, _):
        return [chunk async for chunk in await client.chat.completions.create(**ASKED, stream=True)]


async def test_a_whole_answer() -> None:
    async with speaking(whole(write_answer(answer(*PARALLEL), REPLY))) as (client, _):
        completion = await client.chat.completions.create(**ASKED)
    [choice] = completion.choices
    assert (completion.id, completion.model) == ("msg_1", "asked-for")
    assert (choice.finish_reason, choice.message.content) == ("tool_calls", "let me see")
    calls = [(c.id, c.function.name, c.function.arguments) for c in choice.message.tool_calls or ()]
    assert calls == [("a", "f", '{"x": "ä"}'), ("b", "g", "{}")]
    assert choice.message.model_extra is not None
    assert choice.message.model_extra["reasoning_content"] == "hm"
    assert completion.usage is not None
    assert (completion.usage.prompt_tokens, completion.usage.completion_tokens) == (7, 2)


async def test_a_streamed_answer_with_parallel_calls() -> None:
    asked = {**ASKED, "stream_options": {"include_usage": True}}
    async with (
        speaking(stream(*written(spread(answer(*PARALLEL))))) as (client, _),
        client.chat.completions.stream(**asked) as streaming,
    ):
        events = [event.type async for event in streaming]
        completion = await streaming.get_final_completion()
    [choice] = completion.choices
    assert choice.finish_reason == "tool_calls"
    assert choice.message.content == "let me see"
    calls = [(c.id, c.function.name, c.function.arguments) for c in choice.message.tool_calls or ()]
    assert calls == [("a", "f", '{"x": "ä"}'), ("b", "g", "{}")]
    assert completion.usage is not None
    assert completion.usage.prompt_tokens_details is not None
    assert completion.usage.prompt_tokens_details.cached_tokens == 4
    assert "tool_calls.function.arguments.done" in events


async def test_thinking_comes_in_deltas() -> None:
    chunks = await chunks_of(spread(answer(Thinking("hm", "sig"), Text("ok"))))
    extras = [chunk.choices[0].delta.model_extra or {} for chunk in chunks if chunk.choices]
    assert "".join(extra.get("reasoning_content", "") for extra in extras) == "hm"
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices) == "ok"


async def test_a_refusal() -> None:
    refusal = answer(Refusal("I will not."), stop=StopReason.REFUSAL)
    async with speaking(whole(write_answer(refusal, REPLY))) as (client, _):
        completion = await client.chat.completions.create(**ASKED)
    assert completion.choices[0].message.refusal == "I will not."
    chunks = await chunks_of(spread(refusal))
    assert "".join(c.choices[0].delta.refusal or "" for c in chunks if c.choices) == "I will not."
    assert [c.choices[0].finish_reason for c in chunks if c.choices][-1] == "stop"


async def test_a_failure_in_the_middle_of_a_stream_is_raised() -> None:
    failed = Failed(Failure(FailureKind.BROKEN_OFF, "The provider broke off."))
    events: list[Event] = [Begin("msg_1"), BlockBegin(0, Text("")), TextDelta(0, "half"), failed]
    with pytest.raises(openai.APIError, match="The provider broke off"):
        await chunks_of(events)


@pytest.mark.parametrize(
    ("kind", "status", "raised"),
    [
        (FailureKind.BAD_REQUEST, 400, openai.BadRequestError),
        (FailureKind.UNAUTHENTICATED, 401, openai.AuthenticationError),
        (FailureKind.RATE_LIMIT, 429, openai.RateLimitError),
        (FailureKind.SERVER, 500, openai.InternalServerError),
    ],
)
async def test_a_failure_instead_of_an_answer_is_raised(
    kind: FailureKind, status: int, raised: type[openai.APIStatusError]
) -> None:
    failure = Failure(kind, "It did not work.")
    async with speaking(whole(error_body(failure, "req_1"), status=status)) as (client, _):
        with pytest.raises(raised, match="It did not work"):
            await client.chat.completions.create(**ASKED)


async def test_what_the_sdk_sends_is_read() -> None:
    messages: Any = [
        {"role": "developer", "content": "be brief"},
        {
            "role": "user",
            "content": [
                {"type": "text", "text": "what is this?"},
                {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}},
            ],
        },
        {
            "role": "assistant",
            "tool_calls": [{"id": "a", "type": "function", "function": {"name": "look", "arguments": "{}"}}],
        },
        {"role": "tool", "tool_call_id": "a", "content": "a cat"},
    ]
    tools: Any = [{"type": "function", "function": {"name": "look", "parameters": {"type": "object"}}}]
    async with speaking(whole(write_answer(answer(Text("a cat")), REPLY))) as (client, provider):
        await client.chat.completions.create(
            model="asked-for", messages=messages, tools=tools, tool_choice="required", max_completion_tokens=9
        )
    [received] = provider.received
    conversation = read_request(received.body)
    blocks = [block for message in conversation.messages for block in message.content]
    assert blocks == [
        Text("be brief"),
        Text("what is this?"),
        Image(Data("image/png", "AAAA")),
        ToolCall("a", "look", "{}"),
        ToolResult("a", (Text("a cat"),)),
    ]
    assert conversation.max_tokens == 9
    assert conversation.choice is not None
    assert json.loads(received.body)["tools"] == tools
