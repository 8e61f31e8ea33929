"""The messages of a request.

A turn's results come directly after the calls they answer, each a message of its own that holds text alone,
then one of the user with what the results show and what the user says.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from msgspec import Raw

from proxy.wire.canonical import Block, Message, RedactedThinking, Role, Thinking, ToolCall, ToolResult
from proxy.wire.history import folded
from proxy.wire.ollama.content import Content, content_of
from proxy.wire.ollama.draft import Draft
from proxy.wire.reading import is_json_object
from proxy.wire.target import Loss, Thinks

Wire = dict[str, Any]

ERROR = "Error: "
SHOWN_BELOW = "[The result is shown in the next message.]"


def written_messages(draft: Draft, system: Sequence[Block], messages: Iterable[Message]) -> list[Wire]:
    written = _plain("system", content_of(draft, system))
    called: dict[str, str] = {}
    for message in folded(messages) if draft.target.one_leading_system else messages:
        draft.note(message.extra)
        if message.name is not None:
            draft.lost.add(Loss.NAMES)
        match message.role:
            case Role.ASSISTANT:
                called = _called(draft, message)
                written += _assistant(draft, message)
            case Role.USER:
                written += _user(draft, message, called)
            case _:
                written += _plain("system", content_of(draft, message.content))
    return written


def args_of(arguments: str) -> Raw | dict[str, str]:
    """A call's arguments as the object that they must be here."""
    if not arguments.strip():
        return {}
    if is_json_object(arguments):
        return Raw(arguments.encode())
    return {"_arguments": arguments}


def _called(draft: Draft, message: Message) -> dict[str, str]:
    """The names of the turn's calls by their ids."""
    calls = (block for block in message.content if isinstance(block, ToolCall))
    return {call.id: draft.naming.sent(call.name, call.namespace) for call in calls}


def _plain(role: str, content: Content) -> list[Wire]:
    if not content:
        return []
    message: Wire = {"role": role, "content": content.text}
    if content.images:
        message["images"] = content.images
    return [message]


def _user(draft: Draft, message: Message, called: dict[str, str]) -> list[Wire]:
    said = Content()
    results = [block for block in message.content if isinstance(block, ToolResult)]
    written = [_result(draft, result, called.get(result.call_id, ""), said) for result in results]
    rest = content_of(draft, (block for block in message.content if not isinstance(block, ToolResult)))
    said.texts += rest.texts
    said.images += rest.images
    return [*written, *_plain("user", said)]


def _result(draft: Draft, result: ToolResult, name: str, said: Content) -> Wire:
    """The result's message; its pictures go to what is said after the results."""
    draft.note(result.extra, result.cache)
    content = content_of(draft, result.content)
    if content.images:
        said.texts.append(f"[From the result of the tool call {name}, {result.call_id}:]")
        said.images += content.images
    text = content.text or (SHOWN_BELOW if content.images else "")
    # There is no flag for errors, so the text says it, if it does not already.
    if result.is_error and not text.lower().startswith("error"):
        text = (ERROR + text).strip()
    return {"role": "tool", "content": text, "tool_name": name, "tool_call_id": result.call_id}


def _assistant(draft: Draft, message: Message) -> list[Wire]:
    thought = _thinking(draft, message.content)
    calls = [block for block in message.content if isinstance(block, ToolCall)]
    content = content_of(draft, message.content)
    if not (thought or calls or content):
        return []
    written: Wire = {"role": "assistant", "content": content.text}
    if content.images:
        written["images"] = content.images
    if thought:
        written["thinking"] = thought
    if calls:
        written["tool_calls"] = [_call(draft, call, place) for place, call in enumerate(calls)]
    return [written]


def _thinking(draft: Draft, blocks: Iterable[Block]) -> str:
    thoughts = [block for block in blocks if isinstance(block, Thinking | RedactedThinking)]
    texts = [block.text for block in thoughts if isinstance(block, Thinking) and block.text]
    for block in thoughts:
        draft.note(block.extra)
        if isinstance(block, RedactedThinking):
            draft.lost.add(Loss.THINKING)
        elif block.signature is not None:
            draft.lost.add(Loss.SIGNATURE)
    if texts and draft.target.thinks is Thinks.NOT:
        draft.lost.add(Loss.THINKING)
        return ""
    return "\n\n".join(texts)


def _call(draft: Draft, call: ToolCall, place: int) -> Wire:
    draft.note(call.extra, call.cache)
    if call.signature is not None:
        draft.lost.add(Loss.SIGNATURE)
    name = draft.naming.sent(call.name, call.namespace)
    return {"id": call.id, "function": {"index": place, "name": name, "arguments": args_of(call.arguments)}}
