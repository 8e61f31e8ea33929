"""The filter over a stream's events, and over a whole answer."""

from collections.abc import Collection, Iterable, Mapping

import msgspec
from msgspec import Raw

from proxy.wire.assemble import collected, spread
from proxy.wire.canonical import (
    Answer,
    ArgumentsDelta,
    Block,
    BlockBegin,
    BlockEnd,
    Event,
    Failed,
    Finish,
    Text,
    TextDelta,
    Thinking,
    ThinkingDelta,
    ToolCall,
)
from proxy.wire.in_order import InOrder
from proxy.wire.names import made_id
from proxy.wire.target import IdRule, ToolNames
from proxy.wire.text_calls.form import Call, Rescue
from proxy.wire.text_calls.scanner import Piece, Said, Scanner, Thought

_IDS = IdRule()
_PLAIN = ToolNames()


class TextCalls:
    """Feed it a stream's events; pass on what it gives back.

    `offered` are the names of the request's tools as they were sent, `schemas` what their arguments must look
    like (without it, a value that stands as bare text and reads as JSON is taken for JSON), and `names` the
    way back to the client's own names. `seed` makes the ids of calls and differs from exchange to exchange.
    """

    def __init__(
        self,
        offered: Collection[str],
        seed: str,
        *,
        rescue: Rescue = Rescue.ALL,
        schemas: Mapping[str, Raw | None] | None = None,
        names: ToolNames = _PLAIN,
    ) -> None:
        known = schemas or {}
        self._scanner = Scanner({name: known.get(name) for name in offered}, rescue)
        self._seed = seed
        self._names = names
        self._in_order = InOrder()
        self._calls = 0
        self._next = 0
        self._open: type[Block] | None = None
        self._original: Text | None = None
        self._is_empty = False

    def feed(self, event: Event) -> list[Event]:
        return [told for next_ in self._in_order.feed(event) for told in self._told(next_)]

    def _told(self, event: Event) -> list[Event]:
        if self._original is not None:
            match event:
                case TextDelta(_, text):
                    return self._scanned(text)
                case BlockEnd():
                    return self._text_over()
                case Finish() | Failed():
                    return [*self._text_over(), *self._told(event)]
        match event:
            case BlockBegin(_, Text() as block):
                return self._text_begun(block)
            case BlockBegin(_, block):
                self._next += 1
                return [BlockBegin(self._next - 1, block)]
            case Finish(stop, usage):
                return [Finish(stop.with_calls(), usage) if self._calls else event]
        return [*self._text_wanted(), self._renumbered(event)] if hasattr(event, "index") else [event]

    def _text_begun(self, block: Text) -> list[Event]:
        self._original = msgspec.structs.replace(block, text="")
        self._is_empty = True
        return self._scanned(block.text)

    def _scanned(self, text: str) -> list[Event]:
        self._is_empty = self._is_empty and not text
        return self._written(self._scanner.feed(text))

    def _text_over(self) -> list[Event]:
        events = self._written(self._scanner.end())
        if self._is_empty:
            events += self._begun(Text)
        events += self._ended()
        self._original = None
        return events

    def _text_wanted(self) -> list[Event]:
        """A citation needs the text that it belongs to."""
        if self._original is None or self._open is Text:
            return []
        return self._begun(Text)

    def _written(self, pieces: Iterable[Piece]) -> list[Event]:
        events: list[Event] = []
        for piece in pieces:
            match piece:
                case Said(text):
                    events += self._begun(Text)
                    events.append(TextDelta(self._next - 1, text))
                case Thought(text):
                    events += self._begun(Thinking)
                    events.append(ThinkingDelta(self._next - 1, text))
                case Call():
                    events += self._called(piece)
        return events

    def _begun(self, kind: type[Text] | type[Thinking]) -> list[Event]:
        if self._open is kind:
            return []
        events = self._ended()
        block = self._original if kind is Text and self._original is not None else kind("")
        if kind is Text:
            self._original = Text("")
            self._is_empty = False
        self._open = kind
        self._next += 1
        return [*events, BlockBegin(self._next - 1, block)]

    def _called(self, call: Call) -> list[Event]:
        events = self._ended()
        tool = self._names.restored(call.name)
        id_ = made_id(_IDS, "written as text", self._seed, self._calls)
        index = self._next
        self._calls += 1
        self._next += 1
        block = ToolCall(id_, tool.name, "", namespace=tool.namespace, custom=tool.custom)
        return [*events, BlockBegin(index, block), ArgumentsDelta(index, call.arguments), BlockEnd(index)]

    def _ended(self) -> list[Event]:
        if self._open is None:
            return []
        self._open = None
        return [BlockEnd(self._next - 1)]

    def _renumbered(self, event: Event) -> Event:
        """Of the block that is open now: they come one after the other."""
        index = self._next - 1
        is_right = getattr(event, "index", index) == index
        return event if is_right else msgspec.structs.replace(event, index=index)


def rescued(
    answer: Answer,
    offered: Collection[str],
    seed: str,
    *,
    rescue: Rescue = Rescue.ALL,
    schemas: Mapping[str, Raw | None] | None = None,
    names: ToolNames = _PLAIN,
) -> Answer:
    """A whole answer, as if it had come as a stream."""
    calls = TextCalls(offered, seed, rescue=rescue, schemas=schemas, names=names)
    told = collected((event for each in spread(answer) for event in calls.feed(each)), answer.format)
    return msgspec.structs.replace(answer, content=told.content, stop=told.stop)
