"""OpenAI's Responses as the vendor answers them."""

from collections.abc import Mapping
from typing import Any

from proxy.wire.format import Format
from tests.fakes.formats.openai import MODELS_AND_EMBEDDINGS, OpenAI
from tests.fakes.formats.responses_events import streamed
from tests.fakes.formats.speech import Incoming, Memory, Refused, Task
from tests.fakes.formats.text import compact, named_event, texts_in
from tests.fakes.rules.responses import check_responses, items_of
from tests.fakes.script import Asked, Billed, ToolResult, Turn

_CREATED = 1_767_225_600
_REASONS = {"length": "max_output_tokens", "filter": "content_filter"}
_ECHOED: Mapping[str, Any] = {
    "instructions": None,
    "max_output_tokens": None,
    "metadata": {},
    "parallel_tool_calls": True,
    "previous_response_id": None,
    "reasoning": {"effort": None, "summary": None},
    "store": True,
    "temperature": 1.0,
    "text": {"format": {"type": "text"}},
    "tool_choice": "auto",
    "tools": [],
    "top_p": 1.0,
    "truncation": "disabled",
}
"""What a response repeats of its request, with what holds where that says nothing."""


class Responses(OpenAI):
    format = Format.RESPONSES
    places = (("POST", "/v1/responses", Task.ANSWER), *MODELS_AND_EMBEDDINGS)
    signs = True

    def asked(self, incoming: Incoming, model: str, memory: Memory) -> Asked:
        body = incoming.body
        before = memory.responses.get(body.get("previous_response_id") or "", [])
        items = [*before, *items_of(body.get("input"))]
        effort = (body.get("reasoning") or {}).get("effort")
        systems = [
            texts_in(item.get("content")) for item in items if item.get("role") in ("system", "developer")
        ]
        users = [texts_in(item.get("content")) for item in items if item.get("role") == "user"]
        return Asked(
            format=self.format,
            path=incoming.path_qs,
            headers=incoming.headers,
            body=body,
            model=body.get("model", ""),
            stream=body.get("stream") is True,
            system="\n".join(filter(None, [body.get("instructions"), *systems])),
            user=next((text for text in reversed(users) if text), ""),
            tools=tuple(_tool_names(body.get("tools") or ())),
            results=_results(items),
            thinking=None if effort is None else effort != "none",
            max_tokens=body.get("max_output_tokens"),
        )

    def check(self, asked: Asked, memory: Memory, *, max_output: int) -> None:
        check_responses(asked, memory, max_output=max_output)

    def whole(self, turn: Turn, asked: Asked, number: int) -> Any:
        return finished(turn, asked, number)

    def stream(self, turn: Turn, asked: Asked, number: int) -> list[bytes]:
        begun = {**_head(asked, number), "status": "in_progress", "output": [], "usage": None}
        return [named_event(event) for event in streamed(begun, finished(turn, asked, number))]

    def stored(self, memory: Memory, turn: Turn, asked: Asked, number: int) -> None:
        super().stored(memory, turn, asked, number)
        if asked.body.get("store", True):
            before = memory.responses.get(asked.body.get("previous_response_id") or "", [])
            said = finished(turn, asked, number)["output"]
            memory.responses[_id(number)] = [*before, *items_of(asked.body.get("input")), *said]

    def error_event(self, message: str, asked: Asked) -> bytes:
        error = {
            "type": "error",
            "code": "server_error",
            "message": message,
            "param": None,
            "sequence_number": 0,
        }
        return named_event(error)

    def malformed_event(self, asked: Asked) -> bytes:
        return (
            b'event: response.output_text.delta\ndata: {"type":"response.output_text.delta","item_id":"ms\n\n'
        )

    def overflow(self, tokens: int, maximum: int) -> Refused:
        message = (
            "Your input exceeds the context window of this model. Please adjust your input and try again."
        )
        return Refused(message, code="context_length_exceeded")


def written_usage(billed: Billed) -> dict[str, Any]:
    return {
        "input_tokens": billed.prompt,
        "input_tokens_details": {
            "cached_tokens": billed.cache_read,
            "cache_write_tokens": billed.cache_write,
        },
        "output_tokens": billed.output,
        "output_tokens_details": {"reasoning_tokens": billed.reasoning},
        "total_tokens": billed.prompt + billed.output,
    }


def finished(turn: Turn, asked: Asked, number: int) -> dict[str, Any]:
    """The response as a whole answer has it, and the last event of a stream."""
    reason = _REASONS.get(turn.reason)
    return {
        **_head(asked, number),
        "status": "completed" if reason is None else "incomplete",
        "incomplete_details": None if reason is None else {"reason": reason},
        "output": _output(turn, asked, number),
        "usage": written_usage(turn.usage),
    }


def _id(number: int) -> str:
    return f"resp_{number:04}"


def _head(asked: Asked, number: int) -> dict[str, Any]:
    head = {"id": _id(number), "object": "response", "created_at": _CREATED, "model": asked.model}
    echoed = {name: asked.body.get(name, usual) for name, usual in _ECHOED.items()}
    return {**head, "background": False, "error": None, "incomplete_details": None, **echoed}


def _output(turn: Turn, asked: Asked, number: int) -> list[dict[str, Any]]:
    output: list[dict[str, Any]] = []
    if turn.thinking is not None:
        summary = [{"type": "summary_text", "text": turn.thinking}]
        sealed = "reasoning.encrypted_content" in (asked.body.get("include") or ())
        item = {"id": f"rs_{number:04}", "type": "reasoning", "summary": summary}
        output.append(item | ({"encrypted_content": turn.signature} if sealed else {}))
    if turn.text:
        part = {"type": "output_text", "text": turn.text, "annotations": [], "logprobs": []}
        head = {"id": f"msg_{number:04}", "type": "message", "status": "completed", "role": "assistant"}
        output.append({**head, "content": [part]})
    for place, call in enumerate(turn.calls):
        head = {"id": f"fc_{number:04}{place:02}", "type": "function_call", "status": "completed"}
        arguments = compact(dict(call.arguments))
        output.append({**head, "call_id": call.id, "name": call.name, "arguments": arguments})
    return output


def _tool_names(tools: Any) -> list[str]:
    """A namespace holds tools of its own."""
    names: list[str] = []
    for tool in tools:
        nested = tool.get("tools") if tool.get("type") == "namespace" else None
        names += _tool_names(nested) if nested else [tool.get("name") or tool.get("type", "")]
    return names


def _results(items: list[Any]) -> tuple[ToolResult, ...]:
    names = {item.get("call_id"): item.get("name", "") for item in items if item.get("name")}
    told = [item for item in items if item.get("type") in ("function_call_output", "custom_tool_call_output")]
    return tuple(
        ToolResult(names.get(item.get("call_id"), ""), item.get("call_id", ""), texts_in(item.get("output")))
        for item in told
    )
