"""A provider's stream of events.

Items are known by their place in the output, by their id, or, with servers that number nothing, by their
order. Only `response.completed` and its kin end an answer; they also repeat it in full, so what was never
streamed is told then.
"""

from collections.abc import Callable

import msgspec

from proxy.wire.canonical import UNKNOWN, Begin, Event, Finish, KeepAlive
from proxy.wire.errors import read_error
from proxy.wire.framing.sse import ServerSentEvents
from proxy.wire.reading import decoded, given, members_of
from proxy.wire.responses.arrivals import Arrivals
from proxy.wire.responses.arriving import ArrivingCall, ArrivingReasoning
from proxy.wire.responses.arriving_message import ArrivingMessage
from proxy.wire.responses.read_parts import read_citation
from proxy.wire.responses.schema import RESPONSE, Response
from proxy.wire.responses.stops import read_stop
from proxy.wire.responses.stream_event import EVENT, StreamEvent, words
from proxy.wire.responses.usage import read_usage
from proxy.wire.streams import StreamReader
from proxy.wire.target import Expecting


def stream_reader(expecting: Expecting) -> StreamReader[bytes]:
    return StreamReader(ServerSentEvents(), _Machine(expecting))


class _Machine:
    def __init__(self, expecting: Expecting) -> None:
        self._arrivals = Arrivals(expecting)
        self._begun = False

    def take(self, frame: bytes) -> list[Event]:
        if frame.strip() in (b"", b"[DONE]"):
            return []
        event = decoded(EVENT, frame)
        means = _MEANINGS.get(event.type)
        if means is None:
            return _other(event.type, frame)
        events = means(self, event)
        if self._begun or not events:
            return events
        self._begun = True
        return events if isinstance(events[0], Begin) else [Begin(), *events]

    def close(self) -> list[Event]:
        """Only the provider itself ends an answer; a stream that merely stops has broken off."""
        return []

    def begin(self, event: StreamEvent) -> list[Event]:
        if self._begun or given(event.response) is None:
            return []
        response = decoded(RESPONSE, event.response)
        return [Begin(response.id or None, response.model or None)]

    def added(self, event: StreamEvent) -> list[Event]:
        return self._arrivals.added(event.item, event.output_index) if given(event.item) is not None else []

    def done(self, event: StreamEvent) -> list[Event]:
        return self._arrivals.done(event.item, event.output_index) if given(event.item) is not None else []

    def text(self, event: StreamEvent) -> list[Event]:
        message, events = self._arrivals.speaking(event, ArrivingMessage)
        return events + message.say(event.place, words(event.delta)) if message is not None else events

    def refusal(self, event: StreamEvent) -> list[Event]:
        message, events = self._arrivals.speaking(event, ArrivingMessage)
        return events + message.refuse(event.place, words(event.delta)) if message is not None else events

    def annotation(self, event: StreamEvent) -> list[Event]:
        message, events = self._arrivals.speaking(event, ArrivingMessage)
        if message is None or given(event.annotation) is None:
            return events
        return events + message.cite(event.place, read_citation(event.annotation))

    def summary(self, event: StreamEvent) -> list[Event]:
        reasoning, events = self._arrivals.speaking(event, ArrivingReasoning)
        if reasoning is None:
            return events
        return events + reasoning.think("summary", event.summary_index, words(event.delta))

    def thought(self, event: StreamEvent) -> list[Event]:
        reasoning, events = self._arrivals.speaking(event, ArrivingReasoning)
        if reasoning is None:
            return events
        return events + reasoning.think("content", event.content_index, words(event.delta))

    def arguments(self, event: StreamEvent) -> list[Event]:
        call, events = self._arrivals.speaking(event, ArrivingCall)
        return events + call.add(words(event.delta)) if call is not None else events

    def text_done(self, event: StreamEvent) -> list[Event]:
        message, events = self._arrivals.speaking(event, ArrivingMessage)
        return events + message.rest(event.place, words(event.text)) if message is not None else events

    def refusal_done(self, event: StreamEvent) -> list[Event]:
        message, events = self._arrivals.speaking(event, ArrivingMessage)
        if message is None:
            return events
        return events + message.rest(event.place, words(event.refusal), refused=True)

    def arguments_done(self, event: StreamEvent) -> list[Event]:
        call, events = self._arrivals.speaking(event, ArrivingCall)
        if call is None:
            return events
        return events + call.rest(words(event.arguments) or words(event.input))

    def finish(self, event: StreamEvent) -> list[Event]:
        """The end, with all that was not streamed."""
        response = decoded(RESPONSE, event.response) if given(event.response) is not None else Response()
        if response.status not in _FINAL:
            response = msgspec.structs.replace(response, status=_ENDS[event.type])
        begin = self.begin(event)
        events = self._arrivals.all_done(response.output or []) + self._arrivals.close()
        stop = read_stop(response, has_calls=self._arrivals.has_calls, has_refusal=self._arrivals.has_refusal)
        usage = read_usage(response.usage) if given(response.usage) is not None else UNKNOWN
        return [*begin, *events, Finish(stop, usage)]


def _other(type_: str, frame: bytes) -> list[Event]:
    """A failure, in its own event or as an error outside of any; else nothing that is said to us."""
    if type_ in _FAILED:
        raise read_error(None, frame)
    if type_ in _KEEP_ALIVE:
        return [KeepAlive()]
    if type_.startswith("response."):
        return []
    members = members_of(frame)
    is_error = "error" in members and given(members["error"]) is not None
    if is_error or ("message" in members and "code" in members):
        raise read_error(None, frame)
    return []


_KEEP_ALIVE = ("keepalive", "ping", "response.heartbeat")
_FAILED = ("error", "response.failed", "response.error")
_ENDS = {
    "response.completed": "completed",
    "response.done": "completed",
    "response.incomplete": "incomplete",
    "response.cancelled": "cancelled",
}
_FINAL = ("completed", "incomplete")
"""What a response at its end may say of itself; anything else is left over from before."""
_MEANINGS: dict[str, Callable[[_Machine, StreamEvent], list[Event]]] = {
    "response.created": _Machine.begin,
    "response.in_progress": _Machine.begin,
    "response.queued": _Machine.begin,
    "response.output_item.added": _Machine.added,
    "response.output_item.done": _Machine.done,
    "response.output_text.delta": _Machine.text,
    "response.output_text.done": _Machine.text_done,
    "response.output_text.annotation.added": _Machine.annotation,
    "response.refusal.delta": _Machine.refusal,
    "response.refusal.done": _Machine.refusal_done,
    "response.reasoning_summary_text.delta": _Machine.summary,
    "response.reasoning_text.delta": _Machine.thought,
    "response.function_call_arguments.delta": _Machine.arguments,
    "response.function_call_arguments.done": _Machine.arguments_done,
    "response.custom_tool_call_input.delta": _Machine.arguments,
    "response.custom_tool_call_input.done": _Machine.arguments_done,
    **dict.fromkeys(_ENDS, _Machine.finish),
}
