"""Ollama's own chat as the server answers it: lines of JSON, arguments as objects, few rules."""

from collections.abc import Collection
from typing import Any

from proxy.wire.format import Format
from tests.fakes.formats.speech import Incoming, Memory, Refused, Reply, Speech, Task, json_reply
from tests.fakes.formats.text import cut, encoded
from tests.fakes.rules.ollama import check_ollama
from tests.fakes.script import Asked, Call, ToolResult, Turn

_STOPS = {"end": "stop", "calls": "stop", "length": "length", "sequence": "stop", "filter": "stop"}
_CREATED = "2026-01-01T00:00:00Z"
_LINE = b"\n"


class Ollama(Speech):
    format = Format.OLLAMA
    places = (
        ("POST", "/api/chat", Task.ANSWER),
        ("GET", "/api/tags", Task.MODELS),
        ("POST", "/api/embed", Task.EMBED),
    )
    stream_type = "application/x-ndjson"
    call_prefix = ""

    def asked(self, incoming: Incoming, model: str, memory: Memory) -> Asked:
        body = incoming.body
        messages = body.get("messages") or []
        think = body.get("think")
        return Asked(
            format=self.format,
            path=incoming.path_qs,
            headers=incoming.headers,
            body=body,
            model=body.get("model", ""),
            stream=body.get("stream", True) is True,
            system="\n".join(_texts(messages, "system")),
            user=next(reversed(_texts(messages, "user")), ""),
            tools=tuple((tool.get("function") or {}).get("name", "") for tool in body.get("tools") or ()),
            results=tuple(
                ToolResult(
                    message.get("tool_name", ""), message.get("tool_call_id", ""), message.get("content", "")
                )
                for message in messages
                if message.get("role") == "tool"
            ),
            thinking=None if think is None else think is not False,
            max_tokens=(body.get("options") or {}).get("num_predict"),
        )

    def check(self, asked: Asked, memory: Memory, *, max_output: int) -> None:
        check_ollama(asked)

    def whole(self, turn: Turn, asked: Asked, number: int) -> Any:
        message: dict[str, Any] = {"role": "assistant", "content": turn.text}
        message |= {"thinking": turn.thinking} if turn.thinking is not None else {}
        message |= (
            {"tool_calls": [_call(index, call) for index, call in enumerate(turn.calls)]}
            if turn.calls
            else {}
        )
        return _done(turn, asked, message)

    def stream(self, turn: Turn, asked: Asked, number: int) -> list[bytes]:
        messages: list[dict[str, Any]] = [
            {"content": "", "thinking": piece} for piece in cut(turn.thinking or "")
        ]
        messages += [{"content": piece} for piece in cut(turn.text)]
        messages += [
            {"content": "", "tool_calls": [_call(index, call)]} for index, call in enumerate(turn.calls)
        ]
        lines = [
            {
                "model": asked.model,
                "created_at": _CREATED,
                "message": {"role": "assistant", **message},
                "done": False,
            }
            for message in messages
        ]
        return [
            encoded(line) + _LINE
            for line in [*lines, _done(turn, asked, {"role": "assistant", "content": ""})]
        ]

    def error(self, status: int, message: str, code: str | None = None) -> Reply:
        return json_reply(status, {"error": message})

    def error_event(self, message: str, asked: Asked) -> bytes:
        return encoded({"error": message}) + _LINE

    def malformed_event(self, asked: Asked) -> bytes:
        return b'{"model":"m","created_at":"2026-01-01T00:00:00Z","message":{"role":"assist\n'

    def overflow(self, tokens: int, maximum: int) -> Refused:
        return Refused(f"prompt too long; exceeded max context length by {tokens - maximum} tokens")

    def no_model(self, model: str) -> Refused:
        return Refused(f"model '{model}' not found", status=404)

    def models(self, names: Collection[str]) -> Any:
        details = {"format": "gguf", "family": "fake", "parameter_size": "1B", "quantization_level": "Q4_K_M"}
        told = {"modified_at": _CREATED, "size": 1, "digest": "0" * 64, "details": details}
        return {"models": [{"name": name, "model": name, **told} for name in names]}

    def embedded(self, asked: Asked, tokens: int) -> Any:
        inputs = asked.body.get("input")
        count = len(inputs) if isinstance(inputs, list) else 1
        return {"model": asked.model, "embeddings": [[0.25, -0.5, 1.0]] * count, "prompt_eval_count": tokens}


def _done(turn: Turn, asked: Asked, message: dict[str, Any]) -> dict[str, Any]:
    """The server counts the prompt as one number, whatever of it was cached."""
    return {
        "model": asked.model,
        "created_at": _CREATED,
        "message": message,
        "done": True,
        "done_reason": _STOPS[turn.reason],
        "total_duration": 4_000_000,
        "load_duration": 1_000_000,
        "prompt_eval_count": turn.usage.prompt,
        "prompt_eval_duration": 1_000_000,
        "eval_count": turn.usage.output,
        "eval_duration": 2_000_000,
    }


def _call(index: int, call: Call) -> dict[str, Any]:
    named = {"id": call.id} if call.id else {}
    return {**named, "function": {"index": index, "name": call.name, "arguments": dict(call.arguments)}}


def _texts(messages: list[Any], role: str) -> list[str]:
    return [
        message["content"] for message in messages if message.get("role") == role and message.get("content")
    ]
