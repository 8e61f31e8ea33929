"""A provider's stream of chunks.

The answer is over at `[DONE]`, or where the stream ends after a finish reason: usage often comes in a
chunk after the finish, so neither alone is the end.
"""

import itertools

from msgspec import Raw

from proxy.wire.canonical import UNKNOWN, Begin, Event, Failed, Finish, KeepAlive, Usage
from proxy.wire.errors import read_error
from proxy.wire.failure import Failure
from proxy.wire.framing.sse import ServerSentEvents
from proxy.wire.openai_chat.chunks import CHUNK, CallDelta, ChoiceDelta, Chunk, Delta
from proxy.wire.openai_chat.citations import read_citation
from proxy.wire.openai_chat.said import thoughts_and_texts
from proxy.wire.openai_chat.stops import read_stop
from proxy.wire.openai_chat.stream_calls import Calls
from proxy.wire.openai_chat.stream_prose import Prose
from proxy.wire.openai_chat.thinking import Detail
from proxy.wire.openai_chat.usage import read_timings, read_usage
from proxy.wire.reading import ABSENT, decoded, given
from proxy.wire.streams import StreamReader, broken_off
from proxy.wire.target import Expecting


def stream_reader(expecting: Expecting) -> StreamReader[bytes]:
    return StreamReader(ServerSentEvents(), _Machine(expecting))


class _Machine:
    def __init__(self, expecting: Expecting) -> None:
        self._numbers = itertools.count()
        self._prose = Prose(self._numbers)
        self._calls = Calls(self._numbers, expecting)
        self._begun = False
        self._reason: str | None = None
        self._sequence: str | int | None = None
        self._usage = ABSENT
        self._timings = ABSENT

    def take(self, frame: bytes) -> list[Event]:
        if not frame.startswith(b"{"):
            frame = frame.strip()
            if not frame:
                return [KeepAlive()]
            if frame == b"[DONE]":
                return self._done()
        chunk = decoded(CHUNK, frame)
        if _is_error(chunk):
            raise read_error(None, frame)
        if chunk.usage is not ABSENT and given(chunk.usage) is not None:
            self._usage = chunk.usage
        if chunk.timings is not ABSENT:
            self._timings = chunk.timings
        choice = _first_choice(chunk)
        if choice is None:
            return []
        if self._begun:
            return self._said(choice)
        self._begun = True
        begin = Begin(str(chunk.id) if chunk.id else None, chunk.model or None)
        return [begin, *self._said(choice)]

    def close(self) -> list[Event]:
        """Without a finish reason the stream broke off, whatever came."""
        if self._reason is None:
            return []
        try:
            return self._finished()
        except Failure as failure:
            return [Failed(failure)]

    def _done(self) -> list[Event]:
        """Some servers end their stream properly without saying why the model stopped."""
        if self._reason is None and not (self._prose.has_spoken or self._calls.any):
            raise broken_off()
        return self._finished()

    def _said(self, choice: ChoiceDelta) -> list[Event]:
        if choice.error is not ABSENT and given(choice.error) is not None:
            raise read_error(None, b'{"error":%s}' % bytes(choice.error))
        delta = choice.delta or choice.message
        events = self._told(delta) if delta is not None else []
        if choice.finish_reason:
            read_stop(choice.finish_reason)  # raises if it means that there is no answer
            self._reason = choice.finish_reason
            self._sequence = choice.stop_reason
        return events

    def _told(self, delta: Delta) -> list[Event]:
        events: list[Event] = []
        plain = delta.reasoning_content or delta.reasoning
        if plain or delta.reasoning_details:
            events += self._thought(plain, delta.reasoning_details or [])
        if delta.content:
            events += self._content(delta.content)
        if delta.refusal:
            events += self._calls.settle() + self._prose.refusal(delta.refusal)
        for raw in delta.annotations or ():
            events += self._prose.citation(read_citation(raw))
        if delta.tool_calls:
            events += self._called(delta.tool_calls)
        elif delta.function_call is not None:
            events += self._called([CallDelta(index=0, function=delta.function_call)])
        return events

    def _thought(self, plain: str | None, details: list[Detail]) -> list[Event]:
        """Where the details hold words, the plain text is their copy."""
        events = self._calls.settle()
        if plain and not any(detail.words for detail in details):
            events += self._prose.thinking(plain)
        for detail in details:
            if detail.words:
                events += self._prose.thinking(detail.words)
            if detail.signature:
                events += self._prose.signature(detail.signature)
            if detail.data is not None:
                events += self._prose.redacted(detail.data)
        return events

    def _content(self, content: str | list[Raw]) -> list[Event]:
        events = self._calls.settle()
        if isinstance(content, str):
            return events + self._prose.text(content)
        for is_thought, words in thoughts_and_texts(content):
            events += self._prose.thinking(words) if is_thought else self._prose.text(words)
        return events

    def _called(self, deltas: list[CallDelta]) -> list[Event]:
        events = self._prose.end()
        for delta in deltas:
            events += self._calls.take(delta)
        return events

    def _finished(self) -> list[Event]:
        events: list[Event] = [] if self._begun else [Begin()]
        events += self._prose.end() + self._calls.finish()
        stop = read_stop(
            self._reason,
            sequence=self._sequence,
            has_calls=self._calls.any,
            has_refusal=self._prose.has_refused,
        )
        return [*events, Finish(stop, self._counted())]

    def _counted(self) -> Usage:
        """Where every chunk counts, the last one counts all."""
        if self._usage is not ABSENT:
            return read_usage(self._usage)
        return read_timings(self._timings) if self._timings is not ABSENT else UNKNOWN


def _is_error(chunk: Chunk) -> bool:
    """An error in the place of a chunk; llama.cpp sends it without its envelope."""
    if chunk.error is not ABSENT and given(chunk.error) is not None:
        return True
    return chunk.choices is None and (chunk.message is not ABSENT or chunk.detail is not ABSENT)


def _first_choice(chunk: Chunk) -> ChoiceDelta | None:
    """Further choices are other answers to the same question, and one is what other formats can tell."""
    for choice in chunk.choices or ():
        if not choice.index:
            return choice
    return None
