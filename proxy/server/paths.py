"""What the path of a request tells: whose API it belongs to, and for Gemini which model is asked for what."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from proxy.wire.failure import Failure, FailureKind
from proxy.wire.format import Format

_FAMILIES = {
    "/v1/messages": Format.ANTHROPIC,
    "/api/event_logging": Format.ANTHROPIC,
    "/v1beta": Format.GEMINI,
    "/v1/responses": Format.RESPONSES,
    "/v1/chat": Format.OPENAI_CHAT,
    "/v1/embeddings": Format.OPENAI_CHAT,
}

_CLIENT = re.compile(r"/c/[^/]+")
_DOUBLED = re.compile(r"((?:/c/[^/]+)?)(?:/v1)+(?=/v1(?:beta)?(?:/|$))")

_GEMINI_METHODS = frozenset({"generateContent", "streamGenerateContent", "countTokens", "embedContent"})


def family(path: str, headers: Mapping[str, str]) -> Format:
    """The format in which a client that asks there understands an error, be there anything or not."""
    plain = _CLIENT.sub("", mended(path), count=1) if path.startswith("/c/") else mended(path)
    known = next((speaks for prefix, speaks in _FAMILIES.items() if plain.startswith(prefix)), None)
    if known is not None:
        return known
    return Format.ANTHROPIC if "anthropic-version" in headers else Format.OPENAI_CHAT


def mended(path: str) -> str:
    """The path without a `/v1` too many, which clients send whose base URL ends in one already."""
    return _DOUBLED.sub(r"\1", path, count=1) if _DOUBLED.match(path) else path


@dataclass(frozen=True, slots=True)
class GeminiCall:
    """What a path of the Gemini API asks for."""

    model: str
    method: str


def gemini_call(rest: str) -> GeminiCall:
    """Reads `{model}:{method}`, the part after `/v1beta/models/`. The model may hold slashes and colons."""
    model, colon, method = unquote(rest).rpartition(":")
    model = model.removeprefix("models/")
    if not colon or not model:
        raise Failure(
            FailureKind.NOT_FOUND,
            "A call to the Gemini API names a model and a method: /v1beta/models/{model}:generateContent.",
        )
    if method not in _GEMINI_METHODS:
        offered = ", ".join(sorted(_GEMINI_METHODS))
        raise Failure(
            FailureKind.NOT_FOUND, f"Tierwise does not know the method {method[:60]!r}; it knows {offered}."
        )
    return GeminiCall(model, method)
