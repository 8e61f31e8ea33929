"""A whole answer for a client."""

from typing import Any

import msgspec

from proxy.wire.canonical import (
    Answer,
    Block,
    Document,
    Image,
    Opaque,
    Refusal,
    Stop,
    StopReason,
    Text,
    Thinking,
    ToolCall,
)
from proxy.wire.failure import Failure, FailureKind
from proxy.wire.format import Format
from proxy.wire.gemini.citations import written_citations
from proxy.wire.gemini.media import written_source
from proxy.wire.gemini.stops import stop_word
from proxy.wire.gemini.usage import written_usage
from proxy.wire.gemini.write_parts import Part, args_of, thought_part
from proxy.wire.reading import is_json_object, members_of, put_back
from proxy.wire.target import Reply

_CUT_OFF = (StopReason.MAX_TOKENS, StopReason.CONTEXT_FULL, StopReason.CONTENT_FILTER, StopReason.REFUSAL)
"""After these a call may have been cut off; there is nothing to run then."""


def write_answer(answer: Answer, reply: Reply) -> bytes:
    own = answer.format is Format.GEMINI
    content = [block for block in answer.content if not is_broken(block) or _refused(block, answer.stop)]
    parts = [part for part in map(answer_part, content) if part is not None]
    candidate: dict[str, Any] = {
        "content": {"parts": parts, "role": "model"},
        "finishReason": stop_word(answer.stop),
        "index": 0,
    }
    extra = dict(answer.extra or {}) if own else {}
    if "candidates" in extra:
        put_back(candidate, members_of(extra.pop("candidates")))
    cited = [c for block in answer.content if isinstance(block, Text) for c in block.citations]
    if grounding := written_citations(cited):
        candidate.setdefault("groundingMetadata", grounding)
    body: dict[str, Any] = {"candidates": [candidate]}
    if usage := written_usage(answer.usage):
        body["usageMetadata"] = usage
    body |= {"modelVersion": reply.model, "responseId": (answer.id if own else None) or reply.id}
    put_back(body, extra)
    return msgspec.json.encode(body)


def answer_part(block: Block) -> Any:
    """The block as a part, None if this format has nothing to say it with."""
    match block:
        case Text(text) | Refusal(text):
            return {"text": text} if text else None
        case Thinking(text, signature):
            return thought_part(text, signature) if text or signature else None
        case ToolCall():
            return call_part(block)
        case Image(source) | Document(source):
            return written_source(source, own=True)
        case Opaque(Format.GEMINI, _, raw):
            return raw
    return None


def call_part(call: ToolCall) -> Part:
    function: Part = {"name": call.name, "args": args_of(call.arguments)}
    if call.id:
        function["id"] = call.id
    part: Part = {"functionCall": function}
    if call.signature is not None:
        part["thoughtSignature"] = call.signature
    return part


def is_broken(block: Block) -> bool:
    """Whether it is a call that no tool can be called with."""
    return (
        isinstance(block, ToolCall) and bool(block.arguments.strip()) and not is_json_object(block.arguments)
    )


def refuse_broken(name: str, stop: Stop) -> Failure | None:
    """What a broken call means: nothing if the answer was cut off, else that the answer is broken too."""
    if stop.reason in _CUT_OFF:
        return None
    return Failure(
        FailureKind.BAD_ANSWER, f"The model called the tool {name} with what is not a JSON object."
    )


def _refused(block: Block, stop: Stop) -> bool:
    """Leaves the broken call out, or raises."""
    if isinstance(block, ToolCall) and (failure := refuse_broken(block.name, stop)) is not None:
        raise failure
    return False
