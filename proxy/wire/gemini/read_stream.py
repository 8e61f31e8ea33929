"""A provider's stream, from chunks to events.

Each chunk is an answer of its own, with more of the content; calls come whole. The finish reason may come
before the last chunk, every chunk has the usage so far, and only the end of the stream says that it is over.

A signature closes what it signs: the thought before it, or nothing but itself.
"""

from collections.abc import Iterable

import msgspec
from msgspec import Raw, Struct

from proxy.wire.canonical import (
    ArgumentsDelta,
    Begin,
    Block,
    BlockBegin,
    BlockEnd,
    CitationDelta,
    Event,
    Failed,
    Finish,
    Opaque,
    SignatureDelta,
    Stop,
    Text,
    TextDelta,
    Thinking,
    ThinkingDelta,
    ToolCall,
)
from proxy.wire.errors import read_error
from proxy.wire.failure import Failure
from proxy.wire.format import Format
from proxy.wire.gemini.citations import read_citations
from proxy.wire.gemini.frames import Chunks
from proxy.wire.gemini.media import read_file, read_inline
from proxy.wire.gemini.schema import FUNCTION_CALL
from proxy.wire.gemini.stops import blocked, read_stop
from proxy.wire.gemini.usage import read_usage
from proxy.wire.names import made_id
from proxy.wire.reading import ABSENT, decoded, given, members_of
from proxy.wire.streams import StreamReader
from proxy.wire.target import Expecting, IdRule

_IDS = IdRule()


def stream_reader(expecting: Expecting) -> StreamReader[bytes]:
    return StreamReader(Chunks(), Machine(expecting))


class _Part(Struct, rename="camel"):
    text: str | None = None
    thought: bool | None = None
    thought_signature: str | None = None
    function_call: Raw = ABSENT
    inline_data: Raw = ABSENT
    file_data: Raw = ABSENT


class _Content(Struct):
    parts: list[_Part] | None = None


class _Candidate(Struct, rename="camel"):
    content: _Content | None = None
    index: int | None = None
    finish_reason: str | None = None
    finish_message: str | None = None
    grounding_metadata: Raw = ABSENT


class _Feedback(Struct, rename="camel"):
    block_reason: str | None = None


class _Chunk(Struct, rename="camel"):
    candidates: list[_Candidate] | None = None
    prompt_feedback: _Feedback | None = None
    usage_metadata: Raw = ABSENT
    model_version: str | None = None
    response_id: str | None = None
    error: Raw = ABSENT


class _RawContent(Struct):
    parts: list[Raw] | None = None


class _RawCandidate(Struct):
    content: _RawContent | None = None


class _RawChunk(Struct):
    candidates: list[_RawCandidate] | None = None


_CHUNK = msgspec.json.Decoder(_Chunk)
_RAW_CHUNK = msgspec.json.Decoder(_RawChunk)
_COMMON = frozenset(("thought", "thoughtSignature", "partMetadata", "videoMetadata", "mediaResolution"))
"""What parts have beside what they are."""


class Machine:
    def __init__(self, expecting: Expecting) -> None:
        self._expecting = expecting
        self._begun = False
        self._next = 0
        self._open: type[Block] | None = None
        """What the block at `_next - 1` is, if more may be added to it."""
        self._calls = 0
        self._usage = ABSENT
        self._stop: Stop | None = None

    def take(self, frame: bytes) -> list[Event]:
        if frame == b"[DONE]":
            return []
        chunk = decoded(_CHUNK, frame)
        if given(chunk.error) is not None:
            return [Failed(read_error(None, frame))]
        if given(chunk.usage_metadata) is not None:
            self._usage = chunk.usage_metadata
        events: list[Event] = []
        if not self._begun:
            self._begun = True
            events.append(Begin(chunk.response_id, chunk.model_version, read_usage(self._usage)))
        if chunk.prompt_feedback is not None and chunk.prompt_feedback.block_reason and self._stop is None:
            self._stop = blocked(chunk.prompt_feedback.block_reason)
        for place, candidate in enumerate(chunk.candidates or ()):
            if not candidate.index:
                events += self._more(candidate, place, frame)
        return events

    def close(self) -> list[Event]:
        if self._stop is None:
            return []
        stop = self._stop.with_calls() if self._calls else self._stop.without_calls()
        return [*self._end(), Finish(stop, read_usage(self._usage))]

    @property
    def has_said(self) -> bool:
        return self._next > 0

    def _more(self, candidate: _Candidate, place: int, frame: bytes) -> list[Event]:
        events: list[Event] = []
        if candidate.content is not None:
            for nth, part in enumerate(candidate.content.parts or ()):
                events += self._part(part, (place, nth), frame)
        if given(candidate.grounding_metadata) is not None and self._open is Text:
            cited = read_citations(candidate.grounding_metadata)
            events += [CitationDelta(self._next - 1, citation) for citation in cited]
        if candidate.finish_reason:
            try:
                self._stop = read_stop(
                    candidate.finish_reason, candidate.finish_message, has_said=self.has_said
                )
            except Failure as failure:
                events.append(Failed(failure))
        return events

    def _part(self, part: _Part, place: tuple[int, int], frame: bytes) -> list[Event]:
        signature = part.thought_signature
        if given(part.function_call) is not None:
            return self._call(part)
        if part.text is None:
            return self._other(part, place, frame)
        if part.thought or (signature and not part.text):
            return self._thought(part.text, signature, continues=bool(part.thought))
        events = self._added(part.text) if part.text else []
        return events + self._thought("", signature, continues=False) if signature else events

    def _added(self, text: str) -> list[Event]:
        if self._open is Text:
            return [TextDelta(self._next - 1, text)]
        return [*self._begin(Text("")), TextDelta(self._next - 1, text)]

    def _thought(self, text: str, signature: str | None, *, continues: bool) -> list[Event]:
        if not text and not signature:
            return []
        events: list[Event] = []
        if self._open is not Thinking or not continues:
            events += self._begin(Thinking(""))
        if text:
            events.append(ThinkingDelta(self._next - 1, text))
        if signature:
            events += [SignatureDelta(self._next - 1, signature), *self._end()]
        return events

    def _call(self, part: _Part) -> list[Event]:
        call, _ = FUNCTION_CALL.read(part.function_call)
        tool = self._expecting.names.restored(call.name)
        id_ = call.id or made_id(_IDS, self._expecting.seed, self._calls)
        self._calls += 1
        args = given(call.args)
        block = ToolCall(
            id_,
            tool.name,
            "",
            namespace=tool.namespace,
            custom=tool.custom,
            signature=part.thought_signature or None,
        )
        arguments = bytes(args).decode() if args is not None else "{}"
        return [*self._begin(block), ArgumentsDelta(self._next - 1, arguments), *self._end()]

    def _other(self, part: _Part, place: tuple[int, int], frame: bytes) -> list[Event]:
        """A picture, a file, or what Google's own tools did."""
        block: Block | None
        if given(part.inline_data) is not None:
            block = read_inline(part.inline_data, None)
        elif given(part.file_data) is not None:
            block = read_file(part.file_data, None)
        else:
            block = _opaque(place, frame)
        events = [*self._begin(block), *self._end()] if block is not None else []
        if part.thought_signature and not isinstance(block, Opaque):
            events += self._thought("", part.thought_signature, continues=bool(part.thought))
        return events

    def _begin(self, block: Block) -> list[Event]:
        events = self._end()
        events.append(BlockBegin(self._next, block))
        self._next += 1
        self._open = type(block)
        return events

    def _end(self) -> list[Event]:
        if self._open is None:
            return []
        self._open = None
        return [BlockEnd(self._next - 1)]


def _opaque(place: tuple[int, int], frame: bytes) -> Opaque | None:
    """The part as it came. There are few of these, so the frame is simply read once more for it."""
    candidate, nth = place
    content = (decoded(_RAW_CHUNK, frame).candidates or [])[candidate].content
    raw = ((content.parts if content is not None else None) or [])[nth]
    kind = _kind(members_of(raw))
    return Opaque(Format.GEMINI, kind, Raw(bytes(raw))) if kind is not None else None


def _kind(names: Iterable[str]) -> str | None:
    return next((name for name in names if name not in _COMMON), None)
