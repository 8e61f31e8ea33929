"""A stream passed on as it is; a tap notes what it tells, and nothing is taken apart but its beginning.

Events go out whole. What has come of one that is not complete waits for the rest: no client can use half an
event, and a stream that breaks off in the midst of one can still end with an error that is understood.
"""

from proxy.upstream.back.heard import Heard, signatures_in
from proxy.upstream.back.way import Terms
from proxy.wire.bedrock.invoke import Unwrapped
from proxy.wire.canonical import Begin, Event, Failed, KeepAlive
from proxy.wire.failure import Failure
from proxy.wire.format import Format
from proxy.wire.formats import ERRORS
from proxy.wire.responses.ending import failed_event
from proxy.wire.sides import PROVIDER
from proxy.wire.streams import broken_off
from proxy.wire.tap import Tap
from proxy.wire.target import Expecting

_EVENT_ENDS = (b"\n\n", b"\r\n\r\n", b"\r\r")
_MOST_HELD = 256 * 1024
"""An event that is longer than any should be goes out as it comes."""
_BEFORE_THE_ANSWER = (Begin, KeepAlive)


class Passed:
    """The provider's bytes, as they come."""

    def __init__(self, terms: Terms) -> None:
        self._failure: Failure | None = None
        self._format = terms.provider_format
        self._exchange_id = terms.exchange_id
        self._tap = Tap(
            terms.provider_format,
            streamed=True,
            drop_usage_chunk=terms.usage_asked_by_us,
            choices=terms.choices,
        )
        self._frames = Unwrapped() if terms.framed else None
        self._gate = PROVIDER[terms.provider_format].stream_reader(Expecting(seed=terms.exchange_id))
        self._held = b""
        self._in_long_event = False
        self._has_begun = False
        self.is_over = False
        """Its end is where the provider closes it: what follows the last event is the client's, too."""

    @property
    def heard(self) -> Heard:
        told = self._tap.told
        return Heard(
            usage=told.usage,
            model=told.model,
            id=told.id,
            failure=self._failure or told.failure,
            signatures=[found for event in self._tap.signed for found in signatures_in(event)],
            calls=list(told.calls),
        )

    @property
    def has_begun(self) -> bool:
        return self._has_begun

    @property
    def is_complete(self) -> bool:
        told = self._tap.told
        return told.is_over and told.failure is None

    @property
    def at_event_end(self) -> bool:
        return not self._in_long_event and not self._tap.told.is_over

    def feed(self, chunk: bytes) -> bytes:
        if self._frames is not None:
            chunk = self._frames.feed(chunk)
        if not self._has_begun:
            self._look_at_the_beginning(self._gate.feed(chunk))
        return self._whole_events(self._held + self._tap.pass_on(chunk))

    def end(self) -> bytes:
        if not self._has_begun:
            self._look_at_the_beginning(self._gate.end())
        rest = self._tap.end()
        if self._frames is not None:
            self._frames.end()
        told = self._tap.told
        if not (told.is_over or told.stop_reason or told.failure):
            raise broken_off()
        return self._held + rest

    def farewell(self, failure: Failure) -> bytes:
        told = self._tap.told
        if told.is_over:
            return self._held
        self._failure = failure
        gap = b"\n\n" if self._in_long_event else b""
        if self._format is Format.RESPONSES:
            number = 0 if told.sequence_number is None else told.sequence_number + 1
            return gap + failed_event(failure, self._exchange_id, number, told.id)
        return gap + ERRORS[self._format].event(failure, self._exchange_id)

    def _whole_events(self, data: bytes) -> bytes:
        """What of it can go out now."""
        end = max(data.rfind(ending) + len(ending) if ending in data else 0 for ending in _EVENT_ENDS)
        if end:
            self._in_long_event = False
        self._held = data[end:]
        if self._in_long_event or len(self._held) > _MOST_HELD:
            self._in_long_event = True
            end, self._held = len(data), b""
        return data[:end]

    def _look_at_the_beginning(self, events: list[Event]) -> None:
        for event in events:
            if isinstance(event, Failed):
                raise event.failure
            if not isinstance(event, _BEFORE_THE_ANSWER):
                self._has_begun = True
                return
