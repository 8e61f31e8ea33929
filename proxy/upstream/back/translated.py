"""A stream told in other words, event by event."""

from proxy.upstream.back.heard import Heard
from proxy.upstream.back.way import Terms, writer
from proxy.wire.canonical import Begin, Event, Failed, Finish, KeepAlive
from proxy.wire.failure import Failure
from proxy.wire.sides import PROVIDER
from proxy.wire.text_calls import TextCalls

_BEFORE_THE_ANSWER = (Begin, KeepAlive)


class Translated:
    """Parser and renderer of two formats, and between them what local models write as text."""

    def __init__(self, terms: Terms) -> None:
        self._heard = Heard()
        self._reader = PROVIDER[terms.provider_format].stream_reader(terms.expecting)
        self._writer = writer(terms)
        self._rescue = (
            TextCalls(terms.tools, terms.exchange_id, schemas=terms.tools, names=terms.names)
            if terms.tools
            else None
        )
        self._has_begun = False
        self._is_over = False

    @property
    def heard(self) -> Heard:
        return self._heard

    @property
    def has_begun(self) -> bool:
        return self._has_begun

    @property
    def is_over(self) -> bool:
        return self._is_over

    @property
    def is_complete(self) -> bool:
        return self._is_over and self._heard.failure is None

    @property
    def at_event_end(self) -> bool:
        return not self._is_over

    def feed(self, chunk: bytes) -> bytes:
        return self._told(self._reader.feed(chunk))

    def end(self) -> bytes:
        told = self._told(self._reader.end())
        self._is_over = True
        return told

    def farewell(self, failure: Failure) -> bytes:
        if self._is_over:
            return b""
        self._is_over = True
        self._heard.failure = failure
        return self._writer.write(Failed(failure))

    def _told(self, events: list[Event]) -> bytes:
        if self._rescue is not None:
            events = [told for event in events for told in self._rescue.feed(event)]
        self._heard.note(events)
        pieces: list[bytes] = []
        for event in events:
            if isinstance(event, Failed) and not self._has_begun:
                raise event.failure
            self._has_begun = self._has_begun or not isinstance(event, _BEFORE_THE_ANSWER)
            self._is_over = self._is_over or isinstance(event, Finish | Failed)
            pieces.append(self._writer.write(event))
        return b"".join(pieces)
