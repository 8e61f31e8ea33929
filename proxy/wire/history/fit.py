"""The steps that make a history fit, in their order."""

import msgspec

from proxy.wire.canonical import (
    Block,
    Conversation,
    Message,
    RedactedThinking,
    Text,
    Thinking,
    ToolCall,
    ToolResult,
)
from proxy.wire.history.pairs import paired
from proxy.wire.names import fitting_id
from proxy.wire.target import IdRule, Loss, Target

_BILLING = "x-anthropic-billing-header:"


def fitted(conversation: Conversation, target: Target, ids: IdRule) -> tuple[Conversation, frozenset[Loss]]:
    """The conversation as the target can take it, and what that cost."""
    lost: set[Loss] = set()
    system = _without_billing(conversation.system, target, lost)
    messages = _own_thinking(conversation.messages, target, lost)
    messages = paired(messages, lost)
    messages = tuple(_with_ids(message, target.id_rule or ids) for message in messages)
    return msgspec.structs.replace(conversation, system=system, messages=messages), frozenset(lost)


def _without_billing(system: tuple[Block, ...], target: Target, lost: set[Loss]) -> tuple[Block, ...]:
    """A line that changes with every request and means something to Anthropic alone: to others it only
    spoils their prompt caches."""
    if target.keeps_billing_header:
        return system
    kept = tuple(b for b in system if not (isinstance(b, Text) and b.text.startswith(_BILLING)))
    if len(kept) < len(system):
        lost.add(Loss.BILLING_HEADER)
    return kept


def _own_thinking(messages: tuple[Message, ...], target: Target, lost: set[Loss]) -> tuple[Message, ...]:
    """Thinking signed by another provider is refused or misread, so it stays behind; calls stay."""
    kept: list[Message] = []
    for message in messages:
        owned = (_owned(block, target, lost) for block in message.content)
        content = tuple(block for block in owned if block is not None)
        if content == message.content:
            kept.append(message)
        elif content:
            kept.append(msgspec.structs.replace(message, content=content))
    return tuple(kept)


def _owned(block: Block, target: Target, lost: set[Loss]) -> Block | None:
    match block:
        case Thinking(signature=str(signature)) if signature not in target.issued:
            lost.add(Loss.THINKING)
            return None
        case RedactedThinking(data) if data not in target.issued:
            lost.add(Loss.THINKING)
            return None
        case ToolCall(signature=str(signature)) if signature not in target.issued:
            lost.add(Loss.SIGNATURE)
            return msgspec.structs.replace(block, signature=None)
    return block


def _with_ids(message: Message, rule: IdRule) -> Message:
    content = tuple(_with_id(block, rule) for block in message.content)
    if all(new is old for new, old in zip(content, message.content, strict=True)):
        return message
    return msgspec.structs.replace(message, content=content)


def _with_id(block: Block, rule: IdRule) -> Block:
    match block:
        case ToolCall(id=id_) if (fit := fitting_id(id_, rule)) != id_:
            return msgspec.structs.replace(block, id=fit)
        case ToolResult(call_id=id_) if (fit := fitting_id(id_, rule)) != id_:
            return msgspec.structs.replace(block, call_id=fit)
    return block
