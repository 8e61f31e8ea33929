"""Clients of every format talk through us to a real llama.cpp, in each of the formats it speaks.

The client of a test is played by the provider's side of the client's own format: it writes requests and
reads answers as a program of that sort does.
"""

import json
from dataclasses import dataclass, field

import pytest
from msgspec import Raw
from msgspec.structs import replace

from proxy.wire.assemble import collected
from proxy.wire.canonical import (
    Answer,
    Block,
    BlockBegin,
    Conversation,
    Event,
    Message,
    Role,
    StopReason,
    Text,
    Thinking,
    Tool,
    ToolCall,
    ToolResult,
)
from proxy.wire.errors import read_error
from proxy.wire.failure import FailureKind
from proxy.wire.format import Format
from proxy.wire.formats import ERRORS
from proxy.wire.sides import CLIENT, PROVIDER
from proxy.wire.target import Expecting, Reply, Target
from proxy.wire.text_calls import TextCalls
from tests.llama.asking import Told, post
from tests.llama.fixtures import llama
from tests.llama.server import LlamaServer

__all__ = ["llama"]

SPOKEN = {
    Format.OPENAI_CHAT: "/v1/chat/completions",
    Format.RESPONSES: "/v1/responses",
    Format.ANTHROPIC: "/v1/messages",
}
LLAMA = Target(
    model="tiny", max_tokens_field="max_tokens", reasoning_field="reasoning_content", one_leading_system=True
)
GREETING = "Hello from the tiny local model."
DONE = "Done: the tool answered."
WEATHER = Tool(
    "weather",
    description="Tells the weather.",
    schema=Raw(
        b'{"type":"object","properties":{"city":{"type":"string"},"days":{"type":"integer"}},'
        b'"required":["city","days"]}'
    ),
)
PING = Tool("ping", description="Says pong.", schema=Raw(b'{"type":"object","properties":{}}'))
OFFERED = ("weather", "ping")

clients = pytest.mark.parametrize("client", list(CLIENT))
spoken = pytest.mark.parametrize("upstream", list(SPOKEN))
streamed = pytest.mark.parametrize("stream", [True, False], ids=["stream", "whole"])


@dataclass
class Agent:
    """A program that speaks one format, and the way from it to the server and back."""

    llama: LlamaServer
    client: Format
    upstream: Format
    tools: tuple[Tool, ...] = (WEATHER,)
    rescues: bool = False
    exchanges: int = 0
    messages: list[Message] = field(default_factory=list)

    async def say(self, *content: Block, stream: bool, **parameters: object) -> Answer:
        self.messages.append(Message(Role.USER, content))
        conversation = Conversation(
            format=self.client,
            model="asked-for",
            system=(Text("Be brief."),),
            messages=tuple(self.messages),
            tools=self.tools,
            stream=stream,
        )
        conversation = replace(conversation, **{"max_tokens": 200, **parameters})
        answer = await self._asked(conversation)
        self.messages.append(Message(Role.ASSISTANT, answer.content))
        return answer

    async def _asked(self, conversation: Conversation) -> Answer:
        told = await self.sent(conversation)
        assert told.status == 200, told.body
        self.exchanges += 1
        expecting = Expecting(seed=f"exchange {self.exchanges}")
        reply = Reply(
            id=f"exchange_{self.exchanges}", model="asked-for", created=1, shows_unsigned_thinking=True
        )
        if conversation.stream:
            return self._streamed(told.body, expecting, reply)
        understood = PROVIDER[self.upstream].read_answer(told.body, expecting)
        written = CLIENT[self.client].write_answer(understood, reply)
        return PROVIDER[self.client].read_answer(written, expecting)

    def _streamed(self, body: bytes, expecting: Expecting, reply: Reply) -> Answer:
        reader = PROVIDER[self.upstream].stream_reader(expecting)
        writer = CLIENT[self.client].stream_writer(reply)
        back = PROVIDER[self.client].stream_reader(expecting)
        events = self._filtered([*reader.feed(body), *reader.end()])
        written = b"".join(map(writer.write, events))
        return collected([*back.feed(written), *back.end()], self.client)

    def _filtered(self, events: list[Event]) -> list[Event]:
        if not self.rescues:
            return events
        calls = TextCalls(OFFERED, f"exchange {self.exchanges}")
        return [each for event in events for each in calls.feed(event)]

    async def sent(self, conversation: Conversation) -> Told:
        """What the server said to the client's request."""
        asked = PROVIDER[self.client].write_request(conversation, Target(model="asked-for")).body
        understood = replace(CLIENT[self.client].read_request(asked), stream=conversation.stream)
        written = PROVIDER[self.upstream].write_request(understood, LLAMA)
        return await post(self.llama, SPOKEN[self.upstream], written.body)


def _texts(answer: Answer) -> str:
    return "".join(block.text for block in answer.content if isinstance(block, Text))


def _calls(answer: Answer) -> list[ToolCall]:
    return [block for block in answer.content if isinstance(block, ToolCall)]


@streamed
@spoken
@clients
async def test_an_agent_calls_a_tool_and_finishes(
    llama: LlamaServer, client: Format, upstream: Format, stream: bool
) -> None:
    agent = Agent(llama, client, upstream)
    asked = await agent.say(Text("What is the weather?"), stream=stream)
    [call] = _calls(asked)
    assert (call.name, json.loads(call.arguments)) == ("weather", {"city": "", "days": 1})
    assert asked.stop.reason is StopReason.TOOL_USE
    assert asked.usage.output == 62
    done = await agent.say(ToolResult(call.id, (Text("sunny"),)), stream=stream)
    assert _texts(done) == DONE
    assert done.stop.reason is StopReason.END_TURN


@streamed
@clients
async def test_calls_side_by_side_keep_their_own_results(
    llama: LlamaServer, client: Format, stream: bool
) -> None:
    agent = Agent(llama, client, Format.OPENAI_CHAT, tools=(WEATHER, PING))
    asked = await agent.say(Text("[twice]"), stream=stream)
    calls = _calls(asked)
    assert [call.name for call in calls] == ["ping", "ping"]
    assert len({call.id for call in calls}) == 2
    results = [ToolResult(call.id, (Text("pong"),)) for call in calls]
    assert _texts(await agent.say(*results, stream=stream)) == DONE


@streamed
@spoken
@clients
async def test_thinking_arrives_as_thinking(
    llama: LlamaServer, client: Format, upstream: Format, stream: bool
) -> None:
    agent = Agent(llama, client, upstream, tools=())
    answer = await agent.say(Text("[think]"), stream=stream)
    assert [block.text for block in answer.content if isinstance(block, Thinking)] == ["Let me see this."]
    assert _texts(answer) == GREETING


@streamed
@clients
async def test_a_turn_after_thinking_is_answered(llama: LlamaServer, client: Format, stream: bool) -> None:
    """In chat only: llama.cpp refuses reasoning items of the Responses format that are mere summaries."""
    agent = Agent(llama, client, Format.OPENAI_CHAT, tools=())
    await agent.say(Text("[think]"), stream=stream)
    assert _texts(await agent.say(Text("And again"), stream=stream)) == GREETING


@streamed
@clients
async def test_a_limit_is_told_as_a_limit(llama: LlamaServer, client: Format, stream: bool) -> None:
    agent = Agent(llama, client, Format.OPENAI_CHAT, tools=())
    answer = await agent.say(Text("[loop]"), stream=stream, max_tokens=4)
    assert _texts(answer) == "tick tock tick tock"
    assert answer.stop.reason is StopReason.MAX_TOKENS
    assert answer.usage.output == 4


@clients
async def test_a_call_written_as_text_is_run_all_the_same(llama: LlamaServer, client: Format) -> None:
    agent = Agent(llama, client, Format.OPENAI_CHAT, tools=(WEATHER, PING), rescues=True)
    asked = await agent.say(Text("[leak]"), stream=True)
    [call] = _calls(asked)
    assert (_texts(asked), call.name, call.arguments) == ("I will call: ", "ping", "{}")
    assert asked.stop.reason is StopReason.TOOL_USE
    assert _texts(await agent.say(ToolResult(call.id, (Text("pong"),)), stream=True)) == DONE


@spoken
@clients
async def test_a_prompt_that_is_too_long_is_told_in_the_clients_words(
    llama: LlamaServer, client: Format, upstream: Format
) -> None:
    agent = Agent(llama, client, upstream, tools=())
    too_long = Conversation(
        format=client, messages=(Message(Role.USER, (Text("x" * 9000),)),), max_tokens=10, stream=True
    )
    told = await agent.sent(too_long)
    failure = read_error(told.status, told.body)
    assert failure.kind is FailureKind.CONTEXT_OVERFLOW
    assert (failure.tokens or 0) > 9000
    assert failure.maximum == 8192
    assert failure.kind is read_error(400, ERRORS[client].body(failure, "exchange_1")).kind


async def test_claude_code_reads_the_numbers_of_a_prompt_that_is_too_long(llama: LlamaServer) -> None:
    told = await Agent(llama, Format.ANTHROPIC, Format.OPENAI_CHAT).sent(
        Conversation(
            format=Format.ANTHROPIC, messages=(Message(Role.USER, (Text("x" * 9000),)),), max_tokens=10
        )
    )
    body = json.loads(ERRORS[Format.ANTHROPIC].body(read_error(told.status, told.body), "exchange_1"))
    assert body["error"]["message"].startswith("prompt is too long: 9020 tokens > 8192 maximum")


async def test_what_streams_from_the_server_streams_on(llama: LlamaServer) -> None:
    """Each word is an event of its own all the way through."""
    conversation = Conversation(
        format=Format.ANTHROPIC, messages=(Message(Role.USER, (Text("Hi"),)),), max_tokens=50, stream=True
    )
    told = await Agent(llama, Format.ANTHROPIC, Format.OPENAI_CHAT).sent(conversation)
    reader = PROVIDER[Format.OPENAI_CHAT].stream_reader(Expecting())
    writer = CLIENT[Format.ANTHROPIC].stream_writer(Reply(id="x", model="m", created=1))
    events = [*reader.feed(told.body), *reader.end()]
    written = b"".join(map(writer.write, events))
    assert sum(isinstance(event, BlockBegin) for event in events) == 1
    assert written.count(b"text_delta") == len(GREETING.split())
