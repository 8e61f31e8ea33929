"""A client in the shapes of Google's API, for its library is not among our tools."""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from tests.fakes.script import Billed
from tests.proxy.gateway_fixture import CLIENT_TOKEN
from tests.proxy.matrix.clients.client import (
    BUDGET,
    LIMIT,
    MODEL,
    NO_TOOLS,
    REQUEST_ID,
    Client,
    Complaint,
    Errors,
)
from tests.proxy.matrix.told import Called, Told, Tool

_RETRY_INFO = "type.googleapis.com/google.rpc.RetryInfo"


class GeminiError(Exception):
    def __init__(self, status: int, error: Mapping[str, Any], headers: Mapping[str, str]) -> None:
        super().__init__(error)
        self.status = status
        self.error = error
        self.headers = headers


class RateLimitedError(GeminiError): ...


class RefusedError(GeminiError): ...


class OverloadedError(GeminiError): ...


class UnauthenticatedError(GeminiError): ...


_ERRORS: Mapping[str, type[GeminiError]] = {
    "RESOURCE_EXHAUSTED": RateLimitedError,
    "INVALID_ARGUMENT": RefusedError,
    "UNAVAILABLE": OverloadedError,
    "UNAUTHENTICATED": UnauthenticatedError,
}


class Gemini(Client):
    surface = "gemini"
    errors = Errors(
        limited=RateLimitedError,
        refused=RefusedError,
        overloaded=OverloadedError,
        unauthenticated=UnauthenticatedError,
        broken=(GeminiError,),
    )
    overflow = "exceeds the maximum number of tokens"
    tells_cache_writes = False

    def begun(self, said: str) -> list[Any]:
        return [{"role": "user", "parts": [{"text": said}]}]

    async def ask(
        self,
        url: str,
        conversation: list[Any],
        *,
        tools: Sequence[Tool] = NO_TOOLS,
        thinking: bool = False,
        heard: list[str] | None = None,
    ) -> Told:
        config: dict[str, Any] = {"maxOutputTokens": LIMIT}
        config |= {"thinkingConfig": {"thinkingBudget": BUDGET, "includeThoughts": True}} if thinking else {}
        asked: dict[str, Any] = {"contents": conversation, "generationConfig": config}
        asked |= (
            {"tools": [{"functionDeclarations": [_written_tool(tool) for tool in tools]}]} if tools else {}
        )
        if heard is None:
            async with posted(url, "generateContent", asked) as answer:
                return _told([json.loads(await answer.read())])
        chunks = []
        async with posted(url, "streamGenerateContent?alt=sse", asked) as answer:
            async for chunk in _events(answer):
                chunks.append(chunk)
                heard += [part["text"] for part in _parts([chunk]) if _is_said(part)]
        return _told(chunks, heard)

    def continued(self, conversation: list[Any], told: Told, results: Sequence[str]) -> list[Any]:
        answers = [
            {
                "functionResponse": {
                    **({"id": call.id} if call.id else {}),
                    "name": call.name,
                    "response": {"output": result},
                }
            }
            for call, result in zip(told.calls, results, strict=True)
        ]
        return [*conversation, {"role": "model", "parts": told.native}, {"role": "user", "parts": answers}]

    def complaint(self, error: Exception) -> Complaint:
        assert isinstance(error, GeminiError), repr(error)
        details = {detail["@type"]: detail for detail in error.error.get("details", ())}
        delay = details.get(_RETRY_INFO, {}).get("retryDelay", "").removesuffix("s") or None
        retry_after = error.headers.get("retry-after") or delay
        return Complaint(error.status, error.error["message"], retry_after, error.headers.get(REQUEST_ID))


@asynccontextmanager
async def posted(url: str, method: str, body: Any) -> AsyncIterator[aiohttp.ClientResponse]:
    headers = {"x-goog-api-key": CLIENT_TOKEN}
    async with (
        aiohttp.ClientSession(headers=headers) as http,
        http.post(f"{url}/v1beta/models/{MODEL}:{method}", json=body) as answer,
    ):
        if answer.status != 200:
            raise _error(answer.status, json.loads(await answer.read()), answer.headers)
        yield answer


async def _events(answer: aiohttp.ClientResponse) -> AsyncIterator[Any]:
    """The chunks; an error among them has no `data:` in front, and a stream that just stops is one too."""
    try:
        async for line in answer.content:
            if not line.strip():
                continue
            chunk = json.loads(line.removeprefix(b"data: "))
            if "error" in chunk:
                raise _error(chunk["error"]["code"], chunk, answer.headers)
            yield chunk
    except aiohttp.ClientPayloadError as broken:
        raise AssertionError("The stream broke off without a word.") from broken


def _error(status: int, body: Any, headers: Mapping[str, str]) -> GeminiError:
    error = body["error"]
    assert error["code"] == status, error
    return _ERRORS.get(error["status"], GeminiError)(status, error, headers)


def _written_tool(tool: Tool) -> Any:
    return {"name": tool.name, "description": tool.about, "parameters": dict(tool.schema)}


def _parts(chunks: Sequence[Any]) -> list[Any]:
    return [
        part
        for chunk in chunks
        for candidate in chunk.get("candidates", ())
        for part in candidate.get("content", {}).get("parts", ())
    ]


def _is_said(part: Mapping[str, Any]) -> bool:
    return bool(part.get("text")) and not part.get("thought")


def _told(chunks: Sequence[Any], pieces: Sequence[str] = ()) -> Told:
    parts = _parts(chunks)
    calls = [part["functionCall"] for part in parts if "functionCall" in part]
    assert any(candidate.get("finishReason") for chunk in chunks for candidate in chunk.get("candidates", ()))
    return Told(
        "".join(part["text"] for part in parts if _is_said(part)),
        tuple(Called(call.get("id", ""), call["name"], call.get("args", {})) for call in calls),
        "".join(part["text"] for part in parts if part.get("thought")),
        _billed(chunks[-1]["usageMetadata"]),
        parts,
        tuple(pieces),
    )


def _billed(counts: Mapping[str, int]) -> Billed:
    read, thoughts = counts.get("cachedContentTokenCount", 0), counts.get("thoughtsTokenCount", 0)
    output = counts.get("candidatesTokenCount", 0) + thoughts
    assert counts["totalTokenCount"] == counts["promptTokenCount"] + output
    return Billed(counts["promptTokenCount"] - read, read, 0, output, thoughts)
