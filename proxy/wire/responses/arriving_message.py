"""A message of a provider's stream while it arrives: parts, each a block of its own."""

from collections.abc import Iterator
from dataclasses import dataclass

import msgspec
from msgspec import Raw, Struct

from proxy.wire.canonical import (
    Block,
    BlockBegin,
    BlockEnd,
    Citation,
    CitationDelta,
    Event,
    Refusal,
    Text,
    TextDelta,
)
from proxy.wire.reading import decoded
from proxy.wire.responses.arriving import Arriving
from proxy.wire.responses.read_parts import read_content


@dataclass(slots=True)
class _Part:
    index: int
    sent: int = 0
    cited: int = 0
    is_open: bool = True


class ArrivingMessage(Arriving):
    def __init__(self, numbers: Iterator[int]) -> None:
        super().__init__(numbers)
        self._parts: dict[int, _Part] = {}
        self._current: _Part | None = None
        self.has_refused = False

    def say(self, place: int, text: str) -> list[Event]:
        """More of a text."""
        part = self._parts.get(place)
        if part is None or part is not self._current:
            return self._add(place, text, Text(""))
        if not text or not part.is_open:
            return []
        part.sent += len(text)
        return [TextDelta(part.index, text)]

    def refuse(self, place: int, text: str) -> list[Event]:
        """More of a refusal."""
        return self._add(place, text, Refusal(""))

    def rest(self, place: int, text: str, *, refused: bool = False) -> list[Event]:
        """What was not passed on of a part that is here said in full."""
        part = self._parts.get(place)
        missing = text[part.sent if part is not None else 0 :]
        return self._add(place, missing, Refusal("") if refused else Text(""))

    def cite(self, place: int, citation: Citation) -> list[Event]:
        events = self._turn_to(place, Text(""))
        part = self._parts[place]
        if not part.is_open:
            return events
        part.cited += 1
        return [*events, CitationDelta(part.index, citation)]

    def whole(self, raw: Raw) -> list[Event]:
        content = decoded(_CONTENT, raw).content
        parts = [(0, content)] if isinstance(content, str) else enumerate([part] for part in content or ())
        events: list[Event] = []
        for place, part in parts:
            for block in read_content(part):
                events += self._whole_part(place, block)
        return events + self.close()

    def close(self) -> list[Event]:
        self.is_open = False
        return self._end_part()

    def _whole_part(self, place: int, block: Block) -> list[Event]:
        match block:
            case Text(text, citations):
                events = self.rest(place, text)
                part = self._parts.get(place)
                missing = citations[part.cited if part is not None else 0 :]
                return events + [event for cited in missing for event in self.cite(place, cited)]
            case Refusal(text):
                return self.rest(place, text, refused=True)
        return []

    def _add(self, place: int, text: str, empty: Text | Refusal) -> list[Event]:
        if not text or not self.is_open:
            return []
        events = self._turn_to(place, empty)
        part = self._parts[place]
        if not part.is_open:
            return events
        part.sent += len(text)
        return [*events, TextDelta(part.index, text)]

    def _turn_to(self, place: int, empty: Text | Refusal) -> list[Event]:
        """The part's beginning, if this is the first of it, after the end of the one before."""
        if place in self._parts:
            return []
        self.has_refused |= isinstance(empty, Refusal)
        ended = self._end_part()
        self._current = self._parts[place] = _Part(next(self._numbers))
        return [*ended, BlockBegin(self._current.index, empty)]

    def _end_part(self) -> list[Event]:
        part, self._current = self._current, None
        if part is None:
            return []
        part.is_open = False
        return [BlockEnd(part.index)]


class _Content(Struct):
    content: str | list[Raw] | None = None


_CONTENT = msgspec.json.Decoder(_Content)
