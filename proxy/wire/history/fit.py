"""The steps that make a history fit, in their order."""

from collections.abc import Mapping

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
    messages = _with_fitting_ids(messages, target.id_rule or ids)
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
    if not any(_is_signed(block) for message in messages for block in message.content):
        return messages
    kept: list[Message] = []
    for message in messages:
        owned = (_owned(block, target, lost) for block in message.content)
        content = tuple(block for block in owned if block is not None)
        if content == message.content:
            kept.append(message)
        elif content:
            kept.append(msgspec.structs.replace(message, content=content))
    return tuple(kept)


def _is_signed(block: Block) -> bool:
    kind = type(block)
    if kind is Text or kind is ToolResult:
        return False
    return kind is RedactedThinking or getattr(block, "signature", None) is not None


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


def _with_fitting_ids(messages: tuple[Message, ...], rule: IdRule) -> tuple[Message, ...]:
    """Only what must change is touched: prompt caches key on every byte of the rest."""
    odd = {id_: fit for id_ in _ids(messages) if (fit := fitting_id(id_, rule)) != id_}
    if not odd:
        return messages
    return tuple(
        msgspec.structs.replace(message, content=tuple(_renamed(block, odd) for block in message.content))
        for message in messages
    )


def _ids(messages: tuple[Message, ...]) -> set[str]:
    """Those of the calls; in paired messages the results have the same."""
    return {block.id for message in messages for block in message.content if type(block) is ToolCall}


def _renamed(block: Block, ids: Mapping[str, str]) -> Block:
    match block:
        case ToolCall(id=id_) if id_ in ids:
            return msgspec.structs.replace(block, id=ids[id_])
        case ToolResult(call_id=id_) if id_ in ids:
            return msgspec.structs.replace(block, call_id=ids[id_])
    return block
