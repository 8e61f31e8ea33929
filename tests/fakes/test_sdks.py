"""The vendors' own clients take the fakes for their vendors."""

import json
from collections.abc import Callable
from typing import Any

import anthropic
import botocore.session
import openai
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from proxy.wire.format import Format
from tests.fakes import faults
from tests.fakes.script import Asked, Billed, Call, Script, Turn
from tests.fakes.server import FakeLlm, fake_llm, running_fake

_SCHEMA = {"type": "object", "properties": {"path": {"type": "string"}}}
_BUSY = Turn(
    "Let me see.",
    thinking="I should look.",
    calls=(Call("look", {"path": "é"}), Call("look", {"path": "b"})),
    usage=Billed(input=100, cache_read=40, cache_write=7, output=30, reasoning=12),
)
_ARGUMENTS = [{"path": "é"}, {"path": "b"}]


def _work(asked: Asked) -> Turn:
    """Writes a file, runs a command, and is done: whatever the format is."""
    match len(asked.results):
        case 0:
            return Turn(
                "I write it.", thinking="A file first.", calls=(Call("write", {"path": "a", "text": "é"}),)
            )
        case 1:
            assert (asked.last_result.name, asked.last_result.text) == ("write", "done write")
            return Turn(
                thinking="Now run it.",
                calls=(Call("run", {"command": "ls"}), Call("run", {"command": "pwd"})),
            )
        case _:
            return Turn("Done.")


def _claude(fake: FakeLlm, key: str = "k") -> anthropic.AsyncAnthropic:
    return anthropic.AsyncAnthropic(base_url=fake.base_url, api_key=key, max_retries=0)


def _openai(fake: FakeLlm, key: str = "k") -> openai.AsyncOpenAI:
    return openai.AsyncOpenAI(base_url=fake.base_url, api_key=key, max_retries=0)


async def test_anthropic_whole_and_streamed_are_the_same_message() -> None:
    asked: Any = {"model": "m", "max_tokens": 50, "messages": [{"role": "user", "content": "Hi"}]}
    async with fake_llm("anthropic", _BUSY) as fake, _claude(fake) as client:
        whole = await client.messages.create(**asked)
        async with client.messages.stream(**asked) as stream:
            texts = [text async for text in stream.text_stream]
            streamed = await stream.get_final_message()
    for message in (whole, streamed):
        thinking, text, *calls = message.content
        assert thinking.type == "thinking"
        assert thinking.signature
        assert text.type == "text"
        assert [call.input for call in calls if call.type == "tool_use"] == _ARGUMENTS
        assert message.stop_reason == "tool_use"
        usage = message.usage
        assert (usage.input_tokens, usage.cache_read_input_tokens, usage.output_tokens) == (100, 40, 30)
    assert len(texts) == 3
    assert fake.billed["m"] == _BUSY.usage + _BUSY.usage


async def test_chat_whole_and_streamed_are_the_same_message() -> None:
    asked: Any = {"model": "m", "messages": [{"role": "user", "content": "Hi"}]}
    async with fake_llm("openai_chat", _BUSY) as fake, _openai(fake) as client:
        whole = await client.chat.completions.create(**asked)
        async with client.chat.completions.stream(**asked, stream_options={"include_usage": True}) as stream:
            streamed = await stream.get_final_completion()
    for completion in (whole, streamed):
        choice = completion.choices[0]
        assert choice.message.content == _BUSY.text
        assert choice.finish_reason == "tool_calls"
        calls = choice.message.tool_calls or []
        assert [
            json.loads(call.function.arguments) for call in calls if call.type == "function"
        ] == _ARGUMENTS
        usage = completion.usage
        assert usage is not None
        assert (usage.prompt_tokens, usage.completion_tokens, usage.total_tokens) == (147, 30, 177)
        assert usage.prompt_tokens_details is not None
        assert usage.prompt_tokens_details.cached_tokens == 40


async def test_chat_streams_no_usage_that_was_not_asked_for() -> None:
    asked: Any = {"model": "m", "messages": [{"role": "user", "content": "Hi"}], "stream": True}
    async with fake_llm("openai_chat", "Hello.") as fake, _openai(fake) as client:
        chunks = [chunk async for chunk in await client.chat.completions.create(**asked)]
    assert chunks
    assert all(chunk.choices and chunk.usage is None for chunk in chunks)


async def test_responses_whole_and_streamed_are_the_same_response() -> None:
    asked: Any = {"model": "m", "input": "Hi", "include": ["reasoning.encrypted_content"]}
    async with fake_llm("responses", _BUSY) as fake, _openai(fake) as client:
        whole = await client.responses.create(**asked)
        async with client.responses.stream(**asked) as stream:
            events = [event async for event in stream]
            streamed = await stream.get_final_response()
    for response in (whole, streamed):
        assert response.status == "completed"
        assert response.output_text == _BUSY.text
        reasoning, _message, *calls = response.output
        assert reasoning.type == "reasoning"
        assert reasoning.encrypted_content
        assert [json.loads(call.arguments) for call in calls if call.type == "function_call"] == _ARGUMENTS
        assert response.usage is not None
        assert (response.usage.input_tokens, response.usage.output_tokens) == (147, 30)
    assert [event.sequence_number for event in events] == list(range(len(events)))


async def test_anthropic_works_through_tools() -> None:
    tools: Any = [{"name": name, "input_schema": _SCHEMA} for name in ("write", "run")]
    messages: list[Any] = [{"role": "user", "content": "Work."}]
    async with fake_llm("anthropic", _work) as fake, _claude(fake) as client:
        while True:
            answer = await client.messages.create(model="m", max_tokens=50, messages=messages, tools=tools)
            results = [
                {"type": "tool_result", "tool_use_id": block.id, "content": f"done {block.name}"}
                for block in answer.content
                if block.type == "tool_use"
            ]
            messages += [
                {"role": "assistant", "content": answer.content},
                {"role": "user", "content": results},
            ]
            if not results:
                break
    assert len(fake.asked) == 3
    assert [result.name for result in fake.asked[-1].results] == ["write", "run", "run"]
    assert fake.refused == []


async def test_chat_works_through_tools() -> None:
    tools: Any = [
        {"type": "function", "function": {"name": name, "parameters": _SCHEMA}} for name in ("write", "run")
    ]
    messages: list[Any] = [{"role": "user", "content": "Work."}]
    async with fake_llm("openai_chat", _work) as fake, _openai(fake) as client:
        while True:
            completion = await client.chat.completions.create(model="m", messages=messages, tools=tools)
            message = completion.choices[0].message
            messages.append(message.model_dump(exclude_none=True))
            if not message.tool_calls:
                break
            messages += [
                {"role": "tool", "tool_call_id": call.id, "content": f"done {call.function.name}"}
                for call in message.tool_calls
                if call.type == "function"
            ]
    assert [result.name for result in fake.asked[-1].results] == ["write", "run", "run"]
    assert fake.refused == []


@pytest.mark.parametrize("by_id", [False, True], ids=["replayed", "by previous_response_id"])
async def test_responses_works_through_tools(by_id: bool) -> None:
    tools: Any = [{"type": "function", "name": name, "parameters": _SCHEMA} for name in ("write", "run")]
    items: list[Any] = [{"role": "user", "content": "Work."}]
    previous: Any = openai.omit
    async with fake_llm("responses", _work) as fake, _openai(fake) as client:
        while True:
            response = await client.responses.create(
                model="m",
                input=items,
                tools=tools,
                previous_response_id=previous,
                include=["reasoning.encrypted_content"],
            )
            calls = [item for item in response.output if item.type == "function_call"]
            if not calls:
                break
            outputs = [
                {"type": "function_call_output", "call_id": call.call_id, "output": f"done {call.name}"}
                for call in calls
            ]
            said = [item.model_dump(exclude_none=True) for item in response.output]
            items = outputs if by_id else [*items, *said, *outputs]
            previous = response.id if by_id else openai.omit
    assert [result.name for result in fake.asked[-1].results] == ["write", "run", "run"]
    assert fake.refused == []


def _bedrock(fake: FakeLlm) -> Any:
    session = botocore.session.Session()
    session.set_credentials("some-key", "some-secret")
    config = Config(retries={"max_attempts": 0, "mode": "standard"})
    return session.create_client("bedrock-runtime", "us-east-1", endpoint_url=fake.url, config=config)


def _streamed(told: Any) -> tuple[str, list[Any], str, Any]:
    """Text, arguments, reason and usage of a stream of Converse."""
    events = list(told["stream"])
    deltas = [event["contentBlockDelta"] for event in events if "contentBlockDelta" in event]
    arguments: dict[int, str] = {}
    for delta in deltas:
        if "toolUse" in delta["delta"]:
            at = delta["contentBlockIndex"]
            arguments[at] = arguments.get(at, "") + delta["delta"]["toolUse"]["input"]
    text = "".join(delta["delta"].get("text", "") for delta in deltas)
    (stop,) = (event["messageStop"]["stopReason"] for event in events if "messageStop" in event)
    (usage,) = (event["metadata"]["usage"] for event in events if "metadata" in event)
    return text, [json.loads(said) for said in arguments.values()], stop, usage


def _whole(told: Any) -> tuple[str, list[Any], str, Any]:
    content = told["output"]["message"]["content"]
    text = "".join(block.get("text", "") for block in content)
    calls = [block["toolUse"]["input"] for block in content if "toolUse" in block]
    return text, calls, told["stopReason"], told["usage"]


@pytest.mark.parametrize(("method", "read"), [("converse", _whole), ("converse_stream", _streamed)])
def test_bedrock_converses(method: str, read: Callable[[Any], tuple[str, list[Any], str, Any]]) -> None:
    asked = {"modelId": "m", "messages": [{"role": "user", "content": [{"text": "Hi"}]}]}
    with running_fake("bedrock", _BUSY, key="some-key") as fake:
        text, calls, stop, usage = read(getattr(_bedrock(fake), method)(**asked))
    assert (text, calls, stop) == (_BUSY.text, _ARGUMENTS, "tool_use")
    assert (usage["inputTokens"], usage["cacheReadInputTokens"], usage["outputTokens"]) == (100, 40, 30)


def test_bedrock_serves_anthropics_own_format() -> None:
    body = {
        "anthropic_version": "bedrock-2023-05-31",
        "max_tokens": 50,
        "messages": [{"role": "user", "content": "Hi"}],
    }
    asked = {"modelId": "m", "body": json.dumps(body)}
    with running_fake("bedrock", "Hello there.") as fake:
        client = _bedrock(fake)
        whole = json.loads(client.invoke_model(**asked)["body"].read())
        stream = client.invoke_model_with_response_stream(**asked)["body"]
        events = [json.loads(event["chunk"]["bytes"]) for event in stream]
    assert whole["content"] == [{"type": "text", "text": "Hello there."}]
    texts = [event["delta"]["text"] for event in events if event["type"] == "content_block_delta"]
    assert "".join(texts) == "Hello there."
    assert events[-1]["type"] == "message_stop"


def test_bedrock_fails_in_the_words_of_the_service() -> None:
    asked: Any = {"modelId": "m", "messages": [{"role": "user", "content": [{"text": "Hi"}]}]}
    with running_fake("bedrock", faults.rate_limited()) as fake, pytest.raises(ClientError) as failed:
        _bedrock(fake).converse(**asked)
    assert failed.value.response["Error"]["Code"] == "ThrottlingException"


def test_a_running_fake_serves_a_test_that_is_not_asynchronous() -> None:
    with running_fake("anthropic", Script(["One.", "Two."])) as fake:
        client = anthropic.Anthropic(base_url=fake.base_url, api_key="k", max_retries=0)
        asked: Any = {"model": "m", "max_tokens": 50, "messages": [{"role": "user", "content": "Hi"}]}
        said = [client.messages.create(**asked).content[0] for _ in range(2)]
    assert [block.text for block in said if block.type == "text"] == ["One.", "Two."]


@pytest.mark.parametrize("spoken", [Format.OPENAI_CHAT, Format.RESPONSES])
async def test_openai_lists_models_and_embeds(spoken: Format) -> None:
    async with fake_llm(spoken, "", models=("one", "two")) as fake, _openai(fake) as client:
        assert [model.id async for model in client.models.list()] == ["one", "two"]
        embedded = await client.embeddings.create(model="one", input=["a", "b"])
        with pytest.raises(openai.NotFoundError, match="does not exist"):
            await client.models.retrieve("three")
    assert [found.embedding for found in embedded.data] == [[0.25, -0.5, 1.0]] * 2
    assert fake.billed["one"].input == embedded.usage.prompt_tokens > 0


async def test_anthropic_lists_models_and_counts() -> None:
    async with fake_llm("anthropic", "", models=("one", "two")) as fake, _claude(fake) as client:
        fake.counts = lambda _asked: 1234
        assert [model.id async for model in client.models.list()] == ["one", "two"]
        counted = await client.messages.count_tokens(
            model="one", messages=[{"role": "user", "content": "Hi"}]
        )
    assert counted.input_tokens == 1234
    assert fake.asked == []


async def test_a_wrong_key_is_refused() -> None:
    async with fake_llm("anthropic", "Hello.", key="right") as fake:
        async with _claude(fake, "wrong") as client:
            with pytest.raises(anthropic.AuthenticationError):
                await client.models.list()
        async with _claude(fake, "right") as client:
            assert await client.models.list()
    async with fake_llm("openai_chat", "Hello.", key="right") as fake, _openai(fake, "wrong") as other:
        with pytest.raises(openai.AuthenticationError):
            await other.models.list()


async def test_overload_is_known_to_anthropics_client() -> None:
    asked: Any = {"model": "m", "max_tokens": 50, "messages": [{"role": "user", "content": "Hi"}]}
    async with fake_llm("anthropic", faults.overloaded()) as fake, _claude(fake) as client:
        with pytest.raises(anthropic.APIStatusError) as failed:
            await client.messages.create(**asked)
    assert failed.value.status_code == 529


async def test_a_stream_that_fails_is_known_to_the_clients() -> None:
    asked: Any = {"model": "m", "messages": [{"role": "user", "content": "Hi"}]}
    async with fake_llm("anthropic", faults.error_mid_stream()) as fake, _claude(fake) as client:
        with pytest.raises(anthropic.APIStatusError, match="Overloaded"):
            async with client.messages.stream(**asked, max_tokens=50) as stream:
                await stream.get_final_message()
    async with fake_llm("openai_chat", faults.error_mid_stream()) as fake, _openai(fake) as other:
        with pytest.raises(openai.APIError, match="Overloaded"):
            [chunk async for chunk in await other.chat.completions.create(**asked, stream=True)]
