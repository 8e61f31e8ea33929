"""Google's Gemini API as the vendor answers it."""

from collections.abc import Collection
from typing import Any

from proxy.wire.format import Format
from tests.fakes.formats.gemini_request import read_gemini
from tests.fakes.formats.speech import Incoming, Memory, Refused, Reply, Speech, Task, json_reply
from tests.fakes.formats.text import cut, data_event, encoded
from tests.fakes.rules.gemini import check_gemini
from tests.fakes.script import Asked, Billed, Turn

_STOPS = {"end": "STOP", "calls": "STOP", "length": "MAX_TOKENS", "sequence": "STOP", "filter": "SAFETY"}
_NAMES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    402: "FAILED_PRECONDITION",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
    529: "UNAVAILABLE",
}
_MODEL = "/v1(?:beta)?/models/(?P<model>[^/:]+)"


class Gemini(Speech):
    format = Format.GEMINI
    base = "/v1beta"
    places = (
        ("POST", f"{_MODEL}:(?:streamGenerateContent|generateContent)", Task.ANSWER),
        ("POST", f"{_MODEL}:countTokens", Task.COUNT),
        ("GET", "/v1(?:beta)?/models", Task.MODELS),
        ("GET", _MODEL, Task.MODEL),
    )
    call_prefix = ""
    signs = True
    key_headers = ("x-goog-api-key", "authorization")

    def keys(self, incoming: Incoming) -> set[str]:
        return super().keys(incoming) | {incoming.query.get("key", "")}

    def asked(self, incoming: Incoming, model: str, memory: Memory) -> Asked:
        return Asked(
            format=self.format,
            path=incoming.path_qs,
            headers=incoming.headers,
            body=incoming.body,
            model=model,
            stream=":streamGenerateContent" in incoming.path,
            **read_gemini(incoming.body),
        )

    def check(self, asked: Asked, memory: Memory, *, max_output: int) -> None:
        check_gemini(asked, memory, max_output=max_output)

    def whole(self, turn: Turn, asked: Asked, number: int) -> Any:
        parts = [
            *([_thought(turn.thinking)] if turn.thinking is not None else []),
            *_said(turn),
            *_calls(turn),
        ]
        return _chunk(asked, number, parts, reason=_STOPS[turn.reason], usage=turn.usage)

    def stream(self, turn: Turn, asked: Asked, number: int) -> list[bytes]:
        """Thoughts and text in pieces, calls whole; the signature is on the first call or the last text."""
        parts = [_thought(piece) for piece in cut(turn.thinking or "")]
        parts += [{"text": piece} for piece in cut(turn.text)[:-1]]
        parts += [{"text": piece, **_signed(turn, bool(not turn.calls))} for piece in cut(turn.text)[-1:]]
        parts += _calls(turn)
        chunks = [_chunk(asked, number, [part]) for part in parts]
        chunks.append(_chunk(asked, number, [{"text": ""}], reason=_STOPS[turn.reason], usage=turn.usage))
        if _is_sse(asked):
            return [data_event(chunk) for chunk in chunks]
        framed = [b",\n" + encoded(chunk) for chunk in chunks]
        return [b"[" + framed[0].removeprefix(b",\n"), *framed[1:], b"]"]

    def streamed_type(self, asked: Asked) -> str:
        return self.stream_type if _is_sse(asked) else "application/json"

    def error(self, status: int, message: str, code: str | None = None) -> Reply:
        return json_reply(status, _error(status, message, code))

    def error_event(self, message: str, asked: Asked) -> bytes:
        error = _error(503, message)
        return data_event(error) if _is_sse(asked) else b"[" + encoded(error) + b"]"

    def malformed_event(self, asked: Asked) -> bytes:
        return b'data: {"candidates":[{"content":{"parts":[{"te\n\n'

    def overflow(self, tokens: int, maximum: int) -> Refused:
        return Refused(
            f"The input token count ({tokens}) exceeds the maximum number of tokens allowed ({maximum})."
        )

    def no_model(self, model: str) -> Refused:
        message = (
            f"models/{model} is not found for API version v1beta, or is not supported for generateContent."
        )
        return Refused(message, status=404)

    def counted(self, tokens: int) -> Any:
        return {"totalTokens": tokens}

    def models(self, names: Collection[str]) -> Any:
        return {"models": [self.model(name) for name in names]}

    def model(self, name: str) -> Any:
        methods = ["generateContent", "countTokens"]
        return {
            "name": f"models/{name}",
            "displayName": name,
            "inputTokenLimit": 1_048_576,
            "outputTokenLimit": 65_536,
            "supportedGenerationMethods": methods,
        }


def written_usage(billed: Billed) -> dict[str, Any]:
    """Thoughts are beside the candidates, not in them; a zero is left out."""
    counts = {
        "promptTokenCount": billed.prompt,
        "cachedContentTokenCount": billed.cache_read,
        "candidatesTokenCount": billed.output - billed.reasoning,
        "thoughtsTokenCount": billed.reasoning,
        "totalTokenCount": billed.prompt + billed.output,
    }
    return {name: count for name, count in counts.items() if count}


def _chunk(
    asked: Asked, number: int, parts: list[Any], *, reason: str | None = None, usage: Billed | None = None
) -> dict[str, Any]:
    candidate: dict[str, Any] = {"content": {"parts": parts, "role": "model"}, "index": 0}
    candidate |= {"finishReason": reason} if reason is not None else {}
    counted = {"usageMetadata": written_usage(usage)} if usage is not None else {}
    return {
        "candidates": [candidate],
        **counted,
        "modelVersion": asked.model,
        "responseId": f"resp{number:04}",
    }


def _thought(text: str) -> dict[str, Any]:
    return {"text": text, "thought": True}


def _signed(turn: Turn, here: bool) -> dict[str, str]:
    return {"thoughtSignature": turn.signature} if here and turn.signature is not None else {}


def _said(turn: Turn) -> list[dict[str, Any]]:
    return [{"text": turn.text, **_signed(turn, not turn.calls)}] if turn.text else []


def _calls(turn: Turn) -> list[dict[str, Any]]:
    """Of calls made at once only the first is signed."""
    return [
        {
            "functionCall": {
                "name": call.name,
                "args": dict(call.arguments),
                **({"id": call.id} if call.id else {}),
            },
            **_signed(turn, place == 0),
        }
        for place, call in enumerate(turn.calls)
    ]


def _is_sse(asked: Asked) -> bool:
    return "alt=sse" in asked.path


def _error(status: int, message: str, code: str | None = None) -> dict[str, Any]:
    return {"error": {"code": status, "message": message, "status": code or _NAMES.get(status, "INTERNAL")}}
