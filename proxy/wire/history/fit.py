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
from proxy.wire.history.roles import INSTRUCTING
from proxy.wire.names import fitting_id
from proxy.wire.target import IdRule, Loss, Target

_BILLING = "x-anthropic-billing-header:"


def fitted(conversation: Conversation, target: Target, ids: IdRule) -> tuple[Conversation, frozenset[Loss]]:
    """The conversation as the target can take it, and what that cost."""
    lost: set[Loss] = set()
    system, messages = conversation.system, conversation.messages
    if not target.keeps_billing_header:
        system = _without_billing(system, lost)
        messages = tuple(
            msgspec.structs.replace(message, content=_without_billing(message.content, lost))
            if message.role in INSTRUCTING
            else message
            for message in messages
        )
    messages = _own_thinking(messages, target, lost)
    messages = paired(messages, lost)
    messages = _with_fitting_ids(messages, target.id_rule or ids)
    return msgspec.structs.replace(conversation, system=system, messages=messages), frozenset(lost)


def _without_billing(blocks: tuple[Block, ...], lost: set[Loss]) -> tuple[Block, ...]:
    """A line that changes with every request and means something to Anthropic alone: to others it only
    spoils their prompt caches."""
    if not any(isinstance(block, Text) and block.text.startswith(_BILLING) for block in blocks):
        return blocks
    lost.add(Loss.BILLING_HEADER)
    kept = (_without_first_line(block) for block in blocks)
    return tuple(block for block in kept if not (isinstance(block, Text) and not block.text))


def _without_first_line(block: Block) -> Block:
    if not isinstance(block, Text) or not block.text.startswith(_BILLING):
        return block
    return msgspec.structs.replace(block, text=block.text.partition("\n")[2].lstrip("\n"))


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
