"""Who speaks when: instructions in front, turns that alternate."""

from collections.abc import Iterable

import msgspec

from proxy.wire.canonical import Block, Conversation, Message, Role, Text

INSTRUCTING = (Role.SYSTEM, Role.DEVELOPER)


def hoisted(conversation: Conversation) -> Conversation:
    """System and developer messages at the very beginning are instructions that stand apart."""
    leading: list[Block] = []
    count = 0
    for message in conversation.messages:
        if message.role not in INSTRUCTING:
            break
        leading += message.content
        count += 1
    if not count:
        return conversation
    return msgspec.structs.replace(
        conversation,
        system=(*conversation.system, *leading),
        messages=conversation.messages[count:],
    )


def folded(messages: Iterable[Message]) -> tuple[Message, ...]:
    """System and developer messages become the user's, marked as what they were, in their place."""
    return tuple(_as_user(message) if message.role in INSTRUCTING else message for message in messages)


def merged(messages: Iterable[Message]) -> tuple[Message, ...]:
    """Neighbours of one role become one message, block by block."""
    turns: list[Message] = []
    for message in messages:
        if turns and _belong_together(turns[-1], message):
            turns[-1] = Message(message.role, turns[-1].content + message.content, message.name)
        else:
            turns.append(message)
    return tuple(turns)


def _belong_together(one: Message, other: Message) -> bool:
    return one.role is other.role and one.name == other.name and not (one.extra or other.extra)


def _as_user(message: Message) -> Message:
    content: list[Block] = [
        msgspec.structs.replace(block, text=f"<{message.role}>\n{block.text}\n</{message.role}>")
        if isinstance(block, Text)
        else block
        for block in message.content
    ]
    return Message(Role.USER, tuple(content))
