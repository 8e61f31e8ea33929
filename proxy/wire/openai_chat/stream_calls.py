"""The tool calls of a stream, put together from fragments.

By the book, a call's fragments carry its index and the first one its id and name. In the field the index
is missing or always 0, the id and the name stand in every fragment or in none, and names come in pieces.
So a fragment is assigned by what it has:

- by its index; but under the same index another id with a name is another call;
- without an index by its id; a new id is a new call;
- with neither, it belongs to the call before it, unless that one is whole and this one names a tool.

A block begins with the first fragment of arguments, for until then the name may grow. It ends when another
call or text follows and its arguments are whole; otherwise it stays open, for some servers take turns
between calls.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field

import msgspec

from proxy.wire.canonical import (
    ArgumentsDelta,
    BlockBegin,
    BlockEnd,
    Event,
    SignatureDelta,
    ToolCall,
)
from proxy.wire.failure import Failure, FailureKind
from proxy.wire.names import made_id
from proxy.wire.openai_chat.calls import read_signature
from proxy.wire.openai_chat.chunks import CallDelta
from proxy.wire.reading import ABSENT, is_json_object
from proxy.wire.target import Expecting, IdRule

_OPENING = '{"input":"'
_CLOSING = '"}'


@dataclass(slots=True)
class _Call:
    """A call and how far it has come."""

    id: str
    name: str = ""
    custom: bool = False
    signature: str | None = None
    pieces: list[str] = field(default_factory=list)
    block: int | None = None
    ended: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether nothing can follow. The cheap look first: models write arguments of many kilobytes."""
        return (
            bool(self.pieces)
            and self.pieces[-1].rstrip().endswith("}")
            and is_json_object("".join(self.pieces))
        )


class Calls:
    def __init__(self, numbers: Iterator[int], expecting: Expecting) -> None:
        self._numbers = numbers
        self._expecting = expecting
        self._by_index: dict[int, list[_Call]] = {}
        self._calls: list[_Call] = []
        self._ids: set[str] = set()

    @property
    def any(self) -> bool:
        """Whether any has been begun or is sure to be."""
        return any(call.name for call in self._calls)

    def take(self, delta: CallDelta) -> list[Event]:
        call = self._call_of(delta)
        events: list[Event] = []
        if call is None:
            events += self.settle()
            call = self._new(delta)
        self._name(call, delta)
        if delta.extra_content is not ABSENT:
            events += self._sign(call, read_signature(delta.extra_content))
        arguments = _arguments(delta)
        if arguments:
            events += self._add(call, arguments)
        return events

    def settle(self) -> list[Event]:
        """Something else follows: what is whole, ends."""
        if not self._calls:
            return []
        open_ = [call for call in self._calls if call.block is not None and not call.ended]
        return [event for call in open_ if call.is_whole for event in self._end(call)]

    def finish(self) -> list[Event]:
        events: list[Event] = []
        for call in self._calls:
            if call.block is None and (call.name or call.pieces):
                events += self._begin(call)
            events += self._end(call)
        return events

    def _call_of(self, delta: CallDelta) -> _Call | None:
        """The call that this is more of."""
        if not self._calls:
            return None
        name = _name_in(delta)
        if delta.index is not None:
            return self._at_index(delta.index, delta, name)
        if delta.id:
            same = (call for call in reversed(self._calls) if call.id == delta.id)
            return next(same, None)
        last = self._calls[-1]
        return None if _names_another(last, name, delta) else last

    def _at_index(self, index: int, delta: CallDelta, name: str) -> _Call | None:
        calls = self._by_index.get(index)
        if not calls:
            return None
        last = calls[-1]
        if delta.id and last.id and delta.id != last.id:
            same = next((call for call in calls if call.id == delta.id), None)
            return same if same is not None or name else last
        return None if not delta.id and _names_another(last, name, delta) else last

    def _new(self, delta: CallDelta) -> _Call:
        call = _Call(delta.id or "", custom=delta.custom is not None)
        self._calls.append(call)
        if delta.index is not None:
            self._by_index.setdefault(delta.index, []).append(call)
        return call

    def _name(self, call: _Call, delta: CallDelta) -> None:
        """A name may come in pieces, or again and again."""
        name = _name_in(delta)
        if delta.id and not call.id:
            call.id = delta.id
        if not name or call.block is not None:
            return
        call.name = name if name.startswith(call.name) else call.name + name

    def _sign(self, call: _Call, signature: str | None) -> list[Event]:
        if signature is None or call.ended:
            return []
        if call.block is not None:
            return [SignatureDelta(call.block, signature)]
        call.signature = signature
        return []

    def _add(self, call: _Call, arguments: str) -> list[Event]:
        if call.ended or (arguments.startswith("{") and not call.custom and call.is_whole):
            return []  # said once more; after a whole object nothing can follow
        events: list[Event] = []
        if call.custom:
            arguments = msgspec.json.encode(arguments)[1:-1].decode()
        call.pieces.append(arguments)
        if call.block is not None:
            return [ArgumentsDelta(call.block, arguments)]
        if not call.name:
            return []
        for earlier in itertools.takewhile(lambda other: other is not call, self._calls):
            if earlier.block is None and earlier.name:
                events += self._begin(earlier)
        return events + self._begin(call)

    def _begin(self, call: _Call) -> list[Event]:
        if not call.name:
            raise Failure(FailureKind.BAD_ANSWER, "The provider's answer calls a tool without naming it.")
        call.block = next(self._numbers)
        ref = self._expecting.names.restored(call.name)
        block = ToolCall(
            self._own_id(call),
            ref.name,
            "",
            namespace=ref.namespace,
            custom=call.custom or ref.custom,
            signature=call.signature,
        )
        begun: list[Event] = [BlockBegin(call.block, block)]
        if call.custom:
            begun.append(ArgumentsDelta(call.block, _OPENING))
        return begun + [ArgumentsDelta(call.block, piece) for piece in call.pieces]

    def _end(self, call: _Call) -> list[Event]:
        if call.block is None or call.ended:
            return []
        call.ended = True
        closing: list[Event] = [ArgumentsDelta(call.block, _CLOSING)] if call.custom else []
        return [*closing, BlockEnd(call.block)]

    def _own_id(self, call: _Call) -> str:
        """The provider's id if it gave one, and to no other call; else one that the next request will have
        again."""
        id_ = call.id
        if not id_ or id_ in self._ids:
            made_from = (self._calls.index(call), call.id) if call.id else (self._calls.index(call),)
            id_ = made_id(IdRule(), self._expecting.seed, *made_from)
        self._ids.add(id_)
        return id_


def _names_another(call: _Call, name: str, delta: CallDelta) -> bool:
    """Whether a fragment without an id names a tool that is not this call's any more."""
    if not (name and call.name and call.pieces):
        return False
    return (call.is_whole and bool(_arguments(delta))) or name != call.name


def _name_in(delta: CallDelta) -> str:
    named = delta.function or delta.custom
    return (named.name if named is not None else None) or ""


def _arguments(delta: CallDelta) -> str:
    if delta.custom is not None:
        return delta.custom.input or ""
    arguments = delta.function.arguments if delta.function is not None else None
    if isinstance(arguments, dict):
        return msgspec.json.encode(arguments).decode()
    return arguments or ""
