"""Says an answer as Bedrock does: whole, as a stream of Converse, and wrapped as Anthropic's own stream."""

import base64
from typing import Any

import msgspec

from proxy.wire.canonical import (
    Answer,
    Block,
    RedactedThinking,
    Refusal,
    Stop,
    Text,
    Thinking,
    ToolCall,
    Usage,
)
from tests.proxy.wire.framing.frames import event

_STOPS = {"content_filter": "content_filtered", "context_full": "model_context_window_exceeded"}


def whole(answer: Answer) -> bytes:
    content = [_whole(block) for block in answer.content]
    return msgspec.json.encode(
        {
            "output": {"message": {"role": "assistant", "content": content}},
            **_stopped(answer.stop),
            "usage": _counts(answer.usage),
            "metrics": {"latencyMs": 1234},
        }
    )


def streamed(answer: Answer, piece: int = 7) -> bytes:
    frames = [said("messageStart", role="assistant")]
    for index, block in enumerate(answer.content):
        frames += _streamed(index, block, piece)
        frames.append(said("contentBlockStop", contentBlockIndex=index))
    frames.append(said("messageStop", **_stopped(answer.stop)))
    frames.append(said("metadata", usage=_counts(answer.usage), metrics={"latencyMs": 1234}))
    return b"".join(frames)


def said(kind: str, **payload: Any) -> bytes:
    """One event. Bedrock pads its events so that their lengths tell nothing."""
    return event(kind, msgspec.json.encode({**payload, "p": "abcdefghijkl"}))


def delta(index: int, **what: Any) -> bytes:
    return said("contentBlockDelta", contentBlockIndex=index, delta=what)


def begun(index: int, **what: Any) -> bytes:
    return said("contentBlockStart", contentBlockIndex=index, start=what)


def chunk(data: bytes) -> bytes:
    """An event of Anthropic's, wrapped."""
    return event("chunk", msgspec.json.encode({"bytes": base64.b64encode(data).decode(), "p": "abcd"}))


def _whole(block: Block) -> dict[str, Any]:
    match block:
        case Text(text) | Refusal(text):
            return {"text": text}
        case Thinking(text, signature):
            return {"reasoningContent": {"reasoningText": {"text": text, "signature": signature}}}
        case RedactedThinking(data):
            return {"reasoningContent": {"redactedContent": data}}
        case ToolCall(id_, name, arguments):
            return {"toolUse": {"toolUseId": id_, "name": name, "input": msgspec.Raw(arguments.encode())}}
    raise AssertionError(block)


def _streamed(index: int, block: Block, piece: int) -> list[bytes]:
    match block:
        case Text(text) | Refusal(text):
            return [delta(index, text=part) for part in _cut(text, piece)]
        case Thinking(text, signature):
            return [
                *(delta(index, reasoningContent={"text": part}) for part in _cut(text, piece)),
                delta(index, reasoningContent={"signature": signature}),
            ]
        case RedactedThinking(data):
            return [delta(index, reasoningContent={"redactedContent": data})]
        case ToolCall(id_, name, arguments):
            return [
                begun(index, toolUse={"toolUseId": id_, "name": name}),
                *(delta(index, toolUse={"input": part}) for part in _cut(arguments, piece)),
            ]
    raise AssertionError(block)


def _cut(text: str, piece: int) -> list[str]:
    return [text[at : at + piece] for at in range(0, len(text), piece)]


def _stopped(stop: Stop) -> dict[str, Any]:
    beside = {"additionalModelResponseFields": {"stop_sequence": stop.sequence}} if stop.sequence else {}
    return {"stopReason": _STOPS.get(stop.reason, str(stop.reason)), **beside}


def _counts(usage: Usage) -> dict[str, int]:
    counts = {
        "inputTokens": usage.input,
        "outputTokens": usage.output,
        "cacheReadInputTokens": usage.cache_read,
        "cacheWriteInputTokens": usage.cache_write,
    }
    return {name: count for name, count in counts.items() if count is not None} | {"totalTokens": 1}
