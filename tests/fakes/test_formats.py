"""One scenario means the same in every format, whole and streamed."""

import json
from dataclasses import replace

import aiohttp
import pytest

from proxy.wire.anthropic import read_answer as anthropic_answer
from proxy.wire.anthropic import read_stream as anthropic_stream
from proxy.wire.assemble import collected
from proxy.wire.bedrock import read_answer as bedrock_answer
from proxy.wire.bedrock import read_stream as bedrock_stream
from proxy.wire.canonical import Answer, StopReason, Text, Thinking, ToolCall
from proxy.wire.format import Format
from proxy.wire.gemini import read_answer as gemini_answer
from proxy.wire.gemini import read_stream as gemini_stream
from proxy.wire.ollama import read_answer as ollama_answer
from proxy.wire.ollama import read_stream as ollama_stream
from proxy.wire.openai_chat import read_answer as chat_answer
from proxy.wire.openai_chat import read_stream as chat_stream
from proxy.wire.responses import read_answer as responses_answer
from proxy.wire.responses import read_stream as responses_stream
from proxy.wire.target import Expecting
from tests.fakes.asking import MODEL, Question, got, got_in, question
from tests.fakes.script import Asked, Billed, Call, Script, Turn
from tests.fakes.server import fake_llm

_READERS = {
    Format.ANTHROPIC: (anthropic_answer.read_answer, anthropic_stream.stream_reader),
    Format.OPENAI_CHAT: (chat_answer.read_answer, chat_stream.stream_reader),
    Format.RESPONSES: (responses_answer.read_answer, responses_stream.stream_reader),
    Format.GEMINI: (gemini_answer.read_answer, gemini_stream.stream_reader),
    Format.OLLAMA: (ollama_answer.read_answer, ollama_stream.stream_reader),
    Format.BEDROCK: (bedrock_answer.read_answer, bedrock_stream.stream_reader),
}
_EXPECTING = Expecting(seed="some")
_SIGNED = set(Format) - {Format.OPENAI_CHAT, Format.OLLAMA}
_BUSY = Turn(
    "Ich schaue é und 漢 nach.",
    thinking="First one, then the other.",
    calls=(Call("look", {"path": "a/ü.txt"}), Call("look", {"path": "b", "lines": [1, 2]})),
    usage=Billed(input=100, cache_read=40, cache_write=7, output=30, reasoning=12),
)


def _read(spoken: Format, body: bytes, *, stream: bool) -> Answer:
    read_answer, stream_reader = _READERS[spoken]
    if not stream:
        return read_answer(body, _EXPECTING)
    reader = stream_reader(_EXPECTING)
    return collected([*reader.feed(body), *reader.end()], spoken)


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize("spoken", list(Format))
async def test_a_turn_is_read_as_it_was_scripted(spoken: Format, stream: bool) -> None:
    async with fake_llm(spoken, _BUSY) as fake:
        answer = _read(spoken, (await got(fake, stream=stream)).body, stream=stream)

    thoughts = [block for block in answer.content if isinstance(block, Thinking)]
    texts = [block.text for block in answer.content if isinstance(block, Text) and block.text]
    calls = [block for block in answer.content if isinstance(block, ToolCall)]
    assert "".join(thought.text for thought in thoughts) == _BUSY.thinking
    assert "".join(texts) == _BUSY.text
    assert [call.name for call in calls] == ["look", "look"]
    assert [call.arguments.replace(" ", "") for call in calls] == [
        '{"path":"a/ü.txt"}',
        '{"path":"b","lines":[1,2]}',
    ]
    assert len({call.id for call in calls}) == 2
    assert answer.stop.reason is StopReason.TOOL_USE


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize("spoken", list(Format))
async def test_what_is_told_of_the_usage_is_what_is_billed(spoken: Format, stream: bool) -> None:
    async with fake_llm(spoken, _BUSY) as fake:
        told = _read(spoken, (await got(fake, stream=stream)).body, stream=stream).usage

    assert fake.billed == {MODEL: _BUSY.usage}
    prompt, output = told.prompt, told.output
    assert (prompt, output) == (_BUSY.usage.prompt, _BUSY.usage.output)
    if spoken is not Format.OLLAMA:
        assert told.cache_read == _BUSY.usage.cache_read


@pytest.mark.parametrize("spoken", sorted(_SIGNED))
@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
async def test_thinking_is_signed_and_the_signature_remembered(spoken: Format, stream: bool) -> None:
    async with fake_llm(spoken, _BUSY) as fake:
        body = (await got(fake, stream=stream)).body
    (signature,) = fake.memory.signatures
    assert signature.encode() in body


_REASONS = {"length": StopReason.MAX_TOKENS, "end": StopReason.END_TURN}


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize("stop", _REASONS)
@pytest.mark.parametrize("spoken", list(Format))
async def test_the_reason_to_stop_is_told(spoken: Format, stop: str, stream: bool) -> None:
    async with fake_llm(spoken, replace(_BUSY, calls=(), stop=stop)) as fake:
        answer = _read(spoken, (await got(fake, stream=stream)).body, stream=stream)
    assert answer.stop.reason is _REASONS[stop]


@pytest.mark.parametrize("spoken", list(Format))
async def test_a_stream_comes_in_many_events(spoken: Format) -> None:
    async with fake_llm(spoken, _BUSY) as fake:
        await got(fake, stream=True)
        turn = fake.speech.made_definite(_BUSY, 1)
        pieces = fake.speech.stream(turn, fake.asked[0], 1)
    assert len(pieces) >= 9


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize("spoken", list(Format))
async def test_a_request_is_read_into_neutral_words(spoken: Format, stream: bool) -> None:
    async with fake_llm(spoken, "Hello.") as fake:
        await got(fake, stream=stream, text="How are you?")
    (asked,) = fake.asked
    assert (asked.format, asked.model, asked.stream) == (spoken, MODEL, stream)
    assert (asked.system, asked.user) == ("Be brief.", "How are you?")
    assert (asked.tools, asked.results, asked.max_tokens) == (("look",), (), 100)
    assert asked.thinking is None


async def test_gemini_streams_an_array_to_those_who_do_not_ask_for_events() -> None:
    async with fake_llm("gemini", _BUSY) as fake, aiohttp.ClientSession() as session:
        asked = question(Format.GEMINI, stream=True)
        path = asked.path.removesuffix("?alt=sse")
        chunks = json.loads((await got_in(session, fake, Question(path, asked.body))).body)
    assert len(chunks) == 9
    assert chunks[-1]["usageMetadata"]["totalTokenCount"] == 177


async def test_a_script_says_one_step_after_the_other() -> None:
    async with fake_llm("ollama", Script(["One.", Turn("Two.")])) as fake:
        first, second = [(await got(fake)).body for _ in range(2)]
    assert b"One." in first
    assert b"Two." in second


async def test_a_script_may_answer_by_what_was_asked() -> None:
    def echo(asked: Asked) -> Turn:
        return Turn(f"You said: {asked.user}")

    async with fake_llm("gemini", echo) as fake:
        assert b"You said: One" in (await got(fake, text="One")).body


async def test_a_script_that_runs_out_fails_the_test() -> None:
    async def asked_twice() -> None:
        async with fake_llm("anthropic", Script(["One."])) as fake:
            await got(fake)
            assert (await got(fake)).status == 500

    with pytest.raises(AssertionError, match="asked for one more"):
        await asked_twice()
