"""Providers that are careless about the form of an answer: clients get what they asked for all the same.

Clients are the vendors' own libraries. How a request that was refused is asked again in its own format stands
beside what remembers it, in test_learned; here are those that are translated.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import web

from proxy.exchange import Outcome
from proxy.wire.failure import FailureKind
from proxy.wire.format import Format
from proxy.wire.sides import PROVIDER
from proxy.wire.target import Expecting
from tests.fakes import faults
from tests.fakes.asking import question
from tests.fakes.fault import Fault
from tests.fakes.formats.speech import Reply
from tests.fakes.script import Asked, Billed, Call, Step, Turn
from tests.fakes.serving import Serving
from tests.proxy.matrix.cell import cell
from tests.proxy.matrix.clients import Chat, Client, Messages
from tests.proxy.matrix.columns import COLUMNS, Column
from tests.proxy.matrix.every import every_client, every_column, whole_and_streamed
from tests.proxy.matrix.told import SIGNATURE, WEATHER

SAID = "Good morning, and häppy birthday: 🎂."
CALLED = ("weather", {"city": "Köln"})
ANSWER = Turn(SAID, calls=(Call(*CALLED),), signature=SIGNATURE, usage=Billed(7, output=3))
TEXT_ONLY = tuple(column for column in COLUMNS if column.format is not Format.BEDROCK)
"""What Amazon streams is binary, and known by its type alone."""


def says(body: bytes, content_type: str = "application/json") -> Fault:
    """This, under status 200."""

    async def happen(serving: Serving) -> web.StreamResponse:
        return serving.replied(Reply(200, body, {"content-type": content_type}))

    return Fault("says", happen)


def a_stream_to_everybody(content_type: str | None = None) -> Fault:
    async def happen(serving: Serving) -> web.StreamResponse:
        asked = serving.asked
        wishes = {**asked.body, "stream": True, "stream_options": {"include_usage": True}}
        path = asked.path if "alt=sse" in asked.path else f"{asked.path}?alt=sse"
        streaming = replace(serving, asked=replace(asked, stream=True, body=wishes, path=path))
        told = content_type or serving.speech.streamed_type(streaming.asked)
        return serving.replied(Reply(200, b"".join(streaming.pieces(ANSWER)), {"content-type": told}))

    return Fault("a stream to everybody", happen)


def _cases(table: Mapping[str, tuple[Fault, bool, Sequence[Column]]]) -> Any:
    return pytest.mark.parametrize(
        ("column", "fault", "streamed"),
        [
            pytest.param(column, fault, streamed, id=f"{column.format.value}-{name}")
            for name, (fault, streamed, columns) in table.items()
            for column in columns
        ],
    )


@_cases(
    {
        "one object for a stream": (faults.json_when_stream_was_asked(ANSWER), True, COLUMNS),
        "a stream for one object": (a_stream_to_everybody(), False, COLUMNS),
        "a stream for one object, called json": (
            a_stream_to_everybody("application/json"),
            False,
            TEXT_ONLY,
        ),
        "a stream called json": (a_stream_to_everybody("application/json"), True, TEXT_ONLY),
        "an object called a stream": (faults.wrong_content_type(ANSWER, "text/event-stream"), False, COLUMNS),
        "an object called text": (faults.wrong_content_type(ANSWER, "text/plain"), False, COLUMNS),
    }
)
@every_client
async def test_an_answer_in_another_form_arrives_in_the_one_that_was_asked_for(
    client: Client, column: Column, fault: Fault, streamed: bool
) -> None:
    async with cell(column, fault) as here:
        told = await client.ask(
            here.url, client.begun("Hi"), tools=(WEATHER,), heard=[] if streamed else None
        )
    assert (told.text, told.called) == (SAID, [CALLED])
    assert (told.usage.prompt, told.usage.output) == (7, 3)
    assert len(here.fake.asked) == 1


@_cases(
    {
        "one object for a stream": (faults.json_when_stream_was_asked(ANSWER), True, COLUMNS),
        "a stream for one object": (a_stream_to_everybody(), False, COLUMNS),
        "a stream called text": (a_stream_to_everybody("text/plain"), True, TEXT_ONLY),
        "an object called text": (faults.wrong_content_type(ANSWER, "text/plain"), False, COLUMNS),
    }
)
@pytest.mark.parametrize("spoken", [Format.ANTHROPIC, Format.OPENAI_CHAT, Format.RESPONSES, Format.GEMINI])
async def test_the_content_type_says_what_it_is(
    spoken: Format, column: Column, fault: Fault, streamed: bool
) -> None:
    """Libraries go by it: one for JavaScript gives its caller a text where it is not called JSON."""
    asked = question(spoken, stream=streamed)
    async with (
        cell(column, fault) as here,
        here.running.post(asked.path, json.dumps(asked.body).encode()) as answer,
    ):
        data = await answer.read()
    assert answer.status == 200
    assert len(answer.headers.getall("content-type")) == 1
    assert answer.content_type == ("text/event-stream" if streamed else "application/json")
    if streamed:
        reader = PROVIDER[spoken].stream_reader(Expecting())
        assert [*reader.feed(data), *reader.end()]
    else:
        assert isinstance(json.loads(data), dict)


GEMINI = next(column for column in COLUMNS if column.format is Format.GEMINI)


def an_array(*chunks: Any) -> Fault:
    """Google's form of a stream for whoever does not ask for events, or whose `alt=sse` was lost."""
    return says(json.dumps(chunks).encode())


CHUNKS = (
    {"candidates": [{"content": {"role": "model", "parts": [{"text": "Good "}]}, "index": 0}]},
    {
        "candidates": [
            {"content": {"role": "model", "parts": [{"text": "day."}]}, "index": 0, "finishReason": "STOP"}
        ],
        "usageMetadata": {"promptTokenCount": 7, "candidatesTokenCount": 3, "totalTokenCount": 10},
    },
)


@every_client
@whole_and_streamed
async def test_googles_array_of_chunks_is_an_answer(client: Client, streamed: bool) -> None:
    async with cell(GEMINI, an_array(*CHUNKS)) as here:
        told = await client.ask(here.url, client.begun("Hi"), heard=[] if streamed else None)
    assert (told.text, told.usage) == ("Good day.", Billed(7, output=3))


@every_client
@whole_and_streamed
async def test_an_error_in_googles_array_is_an_error(client: Client, streamed: bool) -> None:
    error = {"error": {"code": 503, "message": "It is overloaded.", "status": "UNAVAILABLE"}}
    async with cell(GEMINI, an_array(error)) as here:
        with pytest.raises(client.errors.overloaded, match="It is overloaded"):
            await client.ask(here.url, client.begun("Hi"), heard=[] if streamed else None)
    assert here.running.recorder.exchanges[0].outcome is Outcome.FAILED


NOT_AN_ANSWER: Mapping[str, Step] = {
    "nothing": faults.empty_answer(),
    "white space": says(b" \r\n\r\n "),
    "a page": faults.html_error_page(200),
    "a page that is called json": says(b"\n<!doctype html><title>Sign in</title>"),
    "half an object": says(b'{"id": "1", "choices": [{"mess'),
    "a word": says(b'"ok"'),
    "null": says(b"null"),
    "an error": faults.ok_with_error_body("It is broken.", 500),
}


@every_column
@pytest.mark.parametrize("client", [Messages(), Chat()], ids=repr)
@whole_and_streamed
@pytest.mark.parametrize("answer", NOT_AN_ANSWER)
async def test_what_is_no_answer_is_an_error(
    client: Client, column: Column, streamed: bool, answer: str
) -> None:
    async with cell(column, NOT_AN_ANSWER[answer]) as here:
        with pytest.raises(client.errors.broken) as raised:
            await client.ask(here.url, client.begun("Hi"), heard=[] if streamed else None)
    complaint = client.complaint(raised.value)
    assert (complaint.status or 0) >= 500
    assert ("It is broken." in complaint.message) == (answer == "an error")
    [exchange] = here.running.recorder.exchanges
    assert exchange.outcome is Outcome.FAILED
    assert [attempt.outcome for attempt in exchange.attempts] == [Outcome.FAILED]


LIMITED = {
    Format.ANTHROPIC: {"type": "error", "error": {"type": "rate_limit_error", "message": "Slow down."}},
    Format.OPENAI_CHAT: {
        "error": {"message": "Slow down.", "type": "requests", "code": "rate_limit_exceeded"}
    },
    Format.RESPONSES: {"error": {"message": "Slow down.", "type": "requests", "code": "rate_limit_exceeded"}},
    Format.GEMINI: {"error": {"code": 429, "message": "Slow down.", "status": "RESOURCE_EXHAUSTED"}},
    Format.BEDROCK: {"__type": "ThrottlingException", "message": "Slow down."},
}
"""Ollama's errors have no kind."""


@pytest.mark.parametrize(
    "column", [each for each in COLUMNS if each.format in LIMITED], ids=lambda column: column.format.value
)
@every_client
@whole_and_streamed
async def test_an_error_under_200_is_as_good_as_one_with_its_status(
    client: Client, column: Column, streamed: bool
) -> None:
    """So that the client waits, and does not take it for a failure of ours."""
    async with cell(column, says(json.dumps(LIMITED[column.format]).encode())) as here:
        with pytest.raises(client.errors.limited, match="Slow down") as raised:
            await client.ask(here.url, client.begun("Hi"), heard=[] if streamed else None)
    assert client.complaint(raised.value).status == 429
    [attempt] = here.running.recorder.exchanges[0].attempts
    assert attempt.failure is not None
    assert attempt.failure.kind is FailureKind.RATE_LIMIT


@every_column
@every_client
async def test_an_error_that_is_null_is_none(client: Client, column: Column) -> None:
    """Some servers write every member they know into every answer."""

    async def happen(serving: Serving) -> web.StreamResponse:
        answer: Any = json.loads(serving.whole(ANSWER))
        return serving.replied(Reply(200, json.dumps({"error": None, **answer}).encode()))

    async with cell(column, Fault("null error", happen)) as here:
        told = await client.ask(here.url, client.begun("Hi"), tools=(WEATHER,))
    assert (told.text, told.called) == (SAID, [CALLED])


CHAT = next(column for column in COLUMNS if column.format is Format.OPENAI_CHAT)
RESPONSES = next(column for column in COLUMNS if column.format is Format.RESPONSES)
TURN = {
    "model": "claude-opus-4-8",
    "max_tokens": 64000,
    "thinking": {"type": "adaptive"},
    "output_config": {"effort": "high"},
    "messages": [{"role": "user", "content": "Hi"}],
}
REFUSALS = {
    "an effort": (CHAT, "reasoning_effort", "Unrecognized request argument supplied: reasoning_effort"),
    "a limit by its old name": (
        CHAT,
        "max_tokens",
        (
            "Unsupported parameter: 'max_tokens' is not supported with this model. "
            "Use 'max_completion_tokens' instead."
        ),
    ),
    "a temperature": (
        CHAT,
        "temperature",
        (
            "Unsupported value: 'temperature' does not support 0.2 with this model. "
            "Only the default (1) value is supported."
        ),
    ),
    "reasoning": (
        RESPONSES,
        "reasoning",
        "Unsupported parameter: 'reasoning' is not supported with this model.",
    ),
}


@whole_and_streamed
@pytest.mark.parametrize(("column", "member", "sentence"), REFUSALS.values(), ids=list(REFUSALS))
async def test_a_translated_turn_is_asked_once_more_without_what_is_refused_and_never_again_with_it(
    column: Column, member: str, sentence: str, streamed: bool
) -> None:
    def script(asked: Asked) -> Step:
        refusal = faults.status(400, sentence, inner_code="unsupported_parameter")
        return refusal if member in asked.body else Turn(SAID)

    own = {"thinking": {"type": "disabled"}, "temperature": 0.2} if member == "temperature" else {}
    body = json.dumps({**TURN, **own, "stream": streamed}).encode()
    async with cell(column, script) as here:
        for attempts in ("2", "1"):
            async with here.running.post("/v1/messages", body) as answer:
                told = await answer.read()
            assert answer.status == 200, told
            assert answer.headers["x-tierwise-attempts"] == attempts
            assert b"birthday" in told
        assert [member in asked.body for asked in here.fake.asked] == [True, False, False]
