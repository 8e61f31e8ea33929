"""Each vendor's errors as they come over the wire, and what they mean."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.wire.errors import read_error
from proxy.wire.errors.hearing import heard
from proxy.wire.failure import STATUS, Failure, FailureKind

K = FailureKind
GOOGLE = "type.googleapis.com/google.rpc."
PER_DAY = "GenerateRequestsPerDayPerProjectPerModel-FreeTier"
PER_MINUTE = "GenerateRequestsPerMinutePerProjectPerModel-FreeTier"


def read(status: int | None, body: Any, headers: dict[str, str] | None = None) -> Failure:
    return read_error(status, body if isinstance(body, bytes) else json.dumps(body).encode(), headers)


def anthropic(kind: str, message: str = "m", **more: Any) -> dict[str, Any]:
    return {"type": "error", "error": {"type": kind, "message": message, **more}, "request_id": "req_1"}


def openai(message: str = "m", **more: Any) -> dict[str, Any]:
    return {"error": {"message": message, "type": None, "param": None, "code": None} | more}


def google(code: int, status: str, message: str = "m", *details: dict[str, Any]) -> dict[str, Any]:
    return {"error": {"code": code, "message": message, "status": status, "details": list(details)}}


def violation(quota: str) -> dict[str, Any]:
    return {"@type": GOOGLE + "QuotaFailure", "violations": [{"quotaId": quota}]}


VENDORS = [
    # Anthropic
    (400, anthropic("invalid_request_error"), K.BAD_REQUEST),
    (401, anthropic("authentication_error"), K.UNAUTHENTICATED),
    (402, anthropic("billing_error"), K.QUOTA),
    (403, anthropic("permission_error"), K.FORBIDDEN),
    (404, anthropic("not_found_error", "model: claude-9"), K.MODEL_NOT_FOUND),
    (404, anthropic("not_found_error", "Not Found"), K.NOT_FOUND),
    (413, anthropic("request_too_large"), K.TOO_LARGE),
    (429, anthropic("rate_limit_error"), K.RATE_LIMIT),
    (
        429,
        anthropic("rate_limit_error", details={"error_code": "enforced_spend_limit_reached"}),
        K.QUOTA,
    ),
    (400, anthropic("invalid_request_error", "Your credit balance is too low to access the API."), K.QUOTA),
    (
        400,
        anthropic("invalid_request_error", "You have reached your specified API usage limits."),
        K.QUOTA,
    ),
    (400, anthropic("invalid_request_error", "Output blocked by content filtering policy"), K.CONTENT_FILTER),
    (500, anthropic("api_error"), K.SERVER),
    (504, anthropic("timeout_error"), K.TIMEOUT),
    (529, anthropic("overloaded_error"), K.OVERLOADED),
    (None, anthropic("overloaded_error"), K.OVERLOADED),
    (None, anthropic("invalid_request_error"), K.BAD_REQUEST),
    (None, anthropic("api_error"), K.SERVER),
    # OpenAI
    (400, openai(type="invalid_request_error"), K.BAD_REQUEST),
    (401, openai(type="invalid_request_error", code="invalid_api_key"), K.UNAUTHENTICATED),
    (403, openai(code="unsupported_country_region_territory"), K.FORBIDDEN),
    (404, openai(type="invalid_request_error", code="model_not_found"), K.MODEL_NOT_FOUND),
    (429, openai(type="insufficient_quota", code="insufficient_quota"), K.QUOTA),
    (429, openai(type="tokens", code="rate_limit_exceeded"), K.RATE_LIMIT),
    (413, openai(type="tokens", code="rate_limit_exceeded"), K.RATE_LIMIT),
    (400, openai(code="billing_hard_limit_reached"), K.QUOTA),
    (400, openai(code="content_policy_violation"), K.CONTENT_FILTER),
    (500, openai(type="server_error"), K.SERVER),
    (503, openai("The engine is currently overloaded"), K.OVERLOADED),
    # OpenAI Responses: the event, the failed response, the response inside its event
    (
        None,
        {"type": "error", "code": "rate_limit_exceeded", "message": "m", "sequence_number": 3},
        K.RATE_LIMIT,
    ),
    (None, {"type": "error", "error": {"code": "invalid_prompt", "message": "m"}}, K.BAD_REQUEST),
    (
        None,
        {
            "type": "response.failed",
            "response": {
                "status": "failed",
                "error": {"code": "server_error", "message": "m"},
                "metadata": {},
            },
        },
        K.SERVER,
    ),
    (None, {"response": {"error": {"code": "context_length_exceeded", "message": "m"}}}, K.CONTEXT_OVERFLOW),
    (None, {"response": {"error": {"code": "usage_limit_reached", "message": "m"}}}, K.QUOTA),
    # Azure
    (404, openai(code="DeploymentNotFound"), K.MODEL_NOT_FOUND),
    (
        400,
        openai(
            code="content_filter",
            innererror={"code": "ResponsibleAIPolicyViolation"},
            param="prompt",
            status=400,
        ),
        K.CONTENT_FILTER,
    ),
    (401, openai("Access denied due to invalid subscription key", code="401"), K.UNAUTHENTICATED),
    (429, openai("Please retry after 7 seconds.", code="429"), K.RATE_LIMIT),
    (429, {"statusCode": 429, "message": "m"}, K.RATE_LIMIT),
    # Gemini and Vertex
    (400, google(400, "INVALID_ARGUMENT"), K.BAD_REQUEST),
    (
        400,
        google(400, "INVALID_ARGUMENT", "m", {"@type": GOOGLE + "ErrorInfo", "reason": "API_KEY_INVALID"}),
        K.UNAUTHENTICATED,
    ),
    (403, google(403, "PERMISSION_DENIED"), K.FORBIDDEN),
    (404, google(404, "NOT_FOUND", "models/gemini-9 is not found for API version v1beta"), K.MODEL_NOT_FOUND),
    (429, google(429, "RESOURCE_EXHAUSTED"), K.RATE_LIMIT),
    (
        429,
        google(429, "RESOURCE_EXHAUSTED", "You exceeded your current quota", violation(PER_MINUTE)),
        K.RATE_LIMIT,
    ),
    (429, google(429, "RESOURCE_EXHAUSTED", "You exceeded your current quota", violation(PER_DAY)), K.QUOTA),
    (500, google(500, "INTERNAL"), K.SERVER),
    (503, google(503, "UNAVAILABLE"), K.OVERLOADED),
    (504, google(504, "DEADLINE_EXCEEDED"), K.TIMEOUT),
    (None, google(503, "UNAVAILABLE"), K.OVERLOADED),
    (429, [google(429, "RESOURCE_EXHAUSTED")], K.RATE_LIMIT),
    # AWS
    (400, {"__type": "com.amazon.coral.validate#ValidationException", "message": "m"}, K.BAD_REQUEST),
    (429, {"__type": "ThrottlingException", "message": "Too many tokens, please wait"}, K.RATE_LIMIT),
    (400, {"__type": "ServiceQuotaExceededException", "message": "m"}, K.QUOTA),
    (
        403,
        {"__type": "com.amazon.coral.service#UnrecognizedClientException", "message": "m"},
        K.UNAUTHENTICATED,
    ),
    (403, {"__type": "AccessDeniedException", "Message": "m"}, K.FORBIDDEN),
    (
        400,
        {"__type": "ValidationException", "message": "The provided model identifier is invalid."},
        K.MODEL_NOT_FOUND,
    ),
    (408, {"__type": "ModelTimeoutException", "message": "m"}, K.TIMEOUT),
    (424, {"__type": "ModelErrorException", "message": "m"}, K.SERVER),
    # OpenRouter
    (402, {"error": {"code": 402, "message": "Insufficient credits"}, "user_id": "u"}, K.QUOTA),
    (None, {"id": "gen-1", "error": {"code": 429, "message": "m"}, "choices": []}, K.RATE_LIMIT),
    (None, {"id": "gen-1", "error": {"code": "server_error", "message": "Provider disconnected"}}, K.SERVER),
    (
        403,
        {
            "error": {
                "code": 403,
                "message": "m",
                "metadata": {"reasons": ["violence"], "flagged_input": "..."},
            }
        },
        K.CONTENT_FILTER,
    ),
    (404, {"error": {"code": 404, "message": "No endpoints found for x/y."}}, K.MODEL_NOT_FOUND),
    (400, {"error": {"code": 400, "message": "x/y is not a valid model ID"}}, K.MODEL_NOT_FOUND),
    (503, {"error": {"code": 503, "message": "No available model provider"}}, K.OVERLOADED),
    # Ollama
    (404, {"error": "model 'x' not found"}, K.MODEL_NOT_FOUND),
    (503, {"error": "server busy, please try again. maximum pending requests exceeded"}, K.OVERLOADED),
    (429, {"error": "you (me) have reached your weekly usage limit, upgrade"}, K.QUOTA),
    (None, {"error": "an error was encountered while running the model"}, K.SERVER),
    (
        400,
        {"error": '{"error":{"code":400,"message":"m","type":"exceed_context_size_error","n_ctx":512}}'},
        K.CONTEXT_OVERFLOW,
    ),
    (400, {"error": "library/x does not support tools"}, K.METHOD_NOT_ALLOWED),
    (400, {"error": '"x" does not support chat'}, K.METHOD_NOT_ALLOWED),
    (400, {"error": '"x" does not support thinking'}, K.BAD_REQUEST),
    # llama.cpp, LM Studio, vLLM
    (503, {"error": {"message": "Loading model", "type": "unavailable_error", "code": 503}}, K.OVERLOADED),
    (None, b'error: {"code":503,"message":"Loading model","type":"unavailable_error"}', K.OVERLOADED),
    (
        500,
        {"error": {"code": 500, "message": "image input is not supported", "type": "server_error"}},
        K.SERVER,
    ),
    (200, {"error": "Unexpected endpoint or method. (GET /x)"}, K.SERVER),
    (404, openai("No models loaded.", code="model_not_found"), K.MODEL_NOT_FOUND),
    (400, {"error": "The model has crashed without additional information."}, K.SERVER),
    (
        400,
        {"object": "error", "message": "m", "type": "BadRequestError", "param": None, "code": 400},
        K.BAD_REQUEST,
    ),
    (404, {"object": "error", "message": "The model `x` does not exist.", "code": 404}, K.MODEL_NOT_FOUND),
    # Databricks
    (429, {"error_code": "REQUEST_LIMIT_EXCEEDED", "message": "m"}, K.RATE_LIMIT),
    (404, {"error_code": "ENDPOINT_NOT_FOUND", "message": "m"}, K.MODEL_NOT_FOUND),
    (403, {"error_code": 403, "message": "Invalid access token."}, K.FORBIDDEN),
    (
        400,
        {"error_code": "BAD_REQUEST", "message": '{"message":"Input is too long for requested model."}'},
        K.CONTEXT_OVERFLOW,
    ),
    # Z.ai
    (429, {"error": {"code": "1302", "message": "m"}}, K.RATE_LIMIT),
    (429, {"error": {"code": "1113", "message": "Insufficient balance"}}, K.QUOTA),
    (429, {"error": {"code": "1308", "message": "Usage limit reached for 5 hour."}}, K.QUOTA),
    (400, {"error": {"code": "1211", "message": "m"}}, K.MODEL_NOT_FOUND),
    (400, {"error": {"code": "1301", "message": "m"}}, K.CONTENT_FILTER),
    (200, {"code": 1001, "msg": "no Authorization", "success": False}, K.UNAUTHENTICATED),
    (200, {"code": 401, "msg": "token expired or incorrect", "success": False}, K.UNAUTHENTICATED),
    # DeepSeek, Moonshot, MiniMax, Mistral, xAI, Groq, Qwen
    (402, openai("Insufficient Balance", type="unknown_error", code="invalid_request_error"), K.QUOTA),
    (429, openai(type="exceeded_current_quota_error"), K.QUOTA),
    (429, openai(type="engine_overloaded_error"), K.OVERLOADED),
    (429, openai(type="rate_limit_reached_error"), K.RATE_LIMIT),
    (404, openai(type="resource_not_found_error"), K.MODEL_NOT_FOUND),
    (403, openai("You've reached your usage limit for this billing cycle."), K.QUOTA),
    (200, {"base_resp": {"status_code": 1008, "status_msg": "insufficient balance"}}, K.QUOTA),
    (200, {"base_resp": {"status_code": 1002, "status_msg": "rate limit"}}, K.RATE_LIMIT),
    (422, {"detail": [{"loc": ["body", "messages"], "msg": "Field required"}]}, K.BAD_REQUEST),
    (
        429,
        {"object": "error", "message": "m", "type": "service_tier_capacity_exceeded", "code": "3505"},
        K.OVERLOADED,
    ),
    (
        400,
        {"object": "error", "message": "Invalid model: x", "type": "invalid_model", "code": "1500"},
        K.MODEL_NOT_FOUND,
    ),
    (
        400,
        {"code": "Client specified an invalid argument", "error": "Incorrect API key provided: x"},
        K.UNAUTHENTICATED,
    ),
    (400, {"code": "data_inspection_failed", "message": "m"}, K.CONTENT_FILTER),
    # Whatever stands between
    (502, b"<html><body>502 Bad Gateway</body></html>", K.SERVER),
    (503, b"", K.OVERLOADED),
    (404, b"<html>Not Found</html>", K.NOT_FOUND),
    (405, b"", K.METHOD_NOT_ALLOWED),
    (418, b"", K.BAD_REQUEST),
    (520, b"error code: 520", K.SERVER),
    (401, b'event: error\ndata: {"error":{"message":"m"}}\n\n', K.UNAUTHENTICATED),
    (301, b"", K.BAD_ANSWER),
]


@pytest.mark.parametrize(("status", "body", "kind"), VENDORS)
def test_an_error_is_what_it_means(status: int | None, body: Any, kind: FailureKind) -> None:
    assert read(status, body).kind is kind


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ({"x-amzn-ErrorType": "ThrottlingException:http://internal.amazon.com/coral/"}, K.RATE_LIMIT),
        ({":exception-type": "serviceUnavailableException"}, K.OVERLOADED),
        ({":exception-type": "modelStreamErrorException"}, K.SERVER),
        ({":exception-type": "validationException"}, K.BAD_REQUEST),
    ],
)
def test_aws_names_its_errors_in_headers(headers: dict[str, str], kind: FailureKind) -> None:
    assert read(None, {"message": "m"}, headers).kind is kind


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (anthropic("api_error", "Overloaded"), "Overloaded"),
        ({"error": "text"}, "text"),
        ({"error": "Unauthorized", "message": "Invalid token"}, "Invalid token"),
        (
            {"detail": [{"loc": ["body", "messages", 0], "msg": "Field required"}, {"msg": "Too many"}]},
            "body.messages.0: Field required; Too many",
        ),
        ({"message": {"detail": [{"loc": ["body"], "msg": "Bad"}]}, "type": "x"}, "body: Bad"),
        (
            {
                "error": {
                    "message": "Provider returned error",
                    "metadata": {
                        "raw": '{"error":{"message":"the real reason","code":"x"}}',
                        "provider_name": "P",
                    },
                }
            },
            "the real reason",
        ),
        ({"error": {"message": "Provider returned error", "metadata": {"raw": "in words"}}}, "in words"),
        (google(429, "RESOURCE_EXHAUSTED", "quota", {"detail": "stack trace", "message": "no"}), "quota"),
        (b"upstream connect error", "upstream connect error"),
        ({"message": '[{"error":{"message":"listed"}}]'}, "listed"),
        (b"x" * (8 * 1024 * 1024) + b'{"error":"never read"}', "x" * 1999 + "\u2026"),
        (b"<html>page</html>", "The provider answered with status 500 and did not say why."),
        (b"", "The provider answered with status 500 and did not say why."),
        (b'{"half', "The provider answered with status 500 and did not say why."),
        (b"\x00\xff\x00", "The provider answered with status 500 and did not say why."),
        ({"error": None}, "The provider answered with status 500 and did not say why."),
    ],
)
def test_the_sentence_is_the_providers_own(body: Any, sentence: str) -> None:
    assert read(500, body).sentence == sentence


def test_a_stream_that_fails_without_a_word_has_a_sentence() -> None:
    assert read(None, b"{}").sentence == "The provider failed and did not say why."


def test_the_providers_status_and_code_are_kept() -> None:
    failure = read(429, openai(type="insufficient_quota", code="insufficient_quota"))
    assert (failure.status, failure.code) == (429, "insufficient_quota")
    assert read(None, {"error": {"code": 503, "message": "m"}}).status == 503
    assert read(200, {"error": "text"}).status == STATUS[K.SERVER]
    assert read(404, openai(code="DeploymentNotFound")).code == "DeploymentNotFound"


def test_a_long_sentence_is_cut() -> None:
    sentence = read(500, {"error": {"message": "x" * 10_000}}).sentence
    assert len(sentence) == 2000
    assert sentence.endswith("x…")


@pytest.mark.parametrize(
    "secret",
    [
        "sk-proj-abcdefgh12345678",
        "sk-ant-api03-" + "a1" * 20,
        "xai-" + "b" * 24,
        "AIza" + "c" * 35,
        "AKIAABCDEFGHIJKLMNOP",
        "dapi0123456789abcdef",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl",
    ],
)
def test_a_secret_in_the_sentence_is_not_repeated(secret: str) -> None:
    sentence = read(401, openai(f"Incorrect API key provided: {secret}. Look at ?key={secret}")).sentence
    assert secret not in sentence
    assert "<secret>" in sentence


@pytest.mark.parametrize("said", ["API token provided: ", "API key provided: '", "token provided:\n"])
def test_the_beginning_of_a_secret_is_not_repeated_either(said: str) -> None:
    sentence = read(401, openai(f"Malformed {said}q7f3a9c... Ensure you are using a valid token.")).sentence
    assert sentence == f"Malformed {said}<secret> Ensure you are using a valid token."


@pytest.mark.parametrize(
    "words",
    [
        "no key provided: please send one",
        "/home/me/src/task-runner-configuration/index.ts",
        "commit 4b825dc642cb6eb9a060e54bf8d69288fbee4904",
        "skill-based",
    ],
)
def test_paths_and_hashes_are_no_secrets(words: str) -> None:
    assert read(400, openai(words)).sentence == words


def test_half_a_surrogate_pair_can_be_told_on() -> None:
    sentence = read_error(400, b'{"error":{"message":"cut \\ud83d"}}').sentence
    assert sentence.encode() == b"cut ?"


@given(st.none() | st.integers(100, 599), st.binary(max_size=60))
def test_any_bytes_are_some_failure(status: int | None, body: bytes) -> None:
    failure = read_error(status, body)
    assert failure.sentence
    assert 400 <= failure.status < 600


def test_an_error_nested_without_end_is_a_failure() -> None:
    for body in (b'{"error":' * 100_000, b"[" * 100_000, b'{"error":' * 500 + b"1" + b"}" * 500):
        assert read_error(400, body).kind is K.BAD_REQUEST


@pytest.mark.parametrize("code", ["²", "①", "٤٠٠"])
def test_digits_that_are_no_numbers_are_a_code_like_any_other(code: str) -> None:
    assert read_error(400, json.dumps({"error": {"code": code, "message": "x"}}).encode()).sentence == "x"


def test_a_message_without_end_is_read_in_bounded_time() -> None:
    failure = read_error(400, json.dumps({"error": {"message": "-eyJ" * 1_000_000}}).encode())
    assert len(failure.sentence) == 2000


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ("token ya29.a0AfH6SMBx-abc_123 expired", "token <secret> expired"),
        ("Invalid API key: 0123456789abcdef0123456789abcdef", "Invalid API key: <secret>"),
        ("BEARER  abcdef123456789 is unknown", "BEARER  <secret> is unknown"),
        (
            "no answer from https://user:hunter2@proxy.test/",
            "no answer from https://user:<secret>@proxy.test/",
        ),
        ("apikey=abcdefghij12345 refused", "apikey=<secret> refused"),
        ("The model pplx-70b-online was not found", "The model pplx-70b-online was not found"),
        ("sk_learn_estimator and hf-inference-x", "sk_learn_estimator and hf-inference-x"),
        ("Authorization header is missing", "Authorization header is missing"),
    ],
)
def test_what_bears_the_mark_of_a_secret_is_masked_and_nothing_else(told: str, sentence: str) -> None:
    assert read(401, openai(told)).sentence == sentence


def test_a_host_that_says_the_whole_request_again_is_listened_to_for_a_while_only() -> None:
    """Every pattern would look through all of it, on the loop that streams wait for."""
    echoed = json.dumps({"error": {"message": "no: " + "model " * 100_000}}).encode()
    assert len(heard(echoed, {}).message) <= 4000
    assert len(heard(b"model " * 100_000, {}).message) <= 4000
