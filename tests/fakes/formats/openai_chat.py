"""OpenAI's Chat Completions as the vendor answers them; thinking as those hosts do that show it."""

from collections.abc import Mapping
from typing import Any

from proxy.wire.format import Format
from tests.fakes.formats.openai import MODELS_AND_EMBEDDINGS, OpenAI, error_members
from tests.fakes.formats.speech import Incoming, Memory, Refused, Task
from tests.fakes.formats.text import compact, cut, data_event, texts_in
from tests.fakes.rules.openai_chat import check_chat
from tests.fakes.script import Asked, Billed, Call, ToolResult, Turn

_STOPS = {
    "end": "stop",
    "calls": "tool_calls",
    "length": "length",
    "sequence": "stop",
    "filter": "content_filter",
}
_CREATED = 1_767_225_600


class OpenAIChat(OpenAI):
    format = Format.OPENAI_CHAT
    places = (("POST", "/v1/chat/completions", Task.ANSWER), *MODELS_AND_EMBEDDINGS)

    def asked(self, incoming: Incoming, model: str, memory: Memory) -> Asked:
        body = incoming.body
        messages = body.get("messages") or []
        effort = body.get("reasoning_effort")
        return Asked(
            format=self.format,
            path=incoming.path_qs,
            headers=incoming.headers,
            body=body,
            model=body.get("model", ""),
            stream=body.get("stream") is True,
            system="\n".join(_texts(messages, ("system", "developer"))),
            user=next(reversed(_texts(messages, ("user",))), ""),
            tools=tuple((tool.get("function") or {}).get("name", "") for tool in body.get("tools") or ()),
            results=_results(messages),
            thinking=None if effort is None else effort != "none",
            max_tokens=body.get("max_completion_tokens", body.get("max_tokens")),
        )

    def check(self, asked: Asked, memory: Memory, *, max_output: int) -> None:
        check_chat(asked, max_output=max_output)

    def whole(self, turn: Turn, asked: Asked, number: int) -> Any:
        message: dict[str, Any] = {"role": "assistant", "content": turn.text or None, "refusal": None}
        message |= {"reasoning_content": turn.thinking} if turn.thinking is not None else {}
        message |= {"tool_calls": [_call(call) for call in turn.calls]} if turn.calls else {}
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": _STOPS[turn.reason]}
        head = _head(asked.model, number, "chat.completion")
        return {**head, "choices": [choice], "usage": written_usage(turn.usage)}

    def stream(self, turn: Turn, asked: Asked, number: int) -> list[bytes]:
        options = asked.body.get("stream_options") or {}
        counted = options.get("include_usage") is True
        head = _head(asked.model, number, "chat.completion.chunk") | ({"usage": None} if counted else {})
        chunks = [_chunk(head, delta) for delta in _deltas(turn)]
        chunks.append(_chunk(head, {}, _STOPS[turn.reason]))
        if counted:
            chunks.append({**head, "choices": [], "usage": written_usage(turn.usage)})
        return [*map(data_event, chunks), b"data: [DONE]\n\n"]

    def error_event(self, message: str, asked: Asked) -> bytes:
        return data_event({"error": error_members(500, message)})

    def malformed_event(self, asked: Asked) -> bytes:
        return b'data: {"id":"chatcmpl-1","choices":[{"index":0,"delta":{"cont\n\n'

    def overflow(self, tokens: int, maximum: int) -> Refused:
        message = (
            f"This model's maximum context length is {maximum} tokens. However, your messages resulted "
            f"in {tokens} "
            "tokens. Please reduce the length of the messages."
        )
        return Refused(message, code="context_length_exceeded")


def written_usage(billed: Billed) -> dict[str, Any]:
    return {
        "prompt_tokens": billed.prompt,
        "completion_tokens": billed.output,
        "total_tokens": billed.prompt + billed.output,
        "prompt_tokens_details": {"cached_tokens": billed.cache_read, "audio_tokens": 0}
        | ({"cache_write_tokens": billed.cache_write} if billed.cache_write else {}),
        "completion_tokens_details": {"reasoning_tokens": billed.reasoning, "audio_tokens": 0},
    }


def _head(model: str, number: int, object_: str) -> dict[str, Any]:
    return {"id": f"chatcmpl-{number:04}", "object": object_, "created": _CREATED, "model": model}


def _chunk(head: Mapping[str, Any], delta: Mapping[str, Any], reason: str | None = None) -> dict[str, Any]:
    return {**head, "choices": [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": reason}]}


def _deltas(turn: Turn) -> list[dict[str, Any]]:
    """Parallel calls begin one after the other, then their arguments come in turns."""
    deltas: list[dict[str, Any]] = [{"role": "assistant", "content": "" if not turn.calls else None}]
    deltas += [{"reasoning_content": piece} for piece in cut(turn.thinking or "")]
    deltas += [{"content": piece} for piece in cut(turn.text)]
    fragments = [cut(compact(dict(call.arguments)), 4) for call in turn.calls]
    for index, call in enumerate(turn.calls):
        begun = _call(call)
        begun["function"]["arguments"] = ""
        deltas.append({"tool_calls": [{"index": index, **begun}]})
    for turn_ in range(max(map(len, fragments), default=0)):
        deltas += [
            {"tool_calls": [{"index": index, "function": {"arguments": pieces[turn_]}}]}
            for index, pieces in enumerate(fragments)
            if turn_ < len(pieces)
        ]
    return deltas


def _call(call: Call) -> dict[str, Any]:
    function = {"name": call.name, "arguments": compact(dict(call.arguments))}
    return {"id": call.id, "type": "function", "function": function}


def _texts(messages: list[Any], roles: tuple[str, ...]) -> list[str]:
    texts = [texts_in(message.get("content")) for message in messages if message.get("role") in roles]
    return [text for text in texts if text]


def _results(messages: list[Any]) -> tuple[ToolResult, ...]:
    """The format does not know results that failed; they are texts like any other."""
    calls = [call for message in messages for call in message.get("tool_calls") or ()]
    names = {call.get("id"): (call.get("function") or {}).get("name", "") for call in calls}
    told = [message for message in messages if message.get("role") == "tool"]
    return tuple(
        ToolResult(names.get(id_, ""), id_, texts_in(message.get("content")))
        for message in told
        for id_ in [message.get("tool_call_id", "")]
    )
