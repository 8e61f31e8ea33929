"""What paths tell, those that nobody serves included."""

import pytest

from proxy.server.paths import GeminiCall, family, gemini_call, mended
from proxy.wire.failure import Failure, FailureKind
from proxy.wire.format import Format


@pytest.mark.parametrize(
    ("path", "speaks"),
    [
        ("/v1/messages", Format.ANTHROPIC),
        ("/v1/messages/batches", Format.ANTHROPIC),
        ("/v1/v1/messages/batches", Format.ANTHROPIC),
        ("/c/claude/v1/messages/batches", Format.ANTHROPIC),
        ("/c/claude@fast/v1/v1/messages/x", Format.ANTHROPIC),
        ("/v1beta/cachedContents", Format.GEMINI),
        ("/c/gemini/v1beta/files", Format.GEMINI),
        ("/v1/v1beta/files", Format.GEMINI),
        ("/v1/responses/resp_1/cancel", Format.RESPONSES),
        ("/c/codex/v1/responses/compact", Format.RESPONSES),
        ("/v1/files", Format.OPENAI_CHAT),
        ("/c/v1/messages", Format.OPENAI_CHAT),
        ("/", Format.OPENAI_CHAT),
        ("", Format.OPENAI_CHAT),
    ],
)
def test_a_path_belongs_to_a_family(path: str, speaks: Format) -> None:
    assert family(path, {}) is speaks


@pytest.mark.parametrize(
    ("path", "speaks"),
    [
        ("/v1/files", Format.ANTHROPIC),
        ("/anything", Format.ANTHROPIC),
        ("/v1beta/files", Format.GEMINI),
        ("/v1/responses/x", Format.RESPONSES),
        ("/v1/chat/completions/x", Format.OPENAI_CHAT),
    ],
)
def test_the_version_header_tells_where_the_path_does_not(path: str, speaks: Format) -> None:
    assert family(path, {"anthropic-version": "2023-06-01"}) is speaks


@pytest.mark.parametrize(
    ("path", "plain"),
    [
        ("/v1/messages", "/v1/messages"),
        ("/v1/v1/messages", "/v1/messages"),
        ("/v1/v1/v1/messages", "/v1/messages"),
        ("/v1/v1beta/models", "/v1beta/models"),
        ("/v1/v1", "/v1"),
        ("/c/claude/v1/v1/messages", "/c/claude/v1/messages"),
        ("/c/claude@work/v1/v1/models/v1/v1/x", "/c/claude@work/v1/models/v1/v1/x"),
        ("/v1/models/v1/v1/x", "/v1/models/v1/v1/x"),
        ("/v1/v1x", "/v1/v1x"),
        ("/v1", "/v1"),
        ("/", "/"),
    ],
)
def test_a_doubled_v1_at_the_front_is_mended(path: str, plain: str) -> None:
    assert mended(path) == plain


@pytest.mark.parametrize(
    ("rest", "model", "method"),
    [
        ("gemini-2.5-pro:generateContent", "gemini-2.5-pro", "generateContent"),
        ("gemini-2.5-pro:streamGenerateContent", "gemini-2.5-pro", "streamGenerateContent"),
        ("m:countTokens", "m", "countTokens"),
        ("m:embedContent", "m", "embedContent"),
        ("models/m:countTokens", "m", "countTokens"),
        ("openrouter/vendor/m:generateContent", "openrouter/vendor/m", "generateContent"),
        ("openrouter%2Fvendor%2Fm:generateContent", "openrouter/vendor/m", "generateContent"),
        ("models%2Fm%3AgenerateContent", "m", "generateContent"),
        ("ollama/qwen3:8b:generateContent", "ollama/qwen3:8b", "generateContent"),
    ],
)
def test_a_gemini_call_names_model_and_method(rest: str, model: str, method: str) -> None:
    assert gemini_call(rest) == GeminiCall(model, method)


@pytest.mark.parametrize(
    "rest", ["", "m", ":generateContent", "models/:generateContent", "m:", "m:predict", "m:GenerateContent"]
)
def test_any_other_gemini_call_is_not_found(rest: str) -> None:
    with pytest.raises(Failure) as caught:
        gemini_call(rest)
    assert caught.value.kind is FailureKind.NOT_FOUND
