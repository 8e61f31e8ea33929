"""The turns of a conversation as `contents`: roles alternate, results stand first, in their calls' order."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from proxy.wire.canonical import Block, Message, Role, ToolCall, ToolResult
from proxy.wire.gemini.draft import Draft
from proxy.wire.gemini.write_parts import Part, parts_of
from proxy.wire.gemini.write_results import written_result
from proxy.wire.history import folded, merged
from proxy.wire.target import Loss

Content = dict[str, Any]

UNSIGNED = "skip_thought_signature_validator"
"""What Google documents for calls that another model made: it says that there is no signature to check."""
OPENING = "(The conversation begins here.)"


def written_contents(draft: Draft, messages: Sequence[Message]) -> list[Content]:
    contents: list[Content] = []
    calls: dict[str, str] = {}
    for message in merged(folded(_plain(draft, messages))):
        if message.role is Role.ASSISTANT:
            calls = _called(draft, message.content)
            content: Content = {"role": "model", "parts": _vouched(draft, parts_of(draft, message.content))}
        else:
            content = {"role": "user", "parts": _said(draft, message.content, calls)}
        draft.put_extra(content, message.extra)
        if content["parts"]:
            contents.append(content)
    if contents and contents[0]["role"] == "model" and not draft.own:
        draft.added.append("A first message of the user, for the format wants one.")
        contents.insert(0, {"role": "user", "parts": [{"text": OPENING}]})
    return contents


def _plain(draft: Draft, messages: Iterable[Message]) -> Iterable[Message]:
    """The messages without what would keep neighbours apart and cannot be written anyway."""
    for message in messages:
        if message.name is not None:
            draft.lost.add(Loss.NAMES)
        extra = message.extra
        if extra and not draft.own:
            draft.lost.add(Loss.UNKNOWN_FIELDS)
            extra = None
        yield msgspec.structs.replace(message, name=None, extra=extra)


def _called(draft: Draft, blocks: Iterable[Block]) -> dict[str, str]:
    """The names of the turn's calls by their ids, in their order."""
    calls = (block for block in blocks if isinstance(block, ToolCall))
    return {call.id: draft.naming.sent(call.name, call.namespace) for call in calls}


def _said(draft: Draft, blocks: Iterable[Block], calls: dict[str, str]) -> list[Any]:
    """What the user's side says: the results, what they show, and only then anything else."""
    results = {block.call_id: block for block in blocks if isinstance(block, ToolResult)}
    ordered = [results[id_] for id_ in calls if id_ in results]
    parts: list[Any] = []
    shown: list[Any] = []
    for result in ordered:
        part, more = written_result(draft, result, calls[result.call_id])
        parts.append(part)
        shown += more
    rest = (block for block in blocks if not isinstance(block, ToolResult))
    return [*parts, *shown, *parts_of(draft, rest)]


def _vouched(draft: Draft, parts: list[Any]) -> list[Any]:
    """The parts, their first call with a word for the signature that it has not.

    Models that sign their calls refuse unsigned ones. Of parallel calls only the first is signed.
    """
    if not draft.target.unsigned_calls_refused:
        return parts
    first: Part | None = next((p for p in parts if isinstance(p, dict) and "functionCall" in p), None)
    if first is not None and "thoughtSignature" not in first:
        first["thoughtSignature"] = UNSIGNED
        sentence = "A word that calls of other models have no signature."
        if sentence not in draft.added:
            draft.added.append(sentence)
    return parts
