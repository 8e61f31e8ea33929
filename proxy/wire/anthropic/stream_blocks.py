"""The blocks of a stream as they are written: each takes its place when it first has something to say.

A block of text that stays empty is never begun, for clients send back what they got and empty text is
refused. Thinking of which it is not known whether it is going to be signed waits for its signature, for
clients stop at thinking that nobody signed. Nothing else waits.
"""

from collections.abc import Callable
from typing import Protocol

import msgspec
from msgspec import Raw

from proxy.wire.anthropic.calls import call_head, is_sound
from proxy.wire.anthropic.write_answer import UNSHOWN
from proxy.wire.canonical import (
    ArgumentsDelta,
    Block,
    CitationDelta,
    Document,
    Event,
    Image,
    Opaque,
    RedactedThinking,
    Refusal,
    SignatureDelta,
    Text,
    TextDelta,
    Thinking,
    ThinkingDelta,
    ToolCall,
)
from proxy.wire.format import Format
from proxy.wire.framing.sse import on_one_line
from proxy.wire.reading import members_of
from proxy.wire.target import Reply

_BEGIN = b'event: content_block_start\ndata: {"type":"content_block_start","index":%d,"content_block":%b}\n\n'
_END = b'event: content_block_stop\ndata: {"type":"content_block_stop","index":%d}\n\n'


def _delta(inner: bytes) -> bytes:
    start = b'event: content_block_delta\ndata: {"type":"content_block_delta","index":%d,"delta":'
    return start + inner + b"}\n\n"


_TEXT = _delta(b'{"type":"text_delta","text":%b}')
_THOUGHT = _delta(b'{"type":"thinking_delta","thinking":%b}')
_SIGNATURE = _delta(b'{"type":"signature_delta","signature":%b}')
_INPUT = _delta(b'{"type":"input_json_delta","partial_json":%b}')
_CITATION = _delta(b'{"type":"citations_delta","citation":%b}')

_json = msgspec.json.Encoder().encode

Places = Callable[[], int]
"""Gives the next place in the answer."""


class StreamedBlock(Protocol):
    def more(self, event: Event) -> bytes: ...

    def end(self) -> bytes: ...


def begun(block: Block, places: Places, reply: Reply) -> tuple[StreamedBlock, bytes]:
    """The block, and the bytes of what it says from the start."""
    match block:
        case Text(text) | Refusal(text):
            streamed = _Text(places)
            cited = [CitationDelta(0, c) for c in block.citations] if isinstance(block, Text) else []
            first = streamed.more(TextDelta(0, text)) if text else b""
            return streamed, first + b"".join(map(streamed.more, cited))
        case Thinking(text, signature):
            thinking = _Thinking(places, reply.shows_unsigned_thinking or signature is not None)
            first = thinking.more(ThinkingDelta(0, text)) if text else b""
            return thinking, first + (thinking.more(SignatureDelta(0, signature)) if signature else b"")
        case ToolCall(arguments=arguments):
            call = Call(block, places, reply)
            return call, call.beginning() + (call.more(ArgumentsDelta(0, arguments)) if arguments else b"")
        case Image() | Document():
            return begun(Text(UNSHOWN), places, reply)
    return _Silent(), _whole(block, places)


class _Text:
    def __init__(self, places: Places) -> None:
        self._places = places
        self._place: int | None = None

    def more(self, event: Event) -> bytes:
        begin = b""
        if self._place is None:
            self._place = self._places()
            begin = _BEGIN % (self._place, b'{"type":"text","text":""}')
        if type(event) is TextDelta:
            return begin + _TEXT % (self._place, _json(event.text))
        if type(event) is CitationDelta and event.citation.format is Format.ANTHROPIC:
            return begin + _CITATION % (self._place, on_one_line(bytes(event.citation.raw)))
        return begin

    def end(self) -> bytes:
        return b"" if self._place is None else _END % self._place


class _Thinking:
    def __init__(self, places: Places, shows_unsigned: bool) -> None:  # noqa: FBT001 -- it is the client's, not a switch
        self._places = places
        self._place: int | None = None
        self._shows = shows_unsigned
        self._waiting: list[str] = []
        self._signature: list[str] = []

    def more(self, event: Event) -> bytes:
        if type(event) is ThinkingDelta:
            self._waiting.append(event.text)
        elif type(event) is SignatureDelta and event.signature:
            self._signature.append(event.signature)
        return self._told() if self._shows or self._signature else b""

    def end(self) -> bytes:
        if self._place is None:
            return b""
        # Clients take one signature whole.
        signature = "".join(self._signature)
        signed = _SIGNATURE % (self._place, _json(signature)) if signature else b""
        return signed + _END % self._place

    def _told(self) -> bytes:
        begin = b""
        if self._place is None:
            self._place = self._places()
            begin = _BEGIN % (self._place, b'{"type":"thinking","thinking":"","signature":""}')
        text = "".join(self._waiting)
        self._waiting = []
        return begin + (_THOUGHT % (self._place, _json(text)) if text else b"")


class Call:
    """A call keeps its input, for when the answer is over it must have been an object."""

    def __init__(self, call: ToolCall, places: Places, reply: Reply) -> None:
        self.name = call.name
        self._place = places()
        self._head = call_head(call, self._place, reply)
        self._input: list[str] = []

    def beginning(self) -> bytes:
        return _BEGIN % (self._place, on_one_line(_json({**self._head, "input": {}})))

    def more(self, event: Event) -> bytes:
        if type(event) is not ArgumentsDelta:
            return b""
        if not self._input and (not event.json or event.json.isspace()):
            # Clients parse what they have so far, and stop at input that has not begun.
            return b""
        self._input.append(event.json)
        return _INPUT % (self._place, _json(event.json))

    def end(self) -> bytes:
        return _END % self._place

    @property
    def is_sound(self) -> bool:
        return is_sound("".join(self._input))


class _Silent:
    def more(self, _event: Event) -> bytes:
        return b""

    def end(self) -> bytes:
        return b""


def _whole(block: Block, places: Places) -> bytes:
    """A block in one piece; one that belongs to another format is not told."""
    match block:
        case RedactedThinking(data):
            written = _json({"type": "redacted_thinking", "data": data})
        case Opaque(Format.ANTHROPIC, _, raw):
            return _opaque(raw, places)
        case _:
            return b""
    place = places()
    return _BEGIN % (place, written) + _END % place


def _opaque(raw: Raw, places: Places) -> bytes:
    """The input of a provider's own call comes in a delta, where clients look for it."""
    members = members_of(raw)
    place = places()
    input_ = members.get("input")
    if input_ is None:
        return _BEGIN % (place, on_one_line(bytes(raw))) + _END % place
    begin = _BEGIN % (place, on_one_line(_json({**members, "input": {}})))
    return begin + _INPUT % (place, _json(bytes(input_).decode(errors="replace"))) + _END % place
