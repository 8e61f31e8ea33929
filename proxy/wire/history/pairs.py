"""Calls and results, kept together.

Every provider demands that a turn's calls are answered by the message right after it, each once. Clients
break this when a user interrupts a tool, when a history was trimmed, or when ids drifted on the way through
another provider. A call's results are those that stand between it and the next turn of the assistant:

- results that stand further on than the next message are brought to it;
- a result with a blank or foreign id belongs to the first call of its turn that is otherwise unanswered,
  if the turn has exactly as many of those as such results;
- any other result is told as text in its place, for its call is gone;
- a call without a result gets one that says so.
"""

from collections.abc import Iterable

import msgspec

from proxy.wire.canonical import Block, Message, Role, Text, ToolCall, ToolResult
from proxy.wire.history.roles import merged
from proxy.wire.target import Loss

NO_RESULT = "The tool gave no result: it was interrupted, or its result was lost."


def paired(messages: tuple[Message, ...], lost: set[Loss]) -> tuple[Message, ...]:
    """The messages with every call answered right after its turn; the same ones where that holds already."""
    if _is_paired(messages):
        return messages
    mended: list[Message] = []
    for turn in _turns(merged(messages)):
        mended += _mended(turn, lost)
    return tuple(mended)


def _is_paired(messages: tuple[Message, ...]) -> bool:
    awaited: set[str] = set()
    for message in messages:
        seen: set[str] = set()
        calls: list[str] = []
        for block in message.content:
            if type(block) is ToolCall:
                calls.append(block.id)
            elif type(block) is ToolResult:
                if block.call_id not in awaited or block.call_id in seen:
                    return False
                seen.add(block.call_id)
        if len(seen) < len(awaited) or len(set(calls)) < len(calls) or "" in calls:
            return False
        awaited = set(calls)
    return not awaited


def _turns(messages: tuple[Message, ...]) -> Iterable[list[Message]]:
    """The messages, cut before each message of the assistant."""
    turn: list[Message] = []
    for message in messages:
        if message.role is Role.ASSISTANT and turn:
            yield turn
            turn = []
        turn.append(message)
    if turn:
        yield turn


def _mended(turn: list[Message], lost: set[Loss]) -> list[Message]:
    speaks = turn[0].role is Role.ASSISTANT
    asked = _with_distinct_ids(turn[0]) if speaks else None
    calls = [b for b in asked.content if isinstance(b, ToolCall)] if asked is not None else []
    rest = turn[1:] if speaks else turn
    results = _assigned(calls, [b for m in rest for b in m.content if isinstance(b, ToolResult)])
    answers = [results.get(call.id) or _no_result(call, lost) for call in calls]
    others = [_without(message, set(map(id, results.sources)), lost) for message in rest]
    kept = [message for message in others if message.content]
    head = [asked] if asked is not None else []
    if not answers:
        return [*head, *kept]
    if kept and kept[0].role is Role.USER:
        first = msgspec.structs.replace(kept[0], content=(*answers, *kept[0].content))
        return [*head, first, *kept[1:]]
    return [*head, Message(Role.USER, tuple(answers)), *kept]


def _with_distinct_ids(message: Message) -> Message:
    """Some servers number the calls of every answer from zero, or not at all."""
    seen: set[str] = set()
    content: list[Block] = []
    for place, block in enumerate(message.content):
        if isinstance(block, ToolCall):
            call = block
            if not call.id or call.id in seen:
                call = msgspec.structs.replace(call, id=f"{call.id or 'call_auto'}_{place}")
            seen.add(call.id)
            content.append(call)
        else:
            content.append(block)
    return msgspec.structs.replace(message, content=tuple(content))


class _Assigned:
    """The results of a turn by the id of the call each belongs to."""

    def __init__(self) -> None:
        self._by_id: dict[str, ToolResult] = {}
        self.sources: list[ToolResult] = []

    def add(self, call: ToolCall, result: ToolResult) -> None:
        same = result.call_id == call.id
        self._by_id[call.id] = result if same else msgspec.structs.replace(result, call_id=call.id)
        self.sources.append(result)

    def get(self, id_: str) -> ToolResult | None:
        return self._by_id.get(id_)


def _assigned(calls: list[ToolCall], results: list[ToolResult]) -> _Assigned:
    assigned = _Assigned()
    left: list[ToolResult] = []
    by_id = {call.id: call for call in calls}
    for result in results:
        call = by_id.pop(result.call_id, None)
        if call is None:
            left.append(result)
        else:
            assigned.add(call, result)
    if len(by_id) == len(left):
        for call, result in zip(by_id.values(), left, strict=True):
            assigned.add(call, result)
    return assigned


def _no_result(call: ToolCall, lost: set[Loss]) -> ToolResult:
    lost.add(Loss.LONE_CALL)
    return ToolResult(call.id, (Text(NO_RESULT),), is_error=True, custom=call.custom)


def _without(message: Message, taken: set[int], lost: set[Loss]) -> Message:
    """The message without the results that found their calls, and the lone ones told as text."""
    content: list[Block] = []
    for block in message.content:
        if not isinstance(block, ToolResult):
            content.append(block)
        elif id(block) not in taken:
            lost.add(Loss.LONE_RESULT)
            content += [Text(f"[A tool result whose call is gone ({block.call_id}):]"), *block.content]
    return msgspec.structs.replace(message, content=tuple(content))
