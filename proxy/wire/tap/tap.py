"""The tap itself: bytes in, the same bytes out, and whenever it is asked what they told."""

from proxy.wire.canonical import Usage
from proxy.wire.failure import Failure
from proxy.wire.format import Format
from proxy.wire.framing.sse import ServerSentEvents
from proxy.wire.tap.dropping import UsageChunkDropper
from proxy.wire.tap.notes import NOTES, ChatNotes, Notes
from proxy.wire.tap.told import NOTHING, Told

MAX_WHOLE = 64 * 1024 * 1024
_MOST_SIGNED = 64
_LONGEST_SIGNED = 256 * 1024
_EVENT_ENDS = (b"\n\n", b"\n\r\n", b"\r\r")


class Tap:
    """One answer on its way through.

    `streamed` says that it comes as server-sent events, `choices` how many answers in one were asked for.
    """

    def __init__(
        self, format_: Format, *, streamed: bool, drop_usage_chunk: bool = False, choices: int = 1
    ) -> None:
        drops = drop_usage_chunk and streamed and format_ is Format.OPENAI_CHAT
        self._dropper = UsageChunkDropper() if drops else None
        notes = _notes(format_, choices)
        self._view = _view(notes, streamed=streamed) if notes is not None else None
        self._last_bytes = b"\n\n"

    def pass_on(self, chunk: bytes) -> bytes:
        """What to forward in place of the chunk: itself, wherever nothing is taken out."""
        if self._view is not None and not self._view.look_at(chunk):
            self._view = None
        forwarded = self._dropper.pass_on(chunk) if self._dropper is not None else chunk
        if forwarded:
            self._last_bytes = forwarded[-4:] if len(forwarded) > 3 else (self._last_bytes + forwarded)[-4:]
        return forwarded

    def end(self) -> bytes:
        """The answer is over: what of it was withheld and is to be forwarded after all."""
        if self._view is not None:
            self._view.end()
        return self._dropper.end() if self._dropper is not None else b""

    @property
    def at_event_end(self) -> bool:
        """Whether an event of our own may follow what was forwarded so far."""
        return self._last_bytes.endswith(_EVENT_ENDS)

    @property
    def told(self) -> Told:
        """Of a stream what it told so far, of an answer in one piece everything after `end`."""
        return self._view.told() if self._view is not None else NOTHING

    @property
    def signed(self) -> list[bytes]:
        """The events of a stream that may carry signatures."""
        return self._view.signed() if self._view is not None else []

    @property
    def usage(self) -> Usage:
        return self.told.usage

    @property
    def failure(self) -> Failure | None:
        return self.told.failure


def _notes(format_: Format, choices: int) -> Notes | None:
    if format_ is Format.OPENAI_CHAT:
        return ChatNotes(choices)
    notes = NOTES.get(format_)
    return notes() if notes is not None else None


class _Stream:
    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._framing = ServerSentEvents()
        self._signed: list[bytes] = []

    def look_at(self, chunk: bytes) -> bool:
        """Look, and say whether to go on looking."""
        try:
            for data in self._framing.feed(chunk):
                self._notes.see(data)
                if b"ignature" in data or b"encrypted" in data or b'"redacted' in data:
                    self._keep_signed(data)
        except Failure:  # an event without end; whatever it is, it is not for us
            return False
        return True

    def end(self) -> None:
        for data in self._framing.end():
            self._notes.see(data)

    def signed(self) -> list[bytes]:
        return self._signed

    def _keep_signed(self, data: bytes) -> None:
        if len(self._signed) < _MOST_SIGNED and len(data) <= _LONGEST_SIGNED:
            self._signed.append(data)

    def told(self) -> Told:
        return self._notes.told()


class _Whole:
    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._pieces: list[bytes] = []
        self._size = 0
        self._is_whole = False
        self._told = NOTHING

    def look_at(self, chunk: bytes) -> bool:
        self._pieces.append(chunk)
        self._size += len(chunk)
        return self._size <= MAX_WHOLE

    def end(self) -> None:
        self._is_whole = True

    def signed(self) -> list[bytes]:
        return []

    def told(self) -> Told:
        """Read when it is asked for, because a large body may be read where that holds up no stream."""
        if self._is_whole and self._pieces:
            self._told = self._notes.whole(b"".join(self._pieces))
            self._pieces = []
        return self._told


def _view(notes: Notes, *, streamed: bool) -> _Stream | _Whole:
    return _Stream(notes) if streamed else _Whole(notes)
