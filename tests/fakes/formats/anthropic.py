"""Anthropic's Messages as the vendor answers them."""

from collections.abc import Collection
from typing import Any

from proxy.wire.format import Format
from tests.fakes.formats.anthropic_request import read_anthropic
from tests.fakes.formats.speech import Incoming, Memory, Refused, Reply, Speech, Task, json_reply
from tests.fakes.formats.text import compact, cut, named_event
from tests.fakes.rules.anthropic import check_anthropic
from tests.fakes.script import Asked, Billed, Turn

_STOPS = {
    "end": "end_turn",
    "calls": "tool_use",
    "length": "max_tokens",
    "sequence": "stop_sequence",
    "filter": "refusal",
}
_TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    500: "api_error",
    504: "timeout_error",
    529: "overloaded_error",
}


class Anthropic(Speech):
    format = Format.ANTHROPIC
    places = (
        ("POST", "/v1/messages", Task.ANSWER),
        ("POST", "/v1/messages/count_tokens", Task.COUNT),
        ("GET", "/v1/models", Task.MODELS),
        ("GET", "/v1/models/(?P<model>.+)", Task.MODEL),
    )
    call_prefix = "toolu_"
    signs = True
    key_headers = ("x-api-key", "authorization")

    def asked(self, incoming: Incoming, model: str, memory: Memory) -> Asked:
        body = incoming.body
        return Asked(
            format=self.format,
            path=incoming.path_qs,
            headers=incoming.headers,
            body=body,
            model=model or body.get("model", ""),
            stream=body.get("stream") is True,
            **read_anthropic(body),
        )

    def check(self, asked: Asked, memory: Memory, *, max_output: int) -> None:
        check_anthropic(asked, memory, max_output=max_output)

    def whole(self, turn: Turn, asked: Asked, number: int) -> Any:
        return {
            **_message(asked.model, number),
            "content": [block for block, _deltas in _blocks(turn)],
            "stop_reason": _STOPS[turn.reason],
            "stop_sequence": _sequence(turn, asked),
            "usage": written_usage(turn.usage),
        }

    def stream(self, turn: Turn, asked: Asked, number: int) -> list[bytes]:
        return [named_event(event) for event in anthropic_events(turn, asked, number)]

    def error(self, status: int, message: str, code: str | None = None) -> Reply:
        return json_reply(status, error_members(status, message, code), request_id="req_fake")

    def error_event(self, message: str, asked: Asked) -> bytes:
        return named_event(error_members(529, message))

    def malformed_event(self, asked: Asked) -> bytes:
        return b'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"te\n\n'

    def overflow(self, tokens: int, maximum: int) -> Refused:
        return Refused(f"prompt is too long: {tokens} tokens > {maximum} maximum")

    def models(self, names: Collection[str]) -> Any:
        data = [
            {"type": "model", "id": name, "display_name": name, "created_at": "2026-01-01T00:00:00Z"}
            for name in names
        ]
        ends = (
            {"first_id": data[0]["id"], "last_id": data[-1]["id"]}
            if data
            else {"first_id": None, "last_id": None}
        )
        return {"data": data, "has_more": False, **ends}


def anthropic_events(turn: Turn, asked: Asked, number: int) -> list[dict[str, Any]]:
    """The events of a stream, before they are framed."""
    begun = written_usage(turn.usage) | {"output_tokens": 1}
    start = {**_message(asked.model, number), "stop_reason": None, "stop_sequence": None, "usage": begun}
    events: list[dict[str, Any]] = [{"type": "message_start", "message": start}, {"type": "ping"}]
    for index, (block, deltas) in enumerate(_blocks(turn)):
        events.append({"type": "content_block_start", "index": index, "content_block": _empty(block)})
        events += [{"type": "content_block_delta", "index": index, "delta": delta} for delta in deltas]
        events.append({"type": "content_block_stop", "index": index})
    delta = {"stop_reason": _STOPS[turn.reason], "stop_sequence": _sequence(turn, asked)}
    return [
        *events,
        {"type": "message_delta", "delta": delta, "usage": written_usage(turn.usage)},
        {"type": "message_stop"},
    ]


def written_usage(billed: Billed) -> dict[str, Any]:
    usage: dict[str, Any] = {
        "input_tokens": billed.input,
        "cache_creation_input_tokens": billed.cache_write,
        "cache_read_input_tokens": billed.cache_read,
        "output_tokens": billed.output,
    }
    return usage | (
        {"output_tokens_details": {"thinking_tokens": billed.reasoning}} if billed.reasoning else {}
    )


def error_members(status: int, message: str, code: str | None = None) -> dict[str, Any]:
    type_ = code or _TYPES.get(status, "api_error")
    return {"type": "error", "error": {"type": type_, "message": message}, "request_id": "req_fake"}


def _message(model: str, number: int) -> dict[str, Any]:
    return {"id": f"msg_{number:04}", "type": "message", "role": "assistant", "model": model, "content": []}


def _blocks(turn: Turn) -> list[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Each block, and the deltas that it comes in."""
    blocks: list[tuple[dict[str, Any], list[dict[str, Any]]]] = []
    if turn.thinking is not None:
        said = [{"type": "thinking_delta", "thinking": piece} for piece in cut(turn.thinking)]
        signed = {"type": "signature_delta", "signature": turn.signature}
        block = {"type": "thinking", "thinking": turn.thinking, "signature": turn.signature}
        blocks.append((block, [*said, signed]))
    if turn.text:
        block = {"type": "text", "text": turn.text}
        blocks.append((block, [{"type": "text_delta", "text": piece} for piece in cut(turn.text)]))
    for call in turn.calls:
        block = {"type": "tool_use", "id": call.id, "name": call.name, "input": dict(call.arguments)}
        pieces = ["", *cut(compact(block["input"]), 4)]
        blocks.append((block, [{"type": "input_json_delta", "partial_json": piece} for piece in pieces]))
    return blocks


_EMPTY = {"thinking": {"thinking": "", "signature": ""}, "text": {"text": ""}, "tool_use": {"input": {}}}


def _empty(block: dict[str, Any]) -> dict[str, Any]:
    return block | _EMPTY[block["type"]]


def _sequence(turn: Turn, asked: Asked) -> str | None:
    return (asked.body.get("stop_sequences") or ["\n"])[0] if turn.reason == "sequence" else None
