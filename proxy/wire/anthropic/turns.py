"""Messages as the format wants them: the user first, turns that alternate, results before anything else."""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from proxy.wire.anthropic.write_blocks import BlockWriter, Written, is_of, leading_results
from proxy.wire.canonical import Message, Opaque, Role
from proxy.wire.history import folded
from proxy.wire.target import Loss

_OPENING = "(The conversation begins here.)"
_INSTRUCTING = (Role.SYSTEM, Role.DEVELOPER)

Turn = dict[str, Any]


def written_turns(
    messages: Sequence[Message], writer: BlockWriter, lost: set[Loss], *, system_messages: bool
) -> list[Turn]:
    turns: list[Turn] = []
    for message in _placed(messages, writer, lost, system_messages=system_messages):
        if message.name is not None:
            lost.add(Loss.NAMES)
        content = writer.content(message.role, message.content)
        extra = writer.kept(message.extra)
        if turns and not extra and _takes_more(turns[-1], message.role):
            turns[-1]["content"] += content
        elif content or (extra and message.role is Role.SYSTEM):
            turns.append({"role": message.role, **({"content": content} if content else {}), **extra})
    for turn in turns:
        if turn["role"] == Role.USER:
            turn["content"] = leading_results(turn["content"])
    return _without_blank_end(turns)


def opened(turns: list[Turn]) -> list[Turn] | None:
    """The turns with the user's in front, or None if they stand so already."""
    if turns and turns[0]["role"] == Role.USER:
        return None
    return [{"role": Role.USER, "content": [{"type": "text", "text": _OPENING}]}, *turns]


def ends_with_assistant(turns: list[Turn]) -> bool:
    return bool(turns) and turns[-1]["role"] == Role.ASSISTANT


def runs_tools_without_thinking(turns: list[Turn]) -> bool:
    """Whether the model's last turn, which goes on after its calls, did not begin with thinking."""
    last = next((i for i in reversed(range(len(turns))) if turns[i]["role"] == Role.ASSISTANT), None)
    if last is None or last + 1 == len(turns):
        return False
    answered = any(is_of(block, "tool_result") for block in turns[last + 1].get("content", [])[:1])
    begins = turns[last].get("content", [])[:1]
    return answered and not any(is_of(block, "thinking", "redacted_thinking") for block in begins)


def _takes_more(turn: Turn, role: Role) -> bool:
    return turn["role"] == role and turn.keys() == {"role", "content"}


def _placed(
    messages: Sequence[Message], writer: BlockWriter, lost: set[Loss], *, system_messages: bool
) -> Iterator[Message]:
    """System messages stay where the target takes them: right behind the user, and not before him."""
    roles = [*(message.role for message in messages), Role.ASSISTANT]
    for place, message in enumerate(messages):
        if message.role not in _INSTRUCTING:
            yield message
        elif system_messages and (writer.own or _fits(roles, place)):
            yield msgspec.structs.replace(message, role=Role.SYSTEM)
        else:
            yield from folded([_told(message, lost)])


def _fits(roles: Sequence[Role], place: int) -> bool:
    return place > 0 and roles[place - 1] is Role.USER and roles[place + 1] is Role.ASSISTANT


def _told(message: Message, lost: set[Loss]) -> Message:
    """What the user can say of a system message: what only the system may say falls away."""
    if message.extra:
        lost.add(Loss.UNKNOWN_FIELDS)
    content = tuple(block for block in message.content if not isinstance(block, Opaque))
    if len(content) < len(message.content):
        lost.add(Loss.SERVER_TOOL_HISTORY)
    return msgspec.structs.replace(message, content=content, extra=None)


def _without_blank_end(turns: list[Turn]) -> list[Turn]:
    """The beginning of an answer that the model goes on with may not end in whitespace."""
    if not ends_with_assistant(turns):
        return turns
    content: list[Written] = turns[-1].get("content", [])
    if content and is_of(content[-1], "text"):
        last: Any = content[-1]
        content[-1] = {**last, "text": last["text"].rstrip()}
    return turns
