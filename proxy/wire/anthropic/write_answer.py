"""A whole answer for a client."""

from typing import Any

import msgspec
from msgspec import Raw

from proxy.wire.anthropic.calls import broken_call, call_head, is_sound, may_be_cut_off
from proxy.wire.anthropic.stops import written_stop
from proxy.wire.anthropic.usage import written_usage
from proxy.wire.anthropic.write_blocks import input_of
from proxy.wire.canonical import (
    Answer,
    Block,
    Document,
    Image,
    Opaque,
    RedactedThinking,
    Refusal,
    Text,
    Thinking,
    ToolCall,
)
from proxy.wire.format import Format
from proxy.wire.target import Reply

UNSHOWN = "[The model answered with an image or a file, which cannot be shown here.]"


def write_answer(answer: Answer, reply: Reply) -> bytes:
    """Raises Failure where the model called a tool with what is no input; such a call that was cut off is
    left out instead."""
    _check_calls(answer)
    written = [_block(block, place, reply) for place, block in enumerate(answer.content)]
    content = [block for block in written if block is not None]
    own = answer.extra if answer.format is Format.ANTHROPIC else None
    return msgspec.json.encode(
        {
            **message_head(answer.id, reply),
            "content": content,
            **written_stop(answer.stop.given(answer.content)),
            "usage": written_usage(answer.usage),
            **(own or {}),
        }
    )


def message_head(id_: str | None, reply: Reply) -> dict[str, Any]:
    """What every message begins with. Ids of other formats are not what a client expects here."""
    own = id_ if id_ is not None and id_.startswith("msg_") else f"msg_{reply.id}"
    return {"id": own, "type": "message", "role": "assistant", "model": reply.model}


def _check_calls(answer: Answer) -> None:
    if may_be_cut_off(answer.stop):
        return
    for block in answer.content:
        if isinstance(block, ToolCall) and not is_sound(block.arguments):
            raise broken_call(block.name)


def _block(block: Block, place: int, reply: Reply) -> dict[str, Any] | Raw | None:
    match block:
        case Text(text, citations):
            cited = [c.raw for c in citations if c.format is Format.ANTHROPIC]
            shown: dict[str, Any] = {"type": "text", "text": text}
            return ({**shown, "citations": cited} if cited else shown) if text else None
        case Refusal(text):
            return {"type": "text", "text": text} if text else None
        case Thinking(text, signature) if signature or reply.shows_unsigned_thinking:
            return {"type": "thinking", "thinking": text, "signature": signature or ""}
        case RedactedThinking(data):
            return {"type": "redacted_thinking", "data": data}
        case ToolCall(arguments=arguments) if is_sound(arguments):
            return {**call_head(block, place, reply), "input": input_of(arguments)}
        case Image() | Document():
            return {"type": "text", "text": UNSHOWN}
        case Opaque(Format.ANTHROPIC, _, raw):
            return raw
    return None
