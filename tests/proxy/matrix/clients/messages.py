"""Anthropic's library."""

from collections.abc import Sequence
from typing import Any

import anthropic

from tests.fakes.script import Billed
from tests.proxy.gateway_fixture import CLIENT_TOKEN
from tests.proxy.matrix.clients.client import (
    BUDGET,
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


class Messages(Client):
    surface = "messages"
    errors = Errors(
        limited=anthropic.RateLimitError,
        refused=anthropic.BadRequestError,
        overloaded=anthropic.InternalServerError,
        unauthenticated=anthropic.AuthenticationError,
        broken=(anthropic.APIStatusError,),
    )
    overloaded_status = 529
    overflow = "prompt is too long"

    async def ask(
        self,
        url: str,
        conversation: list[Any],
        *,
        tools: Sequence[Tool] = NO_TOOLS,
        thinking: bool = False,
        heard: list[str] | None = None,
    ) -> Told:
        asked: dict[str, Any] = {"model": MODEL, "max_tokens": LIMIT, "messages": conversation}
        asked |= {"tools": [written_tool(tool) for tool in tools]} if tools else {}
        asked |= {"thinking": {"type": "enabled", "budget_tokens": BUDGET}} if thinking else {}
        async with library(url) as sdk:
            if heard is None:
                return told_by(await sdk.messages.create(**asked))
            async with sdk.messages.stream(**asked) as stream:
                async for piece in stream.text_stream:
                    heard.append(piece)
                return told_by(await stream.get_final_message(), heard)

    def continued(self, conversation: list[Any], told: Told, results: Sequence[str]) -> list[Any]:
        answers = [
            {"type": "tool_result", "tool_use_id": call.id, "content": result}
            for call, result in zip(told.calls, results, strict=True)
        ]
        said = {"role": "assistant", "content": told.native}
        return [*conversation, said, {"role": "user", "content": answers}]

    def complaint(self, error: Exception) -> Complaint:
        assert isinstance(error, anthropic.APIStatusError), repr(error)
        body: Any = error.body
        return Complaint(
            error.status_code,
            body["error"]["message"],
            error.response.headers.get("retry-after"),
            error.response.headers.get(REQUEST_ID),
        )


def library(url: str) -> anthropic.AsyncAnthropic:
    http = anthropic.DefaultAsyncHttpxClient(verify=NO_TLS)
    return anthropic.AsyncAnthropic(
        base_url=url, auth_token=CLIENT_TOKEN, api_key=None, max_retries=0, http_client=http
    )


def written_tool(tool: Tool) -> Any:
    return {"name": tool.name, "description": tool.about, "input_schema": dict(tool.schema)}


def told_by(message: Any, pieces: Sequence[str] = ()) -> Told:
    blocks = message.content
    return Told(
        "".join(block.text for block in blocks if block.type == "text"),
        tuple(Called(block.id, block.name, block.input) for block in blocks if block.type == "tool_use"),
        "".join(block.thinking for block in blocks if block.type == "thinking"),
        billed(message.usage),
        blocks,
        tuple(pieces),
    )


def billed(usage: Any) -> Billed:
    details = usage.to_dict().get("output_tokens_details") or {}
    return Billed(
        usage.input_tokens,
        usage.cache_read_input_tokens or 0,
        usage.cache_creation_input_tokens or 0,
        usage.output_tokens,
        details.get("thinking_tokens", 0),
    )
