"""OpenAI's library at Chat Completions."""

import json
from collections.abc import Sequence
from typing import Any

import openai

from tests.fakes.script import Billed
from tests.proxy.gateway_fixture import CLIENT_TOKEN
from tests.proxy.matrix.clients.client import (
    LIMIT,
    MODEL,
    NO_TLS,
    NO_TOOLS,
    REQUEST_ID,
    Client,
    Complaint,
    Errors,
)
from tests.proxy.matrix.told import Called, Told, Tool

ERRORS = Errors(
    limited=openai.RateLimitError,
    refused=openai.BadRequestError,
    overloaded=openai.InternalServerError,
    unauthenticated=openai.AuthenticationError,
    broken=(openai.APIError,),
)


class Chat(Client):
    surface = "chat"
    errors = ERRORS
    overflow = "context_length_exceeded"

    async def ask(
        self,
        url: str,
        conversation: list[Any],
        *,
        tools: Sequence[Tool] = NO_TOOLS,
        thinking: bool = False,
        heard: list[str] | None = None,
    ) -> Told:
        asked: dict[str, Any] = {"model": MODEL, "max_completion_tokens": LIMIT, "messages": conversation}
        asked |= {"tools": [written_tool(tool) for tool in tools]} if tools else {}
        asked |= {"reasoning_effort": "high"} if thinking else {}
        async with library(url) as sdk:
            if heard is None:
                return told_by(await sdk.chat.completions.create(**asked))
            asked["stream_options"] = {"include_usage": True}
            async with sdk.chat.completions.stream(**asked) as stream:
                thoughts = []
                async for event in stream:
                    if event.type == "content.delta":
                        heard.append(event.delta)
                    if event.type == "chunk":
                        thoughts += [
                            getattr(choice.delta, "reasoning_content", None) for choice in event.chunk.choices
                        ]
                return told_by(await stream.get_final_completion(), heard, thoughts)

    def continued(self, conversation: list[Any], told: Told, results: Sequence[str]) -> list[Any]:
        answers = [
            {"role": "tool", "tool_call_id": call.id, "content": result}
            for call, result in zip(told.calls, results, strict=True)
        ]
        return [*conversation, told.native, *answers]

    def complaint(self, error: Exception) -> Complaint:
        return complaint_of(error)


def library(url: str) -> openai.AsyncOpenAI:
    http = openai.DefaultAsyncHttpxClient(verify=NO_TLS)
    return openai.AsyncOpenAI(base_url=f"{url}/v1", api_key=CLIENT_TOKEN, max_retries=0, http_client=http)


def complaint_of(error: Exception) -> Complaint:
    """The message with the code, by either of which clients know what is wrong."""
    assert isinstance(error, openai.APIStatusError), repr(error)
    body: Any = error.body
    message = f"{body['message']} ({body['code']})"
    headers = error.response.headers
    return Complaint(error.status_code, message, headers.get("retry-after"), headers.get(REQUEST_ID))


def written_tool(tool: Tool) -> Any:
    function = {"name": tool.name, "description": tool.about, "parameters": dict(tool.schema)}
    return {"type": "function", "function": function}


def told_by(completion: Any, pieces: Sequence[str] = (), thoughts: Sequence[str | None] = ()) -> Told:
    """Thoughts are no part of the library's types, so those of a stream are collected beside it."""
    message = completion.choices[0].message
    native = message.to_dict()
    for call in native.get("tool_calls") or ():
        call["function"].pop("parsed_arguments", None)
        call.pop("index", None)
    native.pop("parsed", None)
    return Told(
        message.content or "",
        tuple(
            Called(call.id, call.function.name, json.loads(call.function.arguments))
            for call in message.tool_calls or ()
        ),
        "".join(filter(None, thoughts)) or native.get("reasoning_content") or "",
        billed(completion.usage),
        native,
        tuple(pieces),
    )


def billed(usage: Any) -> Billed:
    counts = usage.to_dict()
    prompt, output = (counts.get(f"{name}_tokens_details") or {} for name in ("prompt", "completion"))
    read, write = prompt.get("cached_tokens", 0), prompt.get("cache_write_tokens", 0)
    assert counts["total_tokens"] == counts["prompt_tokens"] + counts["completion_tokens"]
    fresh = counts["prompt_tokens"] - read - write
    return Billed(fresh, read, write, counts["completion_tokens"], output.get("reasoning_tokens", 0))
