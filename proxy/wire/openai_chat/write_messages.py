"""The messages of a request.

A turn's results come directly after the calls they answer, then what they show, then what the user says.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from proxy.wire.canonical import (
    Block,
    Message,
    RedactedThinking,
    Refusal,
    Role,
    Text,
    Thinking,
    ToolCall,
    ToolResult,
)
from proxy.wire.openai_chat.calls import object_arguments, written_call, written_custom_call
from proxy.wire.openai_chat.draft import Draft
from proxy.wire.openai_chat.thinking import DETAIL, written_detail
from proxy.wire.openai_chat.write_parts import parts_of, written_content
from proxy.wire.openai_chat.write_results import written_result
from proxy.wire.target import Loss

Wire = dict[str, Any]

DETAILS = "reasoning_details"


def written_messages(draft: Draft, system: Sequence[Block], messages: Iterable[Message]) -> list[Wire]:
    written: list[Wire] = []
    if system:
        written += _plain(draft, "system", Message(Role.SYSTEM, tuple(system)))
    called: dict[str, str] = {}
    for message in messages:
        match message.role:
            case Role.ASSISTANT:
                called = _called(draft, message)
                written += _assistant(draft, message)
            case Role.USER:
                written += _user(draft, message, called)
            case Role.DEVELOPER if draft.target.developer_role:
                written += _plain(draft, "developer", message)
            case _:
                written += _plain(draft, "system", message)
    return written


def _called(draft: Draft, message: Message) -> dict[str, str]:
    """The names of the turn's calls by their ids."""
    calls = (block for block in message.content if isinstance(block, ToolCall))
    return {call.id: draft.naming.sent(call.name, call.namespace) for call in calls}


def _plain(draft: Draft, role: str, message: Message) -> list[Wire]:
    return _spoken(draft, role, message, parts_of(draft, message.content))


def _spoken(draft: Draft, role: str, message: Message, parts: list[Any]) -> list[Wire]:
    """The message, unless all that it held is of no use to the target."""
    content = written_content(draft, parts)
    if content is None and not _is_text_alone(message):
        return []
    return [_enveloped(draft, role, message, content if content is not None else draft.target.blank_text)]


def _is_text_alone(message: Message) -> bool:
    """Such a message keeps its place even if it says nothing."""
    return all(isinstance(block, Text) for block in message.content)


def _enveloped(draft: Draft, role: str, message: Message, content: Any) -> Wire:
    members: Wire = {"role": role, "content": content}
    if message.name is not None:
        members["name"] = message.name
    draft.put_extra(members, message.extra)
    return members


def _user(draft: Draft, message: Message, called: dict[str, str]) -> list[Wire]:
    results = [block for block in message.content if isinstance(block, ToolResult)]
    if not results:
        return _plain(draft, "user", message)
    written: list[Wire] = []
    shown: list[Any] = []
    for result in results:
        tool_message, more = written_result(draft, result, called.get(result.call_id))
        written.append(tool_message)
        shown += more
    rest = [block for block in message.content if not isinstance(block, ToolResult)]
    return written + _spoken(draft, "user", message, [*shown, *parts_of(draft, rest)])


def _assistant(draft: Draft, message: Message) -> list[Wire]:
    thoughts, spoken, refusals, calls = _sorted(message.content)
    told = _thinking(draft, thoughts)
    content = written_content(draft, parts_of(draft, spoken))
    if content is None and not (told or refusals or calls or _is_text_alone(message)):
        return []
    if content is None and not (calls or refusals):
        content = draft.target.blank_text
    members = _enveloped(draft, "assistant", message, content)
    members |= told
    if refusals:
        members["refusal"] = "\n\n".join(refusal.text for refusal in refusals)
    if calls:
        members["tool_calls"] = [_call(draft, call) for call in calls]
        if draft.target.reasoning_demanded and draft.target.reasoning_field is not None:
            members.setdefault(draft.target.reasoning_field, "")
    return [members]


def _sorted(
    content: Iterable[Block],
) -> tuple[list[Thinking | RedactedThinking], list[Block], list[Refusal], list[ToolCall]]:
    """What this format keeps in four places."""
    thoughts: list[Thinking | RedactedThinking] = []
    spoken: list[Block] = []
    refusals: list[Refusal] = []
    calls: list[ToolCall] = []
    for block in content:
        match block:
            case Thinking() | RedactedThinking():
                thoughts.append(block)
            case Refusal():
                refusals.append(block)
            case ToolCall():
                calls.append(block)
            case _:
                spoken.append(block)
    return thoughts, spoken, refusals, calls


def _call(draft: Draft, call: ToolCall) -> Wire:
    name = draft.naming.sent(call.name, call.namespace)
    if call.custom and draft.own:
        members = written_custom_call(call, name)
    else:
        members = written_call(call, name, object_arguments(call.arguments))
    draft.put_extra(members, call.extra)
    if call.cache is not None:
        draft.lost.add(Loss.CACHE_MARKS)
    return members


def _thinking(draft: Draft, thoughts: Sequence[Thinking | RedactedThinking]) -> Wire:
    """The thinking, where the target wants it: as its list of details, or as plain text in its field."""
    if not thoughts:
        return {}
    name = draft.target.reasoning_field
    if name is None:
        draft.lost.add(Loss.THINKING)
        return {}
    details = [_detail(draft, block, index) for index, block in enumerate(thoughts)]
    if name == DETAILS:
        return {DETAILS: details}
    if any(isinstance(block, RedactedThinking) for block in thoughts):
        draft.lost.add(Loss.THINKING)
    if any(isinstance(block, Thinking) and block.signature is not None for block in thoughts):
        draft.lost.add(Loss.SIGNATURE)
    text = "\n\n".join(block.text for block in thoughts if isinstance(block, Thinking) and block.text)
    return {name: text} if text else {}


def _detail(draft: Draft, block: Thinking | RedactedThinking, index: int) -> Any:
    if draft.own and block.extra is not None and DETAIL in block.extra:
        return block.extra[DETAIL]
    return written_detail(block, index)
