"""The official SDK consumes every answer and stream that is written."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import openai
import pytest
from msgspec import Raw
from openai.types.responses import (
    Response,
    ResponseCompletedEvent,
    ResponseCustomToolCall,
    ResponseFunctionToolCall,
    ResponseOutputMessage,
    ResponseReasoningItem,
    ResponseStreamEvent,
)
from pydantic import TypeAdapter

from proxy.wire.assemble import spread
from proxy.wire.canonical import (
    Answer,
    BlockBegin,
    BlockEnd,
    Citation,
    Data,
    Event,
    Failed,
    Image,
    KeepAlive,
    RedactedThinking,
    Refusal,
    Role,
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
from proxy.wire.responses.errors import error_body, status_for
from proxy.wire.responses.read_request import read_request
from proxy.wire.responses.repeated import repeated
from proxy.wire.responses.write_answer import write_answer
from proxy.wire.responses.write_stream import StreamWriter
from proxy.wire.target import Reply
from tests.fakes.provider import FakeProvider, Script, fake_provider, stream, whole
from tests.proxy.wire.responses.bodies import PNG, REPLY, told

CITED = Citation(Format.GEMINI, Raw(b"{}"), url="https://a.test", title="A")
CONTENT = (
    Thinking("Let me see.", "sealed"),
    RedactedThinking("AAAA"),
    Text("Hello, Wörld \N{GRINNING FACE}", (CITED,)),
    ToolCall("call_1", "look", '{"at":"it"}'),
    ToolCall("call_2", "find", "", namespace="docs"),
    ToolCall("call_3", "patch", '{"input":"*** Begin\\n\\u00e9"}', custom=True),
)
ANSWER = Answer(
    format=Format.ANTHROPIC,
    content=CONTENT,
    stop=Stop(StopReason.TOOL_USE),
    usage=Usage(input=10, cache_read=5, output=7, reasoning=3),
)


@asynccontextmanager
async def client(script: Script) -> AsyncIterator[tuple[openai.AsyncOpenAI, FakeProvider]]:
    async with (
        fake_provider(script) as provider,
        openai.AsyncOpenAI(base_url=f"{provider.url}/v1", api_key="k", max_retries=0) as sdk,
    ):
        yield sdk, provider


def streamed(events: Iterable[Event], reply: Reply = REPLY) -> Script:
    writer = StreamWriter(reply)
    return stream(*(data for event in events if (data := writer.write(event))))


def check(response: Any) -> None:
    """It is the answer above."""
    reasoning, redacted, message, look, find, patch = response.output
    assert isinstance(reasoning, ResponseReasoningItem)
    assert (reasoning.summary[0].text, reasoning.encrypted_content) == ("Let me see.", "sealed")
    assert isinstance(redacted, ResponseReasoningItem)
    assert isinstance(message, ResponseOutputMessage)
    assert response.output_text == "Hello, Wörld \N{GRINNING FACE}"
    assert message.content[0].annotations[0].url == "https://a.test"
    assert isinstance(look, ResponseFunctionToolCall)
    assert (look.call_id, look.name, look.arguments) == ("call_1", "look", '{"at":"it"}')
    assert isinstance(find, ResponseFunctionToolCall)
    assert (find.namespace, find.arguments) == ("docs", "{}")
    assert isinstance(patch, ResponseCustomToolCall)
    assert patch.input == "*** Begin\né"
    assert response.status == "completed"
    assert response.usage.input_tokens_details.cached_tokens == 5
    assert response.usage.output_tokens_details.reasoning_tokens == 3
    assert response.usage.total_tokens == 22


async def test_a_whole_answer() -> None:
    async with client(whole(write_answer(ANSWER, REPLY))) as (sdk, _):
        check(await sdk.responses.create(model="gpt", input="hi"))


def test_everything_is_as_the_sdk_declares_it() -> None:
    """The SDK itself looks less closely at what it gets."""
    Response.model_validate_json(write_answer(ANSWER, REPLY), strict=True)
    failed = [BlockBegin(0, Refusal("No.")), Failed(Failure(FailureKind.SERVER, "It failed."))]
    for events in (spread(ANSWER), failed):
        for event in told(*events):
            _EVENT.validate_json(msgspec.json.encode(event), strict=True)


async def test_a_stream_of_raw_events() -> None:
    events = [KeepAlive(), *spread(ANSWER)]
    async with client(streamed(events)) as (sdk, _):
        seen = [event async for event in await sdk.responses.create(model="gpt", input="hi", stream=True)]
    assert [event.sequence_number for event in seen] == list(range(len(seen)))
    last = seen[-1]
    assert isinstance(last, ResponseCompletedEvent)
    check(last.response)
    text = "".join(event.delta for event in seen if event.type == "response.output_text.delta")
    assert text == last.response.output_text


async def test_a_stream_that_the_sdk_puts_together() -> None:
    async with (
        client(streamed(spread(ANSWER))) as (sdk, _),
        sdk.responses.stream(model="gpt", input="hi") as running,
    ):
        kinds = [event.type async for event in running]
        check(await running.get_final_response())
    assert kinds[-1] == "response.completed"


async def test_a_refusal() -> None:
    answer = Answer(format=Format.ANTHROPIC, content=(Refusal("No."),), stop=Stop(StopReason.REFUSAL))
    async with client(streamed(spread(answer))) as (sdk, provider):
        async with sdk.responses.stream(model="gpt", input="hi") as running:
            final = await running.get_final_response()
        provider.script = whole(write_answer(answer, REPLY))
        plain = await sdk.responses.create(model="gpt", input="hi")
    for response in (final, plain):
        assert response.output[0].content[0].refusal == "No."  # type: ignore[union-attr] # it is one, or this fails


async def test_an_answer_that_was_cut_off() -> None:
    answer = Answer(format=Format.ANTHROPIC, content=(Text("Hel"),), stop=Stop(StopReason.MAX_TOKENS))
    async with client(streamed(spread(answer))) as (sdk, provider):
        seen = [event async for event in await sdk.responses.create(model="gpt", input="hi", stream=True)]
        provider.script = whole(write_answer(answer, REPLY))
        plain = await sdk.responses.create(model="gpt", input="hi")
    last = seen[-1]
    assert last.type == "response.incomplete"
    for response in (last.response, plain):
        assert response.status == "incomplete"
        assert response.incomplete_details is not None
        assert response.incomplete_details.reason == "max_output_tokens"
        assert response.output_text == "Hel"


async def test_a_failure_in_the_middle() -> None:
    failure = Failure(FailureKind.BROKEN_OFF, "The provider broke off in the middle of its answer.")
    events = [BlockBegin(0, Text("")), TextDelta(0, "Hel"), Failed(failure)]
    async with client(streamed(events)) as (sdk, _):
        seen = [event async for event in await sdk.responses.create(model="gpt", input="hi", stream=True)]
    last = seen[-1]
    assert last.type == "response.failed"
    assert last.response.status == "failed"
    assert last.response.error is not None
    assert last.response.error.message == failure.sentence


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        (FailureKind.RATE_LIMIT, openai.RateLimitError),
        (FailureKind.UNAUTHENTICATED, openai.AuthenticationError),
        (FailureKind.BAD_REQUEST, openai.BadRequestError),
        (FailureKind.OVERLOADED, openai.InternalServerError),
    ],
)
async def test_errors(kind: FailureKind, error: type[openai.APIStatusError]) -> None:
    failure = Failure(kind, "It did not work.")
    async with client(whole(error_body(failure, "req_1"), status=status_for(failure))) as (sdk, _):
        with pytest.raises(error, match="It did not work"):
            await sdk.responses.create(model="gpt", input="hi")


async def test_what_the_sdk_sends_and_sends_back_is_understood() -> None:
    """A turn with an image, and the next one with the whole output of the first in it."""
    async with client(whole(write_answer(ANSWER, REPLY))) as (sdk, provider):
        first: Any = [
            {"role": "user", "content": [{"type": "input_image", "image_url": PNG, "detail": "auto"}]}
        ]
        response = await sdk.responses.create(model="gpt", input=first, tools=[_LOOK], store=False)
        outputs: Any = [
            {"type": "function_call_output", "call_id": "call_1", "output": "x"},
            {"type": "function_call_output", "call_id": "call_2", "output": "y"},
            {"type": "custom_tool_call_output", "call_id": "call_3", "output": "z"},
        ]
        await sdk.responses.create(model="gpt", input=[*first, *response.output, *outputs])
    one, two = (read_request(received.body) for received in provider.received)
    assert one.messages[0].content == (Image(Data("image/png", "iVBORw0KGgo="), "auto"),)
    assert [message.role for message in two.messages] == [Role.USER, Role.ASSISTANT, Role.USER]
    thinking, redacted, said, *calls = two.messages[1].content
    assert isinstance(thinking, Thinking)
    assert (thinking.text, thinking.signature) == ("Let me see.", "sealed")
    assert redacted == RedactedThinking("AAAA")
    assert isinstance(said, Text)
    assert [(c.id, c.name, c.namespace, c.custom) for c in calls if isinstance(c, ToolCall)] == [
        ("call_1", "look", None, False),
        ("call_2", "find", "docs", False),
        ("call_3", "patch", None, True),
    ]
    assert [r.call_id for r in two.messages[2].content if isinstance(r, ToolResult)] == [
        "call_1",
        "call_2",
        "call_3",
    ]


async def test_the_response_repeats_what_the_sdk_asked() -> None:
    async with client(whole(b"{}")) as (sdk, provider):

        async def script(request: Any) -> Any:
            parameters = repeated(provider.received[-1].body)
            reply = Reply(id="req_1", model="gpt", created=1, parameters=parameters)
            return await whole(write_answer(ANSWER, reply))(request)

        provider.script = script
        response = await sdk.responses.create(
            model="gpt", input="hi", tools=[_LOOK], instructions="Be brief.", temperature=0.5
        )
    assert response.instructions == "Be brief."
    assert response.temperature == 0.5
    assert response.tools[0].name == "look"  # type: ignore[union-attr] # it is a function, or this fails
    assert response.parallel_tool_calls is True
    assert response.tool_choice == "auto"


async def test_the_last_text_is_there_before_the_end() -> None:
    """Nothing is held back: the client reads a delta while the provider is still silent."""
    writer = StreamWriter(REPLY)
    told, go_on = writer.write(BlockBegin(0, Text("Hel"))), asyncio.Event()
    rest = b"".join(writer.write(e) for e in (TextDelta(0, "lo"), BlockEnd(0), *spread(ANSWER)[-1:]))
    async with client(stream(told, go_on, rest)) as (sdk, _):
        running = await sdk.responses.create(model="gpt", input="hi", stream=True)
        async for event in running:
            if event.type == "response.output_text.delta" and event.delta == "Hel":
                go_on.set()
        assert event.type == "response.completed"
        assert event.response.output_text == "Hello"


_EVENT: Any = TypeAdapter(ResponseStreamEvent)
_LOOK: Any = {"type": "function", "name": "look", "parameters": {"type": "object"}, "strict": False}
