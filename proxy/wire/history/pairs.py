"""Calls and results, kept together.

Every provider demands that a turn's calls are answered by the message right after it, each once, and some
that no id is used twice in a conversation. Clients break this when a user interrupts a tool, when a history
was trimmed, or when ids were given by a server that numbers the calls of every answer from zero. A call's
results are those that stand between it and the next turn of the assistant:

- results that stand further on than the next message are brought to it;
- results with blank or unknown ids belong to the calls of their turn that are otherwise unanswered, in their
  order, if there are as many of the one as of the other;
- any other result is told as text in its place, for its call is gone;
- a call without a result gets one that says so;
- an id that was used before, or a blank one, becomes one of its own.

Each turn is judged by itself and by what came before it. So a turn, once sent, is written the same in every
later request, and the provider's prompt cache finds it again.
"""

from collections.abc import Iterator

import msgspec

from proxy.wire.canonical import Block, Message, Role, Text, ToolCall, ToolResult
from proxy.wire.history.roles import merged
from proxy.wire.target import Loss

MISSING = "The tool gave no result: it was interrupted, or its result was lost."


def paired(messages: tuple[Message, ...], lost: set[Loss]) -> tuple[Message, ...]:
    """The messages with every call answered right after its turn; the same ones where that holds already."""
    ids = _Ids()
    mended: list[Message] = []
    is_whole = True
    for turn in _turns(messages):
        if _is_whole(turn, ids):
            mended += turn
        else:
            is_whole = False
            mended += _Mending(turn, ids, lost).turn()
    return messages if is_whole else tuple(mended)


class _Ids:
    """The ids of the calls so far."""

    def __init__(self) -> None:
        self.used: set[str] = set()
        self._repeated: dict[str, int] = {}

    def taken(self, id_: str) -> str:
        """The id to send for a call: its own, if nobody had it before."""
        fresh = id_
        while not fresh or fresh in self.used:
            self._repeated[id_] = self._repeated.get(id_, 1) + 1
            fresh = f"{id_ or 'call_auto'}_{self._repeated[id_]}"
        self.used.add(fresh)
        return fresh


def _turns(messages: tuple[Message, ...]) -> Iterator[list[Message]]:
    """The messages, cut where the assistant begins to speak."""
    turn: list[Message] = []
    for message in messages:
        if turn and message.role is Role.ASSISTANT and turn[-1].role is not Role.ASSISTANT:
            yield turn
            turn = []
        turn.append(message)
    if turn:
        yield turn


def _is_whole(turn: list[Message], ids: _Ids) -> bool:
    """Whether nothing is to be done; then the turn's ids count as used."""
    used, calls = ids.used, set[str]()
    awaited: set[str] = set()
    for message in turn:
        asked: set[str] = set()
        for block in message.content:
            if type(block) is ToolCall:
                if not block.id or block.id in used or block.id in calls:
                    return False
                asked.add(block.id)
                calls.add(block.id)
            elif type(block) is ToolResult:
                if block.call_id not in awaited:
                    return False
                awaited.remove(block.call_id)
        if awaited:
            return False
        awaited = asked
    if awaited:
        return False
    used |= calls
    return True


class _Mending:
    """One turn: what the assistant asked, and what stands between it and the assistant's next words."""

    def __init__(self, turn: list[Message], ids: _Ids, lost: set[Loss]) -> None:
        self._lost = lost
        spoken = [message for message in turn if message.role is Role.ASSISTANT]
        self._rest = turn[len(spoken) :]
        self._results = [b for m in self._rest for b in m.content if isinstance(b, ToolResult)]
        known = frozenset(ids.used)
        self._said = merged(spoken)
        calls = [b for m in self._said for b in m.content if isinstance(b, ToolCall)]
        self._owners = self._linked(calls, known)
        self._sent = [ids.taken(call.id) for call in calls]
        self._calls = calls

    def turn(self) -> list[Message]:
        answers = self._answers()
        kept = [message for message in map(self._others, self._rest) if message.content]
        said = self._renamed()
        if not answers:
            return [*said, *kept]
        if kept and kept[0].role is Role.USER:
            first = msgspec.structs.replace(kept[0], content=(*answers, *kept[0].content))
            return [*said, first, *kept[1:]]
        return [*said, Message(Role.USER, tuple(answers)), *kept]

    def _linked(self, calls: list[ToolCall], known: frozenset[str]) -> dict[int, int]:
        """Which call each result answers: the places of both."""
        unanswered = list(range(len(calls)))
        owners: dict[int, int] = {}
        strays: list[int] = []
        for place, result in enumerate(self._results):
            owner = next((i for i in unanswered if result.call_id and calls[i].id == result.call_id), None)
            if owner is not None:
                owners[place] = owner
                unanswered.remove(owner)
            elif not self._is_known(result.call_id, calls, known):
                strays.append(place)
        if strays and len(strays) == len(unanswered):
            owners |= zip(strays, unanswered, strict=True)
            self._lost.add(Loss.LINKED_RESULT)
        return owners

    def _is_known(self, id_: str, calls: list[ToolCall], known: frozenset[str]) -> bool:
        """Whether a result with this id belongs to a certain call, which is not waiting for it."""
        return bool(id_) and (id_ in known or any(call.id == id_ for call in calls))

    def _answers(self) -> list[ToolResult]:
        """The results in the order they came in, then those that nobody gave."""
        given = [
            msgspec.structs.replace(result, call_id=self._sent[self._owners[place]])
            for place, result in enumerate(self._results)
            if place in self._owners
        ]
        missing = sorted(set(range(len(self._calls))) - set(self._owners.values()))
        if missing:
            self._lost.add(Loss.LONE_CALL)
        said = (Text(MISSING),)
        return given + [
            ToolResult(self._sent[i], said, is_error=True, custom=self._calls[i].custom) for i in missing
        ]

    def _renamed(self) -> list[Message]:
        ids = iter(self._sent)
        return [
            msgspec.structs.replace(
                message,
                content=tuple(
                    msgspec.structs.replace(b, id=next(ids)) if isinstance(b, ToolCall) else b
                    for b in message.content
                ),
            )
            for message in self._said
        ]

    def _others(self, message: Message) -> Message:
        """The message without the results that found their calls, and with the lone ones told as text."""
        content: list[Block] = []
        owned = {id(self._results[place]) for place in self._owners}
        for block in message.content:
            if not isinstance(block, ToolResult):
                content.append(block)
            elif id(block) not in owned:
                self._lost.add(Loss.LONE_RESULT)
                content += [Text(f"[The result of a tool call that is not here ({block.call_id}):]")]
                content += block.content
        return msgspec.structs.replace(message, content=tuple(content))
