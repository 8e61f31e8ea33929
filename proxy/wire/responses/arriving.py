"""The items of a provider's stream while they arrive.

Each knows how much of it was passed on. Of what an event says in full only that is passed on which is still
missing, so a server may stream, or say all at once, or both.
"""

from collections.abc import Iterator

import msgspec
from msgspec import Raw, Struct

from proxy.wire.canonical import (
    ArgumentsDelta,
    BlockBegin,
    BlockEnd,
    Event,
    Opaque,
    RedactedThinking,
    SignatureDelta,
    Thinking,
    ThinkingDelta,
    ToolCall,
)
from proxy.wire.format import Format
from proxy.wire.reading import ABSENT, decoded
from proxy.wire.responses.custom_text import CLOSING, OPENING, escaped
from proxy.wire.responses.read_answer import known
from proxy.wire.responses.read_items import read_item
from proxy.wire.responses.reasoning_items import BETWEEN_PARTS, read_reasoning_item, words_in
from proxy.wire.target import Expecting


class Arriving:
    """An item of a kind; `is_open` tells whether more of it can be passed on."""

    is_prose = True
    """It is over when another item begins to speak; calls may arrive side by side."""

    def __init__(self, numbers: Iterator[int]) -> None:
        self._numbers = numbers
        self.kind = ""
        self.is_open = True

    def begin(self) -> list[Event]:
        return []

    def whole(self, raw: Raw) -> list[Event]:
        """The item in full: what is missing, and its end."""
        return self.close()

    def close(self) -> list[Event]:
        self.is_open = False
        return []


class ArrivingOpaque(Arriving):
    """What the provider's own tools do. Only in full it means anything."""

    is_prose = False

    def whole(self, raw: Raw) -> list[Event]:
        index = next(self._numbers)
        block = Opaque(Format.RESPONSES, self.kind, raw)
        return [BlockBegin(index, block), BlockEnd(index), *self.close()]


class ArrivingReasoning(Arriving):
    """A summary in parts, or the thinking itself; whichever comes first is what is passed on."""

    def __init__(self, numbers: Iterator[int], raw: Raw) -> None:
        super().__init__(numbers)
        self._block = read_reasoning_item(raw)
        self._index: int | None = None
        self._source: str | None = None
        self._part: int | None = None
        self._sent = 0

    def begin(self) -> list[Event]:
        if isinstance(self._block, RedactedThinking):
            return []
        self._index = next(self._numbers)
        return [BlockBegin(self._index, Thinking("", id=self._block.id))]

    def think(self, source: str, part: int | None, text: str) -> list[Event]:
        if self._index is None or not self.is_open or (self._source or source) != source:
            return []
        if self._sent and part != self._part:
            text = BETWEEN_PARTS + text
        self._source, self._part = source, part
        self._sent += len(text)
        return [ThinkingDelta(self._index, text)]

    def whole(self, raw: Raw) -> list[Event]:
        block = read_reasoning_item(raw)
        if self._index is None or isinstance(block, RedactedThinking):
            index = next(self._numbers)
            return [BlockBegin(index, block), BlockEnd(index), *self.close()]
        events: list[Event] = []
        missing = self._words(block, raw)[self._sent :]
        if missing:
            events.append(ThinkingDelta(self._index, missing))
        if block.signature is not None:
            events.append(SignatureDelta(self._index, block.signature))
        return events + self.close()

    def _words(self, block: Thinking, raw: Raw) -> str:
        if self._source is None:
            return block.text
        item = decoded(_REASONING, raw)
        return BETWEEN_PARTS.join(words_in(item.summary if self._source == "summary" else item.content))

    def close(self) -> list[Event]:
        self.is_open = False
        return [] if self._index is None else [BlockEnd(self._index)]


class ArrivingCall(Arriving):
    """A call of a function or a custom tool. It begins with its name."""

    is_prose = False

    def __init__(self, numbers: Iterator[int], raw: Raw, expecting: Expecting) -> None:
        super().__init__(numbers)
        self._raw = raw
        self._expecting = expecting
        self._index = -1
        self._is_text = False
        self._sent = 0

    def begin(self) -> list[Event]:
        self._index = next(self._numbers)
        call = self._read(self._raw)
        block = known(call, self._index, self._expecting)
        self._is_text = call.custom
        begun: Event = BlockBegin(self._index, msgspec.structs.replace(block, arguments="", extra=None))
        return [begun, ArgumentsDelta(self._index, OPENING)] if self._is_text else [begun]

    def add(self, text: str) -> list[Event]:
        if not text or not self.is_open:
            return []
        self._sent += len(text)
        return [ArgumentsDelta(self._index, escaped(text) if self._is_text else text)]

    def rest(self, text: str) -> list[Event]:
        return self.add(text[self._sent :])

    def whole(self, raw: Raw) -> list[Event]:
        said = decoded(_ARGUMENTS, raw)
        return self.rest(said.input if self._is_text else said.arguments) + self.close()

    def close(self) -> list[Event]:
        self.is_open = False
        closing: list[Event] = [ArgumentsDelta(self._index, CLOSING)] if self._is_text else []
        return [*closing, BlockEnd(self._index)]

    def _read(self, raw: Raw) -> ToolCall:
        block = read_item(raw).content[0]
        if isinstance(block, ToolCall):
            return block
        raise msgspec.ValidationError("Expected a call")


class _Reasoning(Struct):
    summary: Raw = ABSENT
    content: Raw = ABSENT


class _Arguments(Struct):
    arguments: str = ""
    input: str = ""


_REASONING = msgspec.json.Decoder(_Reasoning)
_ARGUMENTS = msgspec.json.Decoder(_Arguments)
