"""All items of one stream: which of them an event speaks of, and which are over because of it."""

import itertools
from collections.abc import Mapping
from typing import TypeVar

import msgspec
from msgspec import Raw, Struct

from proxy.wire.canonical import Event
from proxy.wire.reading import decoded
from proxy.wire.responses.arriving import Arriving, ArrivingCall, ArrivingOpaque, ArrivingReasoning
from proxy.wire.responses.arriving_message import ArrivingMessage
from proxy.wire.responses.read_items import CUSTOM_CALL, FUNCTION_CALL
from proxy.wire.responses.stream_event import StreamEvent
from proxy.wire.target import Expecting

Kind = TypeVar("Kind", bound=Arriving)


class _Names(Struct):
    """How an item is known."""

    type: str = "message"
    id: str | None = None
    call_id: str | None = None


_NAMES = msgspec.json.Decoder(_Names)
_MESSAGE = "message"
_REASONING = "reasoning"
_PROSE: Mapping[type[Arriving], str] = {ArrivingMessage: _MESSAGE, ArrivingReasoning: _REASONING}
_UNNAMED = Raw(b'{"type":"reasoning"}')


class Arrivals:
    def __init__(self, expecting: Expecting) -> None:
        self._expecting = expecting
        self._numbers = itertools.count()
        self._items: list[Arriving] = []
        self._by_place: dict[int, Arriving] = {}
        self._by_id: dict[str, Arriving] = {}
        self._speaking: Arriving | None = None

    @property
    def has_calls(self) -> bool:
        return any(isinstance(item, ArrivingCall) for item in self._items)

    @property
    def has_refusal(self) -> bool:
        return any(isinstance(item, ArrivingMessage) and item.has_refused for item in self._items)

    def added(self, raw: Raw, place: int | None) -> list[Event]:
        """A new item, which has yet to say something."""
        return self._add(raw, decoded(_NAMES, raw), place).begin()

    def done(self, raw: Raw, place: int | None) -> list[Event]:
        """An item in full, whether or not it was begun."""
        names = decoded(_NAMES, raw)
        item = self._known(names, place)
        if item is not None:
            return item.whole(raw) if item.is_open else []
        item = self._add(raw, names, place)
        return self._turn_to(item, place) + item.begin() + item.whole(raw)

    def all_done(self, raws: list[Raw]) -> list[Event]:
        """The whole output. Items that were streamed are found in it by their ids, else by their kind."""
        events: list[Event] = []
        unmatched = list(self._items)
        for place, raw in enumerate(raws):
            names = decoded(_NAMES, raw)
            item = self._known(names, place)
            if item not in unmatched:
                item = next((item for item in unmatched if item.kind == names.type), None)
            if item is None:
                events += self.done(raw, len(self._items) + place)
                continue
            unmatched.remove(item)
            events += item.whole(raw) if item.is_open else []
        return events

    def close(self) -> list[Event]:
        return [event for item in self._items if item.is_open for event in item.close()]

    def speaking(self, event: StreamEvent, kind: type[Kind]) -> tuple[Kind | None, list[Event]]:
        """The item that the event says more of, and the ends of those before it."""
        item = self._of(event)
        if item is self._speaking and isinstance(item, kind):
            return item, []
        begun: list[Event] = []
        if not isinstance(item, kind):
            item, begun = self._unannounced(event, kind)
        if item is None:
            return None, []
        return item, self._turn_to(item, event.output_index) + begun

    def _of(self, event: StreamEvent) -> Arriving | None:
        if event.output_index is not None and event.output_index in self._by_place:
            return self._by_place[event.output_index]
        if event.item_id is not None:
            return self._by_id.get(event.item_id)
        return self._speaking if event.output_index is None else None

    def _unannounced(self, event: StreamEvent, kind: type[Kind]) -> tuple[Kind | None, list[Event]]:
        """The last of the kind, for an event that names none; else one that begins unannounced, which a call
        cannot do without a name."""
        if event.output_index is None and event.item_id is None:
            latest = (item for item in reversed(self._items) if isinstance(item, kind) and item.is_open)
            found = next(latest, None)
            if found is not None:
                return found, []
        type_ = _PROSE.get(kind)
        if type_ is None:
            return None, []
        names = _Names(type_, event.item_id)
        made = self._add(_UNNAMED, names, event.output_index)
        return (made, made.begin()) if isinstance(made, kind) else (None, [])

    def _known(self, names: _Names, place: int | None) -> Arriving | None:
        """By its place, by its ids, or where nothing is numbered, the first that waits for its end."""
        there = self._by_place.get(place) if place is not None else None
        if there is not None and there.kind == names.type:
            return there
        for id_ in (names.id, names.call_id):
            if id_ is not None and id_ in self._by_id:
                return self._by_id[id_]
        if place is not None:
            return None
        return next((item for item in self._items if item.is_open and item.kind == names.type), None)

    def _add(self, raw: Raw, names: _Names, place: int | None) -> Arriving:
        item = self._made(raw, names.type)
        item.kind = names.type
        self._items.append(item)
        if place is not None:
            self._by_place[place] = item
        for id_ in (names.id, names.call_id):
            if id_ is not None:
                self._by_id[id_] = item
        return item

    def _made(self, raw: Raw, kind: str) -> Arriving:
        if kind in (FUNCTION_CALL, CUSTOM_CALL):
            return ArrivingCall(self._numbers, raw, self._expecting)
        if kind == _REASONING:
            return ArrivingReasoning(self._numbers, raw)
        return ArrivingMessage(self._numbers) if kind == _MESSAGE else ArrivingOpaque(self._numbers)

    def _turn_to(self, item: Arriving, place: int | None) -> list[Event]:
        """The item speaks, so the prose before it is over; where nothing is numbered, calls are as well."""
        if item is self._speaking:
            return []
        self._speaking = item
        before = itertools.takewhile(lambda other: other is not item, self._items)
        over = [one for one in before if one.is_open and (one.is_prose or place is None)]
        return [event for one in over for event in one.close()]
