"""Failures in each format's own words, as the official SDKs understand them."""

import json
from typing import Any

import anthropic
import openai
import pytest

from proxy.wire.failure import STATUS, Failure, FailureKind
from proxy.wire.format import Format
from proxy.wire.formats import ERRORS
from proxy.wire.responses.errors import failed_error
from tests.fakes.provider import fake_provider, stream, whole

K = FailureKind


def told(format_: Format, failure: Failure) -> dict[str, Any]:
    error: dict[str, Any] = json.loads(ERRORS[format_].body(failure, "req_1"))["error"]
    return error


@pytest.mark.parametrize("kind", list(FailureKind))
@pytest.mark.parametrize("format_", list(ERRORS))
def test_every_kind_of_failure_has_a_status_and_words_in_every_format(
    kind: FailureKind, format_: Format
) -> None:
    failure = Failure(kind, "Say «why».\n")
    assert 400 <= STATUS[kind] < 600
    assert 400 <= ERRORS[format_].status(failure) < 600
    assert told(format_, failure)["message"].endswith("Say «why».\n")


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (K.BAD_REQUEST, "invalid_request_error"),
        (K.UNAUTHENTICATED, "authentication_error"),
        (K.QUOTA, "billing_error"),
        (K.FORBIDDEN, "permission_error"),
        (K.NOT_FOUND, "not_found_error"),
        (K.MODEL_NOT_FOUND, "not_found_error"),
        (K.TOO_LARGE, "request_too_large"),
        (K.RATE_LIMIT, "rate_limit_error"),
        (K.OVERLOADED, "overloaded_error"),
        (K.TIMEOUT, "timeout_error"),
        (K.CONNECTION, "api_error"),
        (K.INTERNAL, "api_error"),
    ],
)
def test_anthropic_has_a_type_of_its_own_for_each(kind: FailureKind, expected: str) -> None:
    body = json.loads(ERRORS[Format.ANTHROPIC].body(Failure(kind, "x"), "req_1"))
    assert body == {"type": "error", "error": {"type": expected, "message": "x"}, "request_id": "req_1"}


@pytest.mark.parametrize("format_", [Format.OPENAI_CHAT, Format.RESPONSES])
@pytest.mark.parametrize(
    ("kind", "type_", "code"),
    [
        (K.CONTEXT_OVERFLOW, "invalid_request_error", "context_length_exceeded"),
        (K.MODEL_NOT_FOUND, "invalid_request_error", "model_not_found"),
        (K.CONTENT_FILTER, "invalid_request_error", "content_filter"),
        (K.RATE_LIMIT, "rate_limit_error", "rate_limit_exceeded"),
        (K.QUOTA, "insufficient_quota", "insufficient_quota"),
        (K.OVERLOADED, "server_error", "server_is_overloaded"),
        (K.NO_SERVICE, "server_error", "no_service"),
    ],
)
def test_openai_has_a_code_for_each(format_: Format, kind: FailureKind, type_: str, code: str) -> None:
    error = told(format_, Failure(kind, "x"))
    assert (error["type"], error["code"]) == (type_, code)


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (K.BAD_REQUEST, "INVALID_ARGUMENT"),
        (K.UNAUTHENTICATED, "UNAUTHENTICATED"),
        (K.QUOTA, "RESOURCE_EXHAUSTED"),
        (K.RATE_LIMIT, "RESOURCE_EXHAUSTED"),
        (K.OVERLOADED, "UNAVAILABLE"),
        (K.TIMEOUT, "DEADLINE_EXCEEDED"),
        (K.BROKEN_OFF, "INTERNAL"),
    ],
)
def test_gemini_has_a_status_for_each(kind: FailureKind, status: str) -> None:
    error = told(Format.GEMINI, Failure(kind, "x"))
    assert (error["status"], error["code"]) == (status, ERRORS[Format.GEMINI].status(Failure(kind, "x")))


@pytest.mark.parametrize(
    ("sentence", "sizes", "expected"),
    [
        (
            "whatever",
            {"tokens": 203456, "maximum": 200000},
            "prompt is too long: 203456 tokens > 200000 maximum",
        ),
        ("Too much.", {"maximum": 200000}, "prompt is too long: Too much."),
        ("Too much.", {}, "prompt is too long: Too much."),
        ("prompt is too long", {}, "prompt is too long"),
    ],
)
def test_claude_code_recognises_that_it_must_shorten(
    sentence: str, sizes: dict[str, int], expected: str
) -> None:
    failure = Failure(K.CONTEXT_OVERFLOW, sentence, status=413, **sizes)
    assert told(Format.ANTHROPIC, failure) == {"type": "invalid_request_error", "message": expected}
    assert ERRORS[Format.ANTHROPIC].status(failure) == 400


def test_other_clients_hear_of_an_overflow_in_their_own_words() -> None:
    failure = Failure(K.CONTEXT_OVERFLOW, "whatever", tokens=5000, maximum=4096)
    chat = told(Format.OPENAI_CHAT, failure)
    assert chat["message"].startswith("This model's maximum context length is 4096 tokens.")
    assert (chat["param"], told(Format.RESPONSES, failure)["param"]) == ("messages", "input")
    gemini = told(Format.GEMINI, failure)
    assert "input token count (5000) exceeds the maximum number of tokens allowed (4096)" in gemini["message"]


@pytest.mark.parametrize(
    ("format_", "kind", "providers", "expected"),
    [
        (Format.ANTHROPIC, K.OVERLOADED, 503, 529),
        (Format.OPENAI_CHAT, K.OVERLOADED, 529, 503),
        (Format.RESPONSES, K.OVERLOADED, 529, 503),
        (Format.GEMINI, K.OVERLOADED, 529, 503),
        (Format.ANTHROPIC, K.QUOTA, 429, 402),
        (Format.OPENAI_CHAT, K.QUOTA, 429, 429),
        (Format.OPENAI_CHAT, K.RATE_LIMIT, 413, 429),
        (Format.OPENAI_CHAT, K.MODEL_NOT_FOUND, 400, 404),
        (Format.ANTHROPIC, K.UNAUTHENTICATED, 400, 401),
        (Format.OPENAI_CHAT, K.SERVER, 502, 502),
    ],
)
def test_the_status_is_one_the_client_knows(
    format_: Format, kind: FailureKind, providers: int, expected: int
) -> None:
    assert ERRORS[format_].status(Failure(kind, "x", status=providers)) == expected


def test_a_code_that_tells_what_is_wrong_is_passed_on() -> None:
    failure = Failure(K.BAD_REQUEST, "x", code="previous_response_not_found")
    assert told(Format.RESPONSES, failure)["code"] == "previous_response_not_found"
    assert told(Format.OPENAI_CHAT, Failure(K.BAD_REQUEST, "x", code="Not a code"))["code"] == "bad_request"


def test_gemini_is_told_when_to_come_back() -> None:
    details = told(Format.GEMINI, Failure(K.RATE_LIMIT, "x", retry_after=17.0))["details"]
    assert {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "17s"} in details


def test_a_response_that_failed_says_why_in_two_members() -> None:
    error = failed_error(Failure(K.RATE_LIMIT, "Later."))
    assert error == {"code": "rate_limit_exceeded", "message": "Later."}


@pytest.mark.parametrize("format_", list(ERRORS))
def test_an_event_is_one_complete_event_in_each_format(format_: Format) -> None:
    event = ERRORS[format_].event(Failure(K.CONNECTION, "two\nlines"), "req_1")
    begins = {Format.OPENAI_CHAT: b"data: {", Format.GEMINI: b"{"}
    assert event.startswith(begins.get(format_, b"event: error\ndata: {"))
    assert event.endswith(b"}\n\n")
    assert event.count(b"\n\n") == 1


def test_the_responses_event_can_be_read_both_ways() -> None:
    event = ERRORS[Format.RESPONSES].event(Failure(K.RATE_LIMIT, "x"), "req_1")
    data = json.loads(event.partition(b"data: ")[2])
    assert (data["type"], data["code"], data["sequence_number"]) == ("error", "rate_limit_exceeded", 0)
    assert data["error"]["code"] == "rate_limit_exceeded"


async def answered(format_: Format, failure: Failure) -> Exception:
    """What the official SDK raises when a server answers with the failure."""
    style = ERRORS[format_]
    script = whole(style.body(failure, "req_1"), status=style.status(failure))
    async with fake_provider(script) as provider:
        with pytest.raises((anthropic.APIError, openai.APIError)) as caught:
            await ASK[format_](provider.url, stream=False)
    return caught.value


async def streamed(format_: Format, failure: Failure) -> Exception:
    async with fake_provider(stream(ERRORS[format_].event(failure, "req_1"))) as provider:
        with pytest.raises((anthropic.APIError, openai.APIError)) as caught:
            async for _ in await ASK[format_](provider.url, stream=True):
                pass
    return caught.value


def ask_anthropic(url: str, *, stream: bool) -> Any:
    client = anthropic.AsyncAnthropic(base_url=url, api_key="x", max_retries=0)
    return client.messages.create(
        model="m", max_tokens=1, messages=[{"role": "user", "content": "x"}], stream=stream
    )


def ask_chat(url: str, *, stream: bool) -> Any:
    client = openai.AsyncOpenAI(base_url=url, api_key="x", max_retries=0)
    return client.chat.completions.create(
        model="m", messages=[{"role": "user", "content": "x"}], stream=stream
    )


def ask_responses(url: str, *, stream: bool) -> Any:
    client = openai.AsyncOpenAI(base_url=url, api_key="x", max_retries=0)
    return client.responses.create(model="m", input="x", stream=stream)


ASK = {
    Format.ANTHROPIC: ask_anthropic,
    Format.OPENAI_CHAT: ask_chat,
    Format.RESPONSES: ask_responses,
}
RAISED = {
    K.BAD_REQUEST: "BadRequestError",
    K.CONTEXT_OVERFLOW: "BadRequestError",
    K.UNAUTHENTICATED: "AuthenticationError",
    K.FORBIDDEN: "PermissionDeniedError",
    K.MODEL_NOT_FOUND: "NotFoundError",
    K.RATE_LIMIT: "RateLimitError",
    K.SERVER: "InternalServerError",
}


@pytest.mark.parametrize("format_", list(ASK))
@pytest.mark.parametrize("kind", list(RAISED))
async def test_the_sdk_raises_its_own_error(format_: Format, kind: FailureKind) -> None:
    error = await answered(format_, Failure(kind, "Say why."))
    assert type(error).__name__ == RAISED[kind]
    assert "Say why." in str(error)


async def test_the_anthropic_sdk_knows_an_overload() -> None:
    error = await answered(Format.ANTHROPIC, Failure(K.OVERLOADED, "x", status=503))
    assert type(error).__name__ == "OverloadedError"


@pytest.mark.parametrize("format_", list(ASK))
async def test_the_sdk_raises_what_a_stream_says_in_its_middle(format_: Format) -> None:
    error = await streamed(format_, Failure(K.BROKEN_OFF, "Say why."))
    assert isinstance(error, anthropic.APIError | openai.APIError)
    assert "Say why." in str(error)
