"""OpenAI's library at Responses."""

import json
from collections.abc import Sequence
from typing import Any

from tests.fakes.script import Billed
from tests.proxy.matrix.clients.chat import ERRORS, complaint_of, library
from tests.proxy.matrix.clients.client import (
    LIMIT,
    MODEL,
    NO_TOOLS,
    BrokenError,
    Client,
    Complaint,
    Errors,
)
from tests.proxy.matrix.told import Called, Told, Tool


class Responses(Client):
    surface = "responses"
    errors = Errors(
        limited=ERRORS.limited,
        refused=ERRORS.refused,
        overloaded=ERRORS.overloaded,
        unauthenticated=ERRORS.unauthenticated,
        broken=(*ERRORS.broken, BrokenError),
    )
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
        """Nothing is stored, so that reasoning comes sealed and goes back with the conversation."""
        asked: dict[str, Any] = {"model": MODEL, "max_output_tokens": LIMIT, "input": conversation}
        asked |= {"store": False, "include": ["reasoning.encrypted_content"]}
        asked |= {"tools": [written_tool(tool) for tool in tools]} if tools else {}
        asked |= {"reasoning": {"effort": "high", "summary": "auto"}} if thinking else {}
        async with library(url) as sdk:
            if heard is None:
                return told_by(await sdk.responses.create(**asked))
            async with sdk.responses.stream(**asked) as stream:
                async for event in stream:
                    if event.type == "response.output_text.delta":
                        heard.append(event.delta)
                    if event.type in ("response.failed", "error"):
                        raise BrokenError(event)
                return told_by(await stream.get_final_response(), heard)

    def continued(self, conversation: list[Any], told: Told, results: Sequence[str]) -> list[Any]:
        answers = [
            {"type": "function_call_output", "call_id": call.id, "output": result}
            for call, result in zip(told.calls, results, strict=True)
        ]
        return [*conversation, *told.native, *answers]

    def complaint(self, error: Exception) -> Complaint:
        return complaint_of(error)


def written_tool(tool: Tool) -> Any:
    function = {"name": tool.name, "description": tool.about, "parameters": dict(tool.schema)}
    return {"type": "function", **function, "strict": False}


def told_by(response: Any, pieces: Sequence[str] = ()) -> Told:
    thoughts = [item for item in response.output if item.type == "reasoning"]
    calls = [item for item in response.output if item.type == "function_call"]
    native = [item.to_dict() for item in response.output]
    for item in native:
        item.pop("parsed_arguments", None)
    return Told(
        response.output_text,
        tuple(Called(item.call_id, item.name, json.loads(item.arguments)) for item in calls),
        "".join(part.text for item in thoughts for part in item.summary),
        billed(response.usage),
        native,
        tuple(pieces),
    )


def billed(usage: Any) -> Billed:
    counts = usage.to_dict()
    prompt, output = counts["input_tokens_details"], counts["output_tokens_details"]
    read, write = prompt["cached_tokens"], prompt.get("cache_write_tokens", 0)
    assert counts["total_tokens"] == counts["input_tokens"] + counts["output_tokens"]
    fresh = counts["input_tokens"] - read - write
    return Billed(fresh, read, write, counts["output_tokens"], output["reasoning_tokens"])
