"""A whole answer for a client."""

from typing import Any

import msgspec

from proxy.wire.canonical import (
    Answer,
    Extra,
    RedactedThinking,
    Refusal,
    Text,
    Thinking,
    ToolCall,
)
from proxy.wire.format import Format
from proxy.wire.openai_chat.calls import written_call, written_custom_call
from proxy.wire.openai_chat.citations import written_citation
from proxy.wire.openai_chat.stops import stop_word
from proxy.wire.openai_chat.thinking import DETAIL, written_detail
from proxy.wire.openai_chat.usage import written_usage
from proxy.wire.reading import members_of, put_back
from proxy.wire.target import Reply


def write_answer(answer: Answer, reply: Reply) -> bytes:
    message = _message(answer)
    choice: dict[str, Any] = {
        "index": 0,
        "message": message,
        "finish_reason": stop_word(
            answer.stop, has_calls="tool_calls" in message, has_refusal=message["refusal"] is not None
        ),
    }
    body: dict[str, Any] = {
        "id": answer.id or f"chatcmpl-{reply.id}",
        "object": "chat.completion",
        "created": reply.created,
        "model": reply.model,
        "choices": [choice],
    }
    if answer.usage.is_known:
        body["usage"] = written_usage(answer.usage)
    if answer.format is Format.OPENAI_CHAT and answer.extra:
        _put_extra(answer.extra, choice, body)
    return msgspec.json.encode(body)


def _message(answer: Answer) -> dict[str, Any]:
    """Blocks by kind, for the format keeps each kind in a place of its own. What another provider's own
    tools did is no business of this client."""
    texts = [block for block in answer.content if isinstance(block, Text)]
    thoughts = [block for block in answer.content if isinstance(block, Thinking | RedactedThinking)]
    refusals = [block.text for block in answer.content if isinstance(block, Refusal)]
    calls = [block for block in answer.content if isinstance(block, ToolCall)]
    message: dict[str, Any] = {
        "role": "assistant",
        "content": "".join(text.text for text in texts) if texts else None,
        "refusal": "".join(refusals) if refusals else None,
    }
    message |= _thinking(thoughts)
    annotations = _annotations(texts)
    if annotations:
        message["annotations"] = annotations
    if calls:
        message["tool_calls"] = [_call(call) for call in calls]
    return message


def _thinking(thoughts: list[Thinking | RedactedThinking]) -> dict[str, Any]:
    """The text for everybody, and for clients that send it back the signatures with it."""
    text = "".join(block.text for block in thoughts if isinstance(block, Thinking))
    members: dict[str, Any] = {"reasoning_content": text} if text else {}
    if any(isinstance(block, RedactedThinking) or block.signature for block in thoughts):
        members["reasoning_details"] = [
            (block.extra or {}).get(DETAIL) or written_detail(block, index)
            for index, block in enumerate(thoughts)
        ]
    return members


def _annotations(texts: list[Text]) -> list[Any]:
    annotations: list[Any] = []
    start = 0
    for text in texts:
        end = start + len(text.text)
        annotations += [written_citation(citation, start, end) for citation in text.citations]
        start = end
    return [annotation for annotation in annotations if annotation is not None]


def _call(call: ToolCall) -> dict[str, Any]:
    name = f"{call.namespace}__{call.name}" if call.namespace else call.name
    return (
        written_custom_call(call, name) if call.custom else written_call(call, name, call.arguments or "{}")
    )


def _put_extra(extra: Extra, choice: dict[str, Any], body: dict[str, Any]) -> None:
    """What the provider said beyond all this, each where it was."""
    outer = dict(extra)
    if "choices" in outer:
        put_back(choice, members_of(outer.pop("choices")))
    put_back(body, outer)
