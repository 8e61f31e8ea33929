"""Streams as the gateway handles them: bytes to events, events to bytes, one terminal event whatever happens.

A reader is made of a framing, which cuts the bytes into frames, and a machine, which knows the format and
says what each frame means. The reader owns the rules that hold for all of them: what cannot be read is a
Failed, nothing follows the terminal event, and a stream that merely ends has broken off unless the machine
says that its answer was complete.
"""

from collections.abc import Iterable
from typing import Generic, Protocol, TypeVar

from proxy.wire.canonical import Event, Failed, Finish
from proxy.wire.failure import Failure, FailureKind
from proxy.wire.reading import UNREADABLE, bad_answer

Frame = TypeVar("Frame")
FrameIn_contra = TypeVar("FrameIn_contra", contravariant=True)
FrameOut_co = TypeVar("FrameOut_co", covariant=True)


class Framing(Protocol[FrameOut_co]):
    def feed(self, chunk: bytes) -> Iterable[FrameOut_co]: ...

    def end(self) -> Iterable[FrameOut_co]: ...


class Machine(Protocol[FrameIn_contra]):
    def take(self, frame: FrameIn_contra) -> list[Event]:
        """What the frame means; may raise a Failure or what UNREADABLE lists."""

    def close(self) -> list[Event]:
        """The events of a complete answer's end, or none if the answer is not complete."""


class Reader(Protocol):
    def feed(self, chunk: bytes) -> list[Event]: ...

    def end(self) -> list[Event]: ...


class Writer(Protocol):
    """Writes a stream for a client. After a Finish or a Failed it has nothing more to say."""

    def write(self, event: Event) -> bytes: ...


class StreamReader(Generic[Frame]):
    """Reads one answer's stream."""

    def __init__(self, framing: Framing[Frame], machine: Machine[Frame]) -> None:
        self._framing = framing
        self._machine = machine
        self._over = False

    def feed(self, chunk: bytes) -> list[Event]:
        if self._over:
            return []
        events: list[Event] = []
        try:
            for frame in self._framing.feed(chunk):
                events += self._machine.take(frame)
                if events and isinstance(events[-1], Finish | Failed):
                    self._over = True
                    break
        except Failure as failure:
            events.append(self._failed(failure))
        except UNREADABLE as error:
            events.append(self._failed(bad_answer(error)))
        return events

    def end(self) -> list[Event]:
        """The stream is over; what it leaves half said does not count."""
        if self._over:
            return []
        events: list[Event] = []
        try:
            for frame in self._framing.end():
                events += self._machine.take(frame)
        except Failure as failure:
            if failure.kind is not FailureKind.BAD_ANSWER:
                return [*events, self._failed(failure)]
        except UNREADABLE:
            pass  # half a frame: the stream broke off, which is said below
        if not (events and isinstance(events[-1], Finish | Failed)):
            events += self._machine.close() or [self._failed(broken_off())]
        self._over = True
        return events

    def _failed(self, failure: Failure) -> Failed:
        self._over = True
        return Failed(failure)


def broken_off() -> Failure:
    return Failure(FailureKind.BROKEN_OFF, "The provider broke off in the middle of its answer.")
