"""A stream for a client, from events to chunks.

Text and thoughts go out as they come. A call's arguments are an object here, so a call goes out when it is
whole; a signature belongs to a part, so it goes out with the end of what it signs.
"""

from typing import Any

import msgspec

from proxy.wire.canonical import (
    ArgumentsDelta,
    Begin,
    Block,
    BlockBegin,
    BlockEnd,
    Citation,
    CitationDelta,
    Event,
    Failed,
    Finish,
    KeepAlive,
    Refusal,
    SignatureDelta,
    Text,
    TextDelta,
    Thinking,
    ThinkingDelta,
    ToolCall,
)
from proxy.wire.failure import Failure
from proxy.wire.gemini.citations import written_citations
from proxy.wire.gemini.errors import error_body
from proxy.wire.gemini.stops import stop_word
from proxy.wire.gemini.usage import written_usage
from proxy.wire.gemini.write_answer import answer_part, is_broken, refuse_broken
from proxy.wire.target import Reply

_json = msgspec.json.Encoder().encode


class StreamWriter:
    def __init__(self, reply: Reply) -> None:
        self._reply = reply
        self._begin = Begin()
        self._open: dict[int, _Open] = {}
        self._cited: list[Citation] = []
        self._broken: str | None = None
        self._over = False
        head = _json({"modelVersion": reply.model, "responseId": reply.id})
        self._alive = b"data: " + head + b"\n\n"
        self._before = b'data: {"candidates":[{"content":{"parts":['
        self._after = b'],"role":"model"},"index":0}],' + head[1:] + b"\n\n"
        self._after_text = b"}" + self._after
        self._after_thought = b',"thought":true}' + self._after

    def write(self, event: Event) -> bytes:
        if self._over:
            return b""
        match event:
            case TextDelta(_, text):
                return b'%b{"text":%b%b' % (self._before, _json(text), self._after_text) if text else b""
            case ThinkingDelta(index, text):
                return self._think(index, text)
            case ArgumentsDelta(index, text):
                self._opened(index).text.append(text)
            case SignatureDelta(index, signature):
                self._opened(index).signature.append(signature)
            case CitationDelta(_, citation):
                self._cited.append(citation)
            case BlockBegin(index, block):
                return self._start(index, block)
            case BlockEnd(index):
                return self._end(index)
            case Begin():
                self._begin = event
            case KeepAlive():
                # A comment would be the way of event streams, but Google's clients take each line for JSON.
                return self._alive
            case Finish():
                return self._finish(event)
            case Failed(failure):
                return self._fail(failure)
        return b""

    def _opened(self, index: int) -> "_Open":
        return self._open.setdefault(index, _Open(Thinking("")))

    def _start(self, index: int, block: Block) -> bytes:
        """A block's beginning; what it says already goes out like what is still to come."""
        match block:
            case Text(text, citations):
                self._cited += citations
                return self.write(TextDelta(index, text))
            case Refusal(text):
                return self.write(TextDelta(index, text))
            case Thinking(text):
                self._open[index] = _Open(block)
                return self._think(index, text)
            case ToolCall():
                self._open[index] = _Open(block)
                return b""
        return self._part(answer_part(block))

    def _think(self, index: int, text: str) -> bytes:
        if not text:
            return b""
        self._opened(index).has_said = True
        return b'%b{"text":%b%b' % (self._before, _json(text), self._after_thought)

    def _end(self, index: int) -> bytes:
        opened = self._open.pop(index, None)
        if opened is None:
            return b""
        block = opened.whole()
        if is_broken(block):
            self._broken = self._broken or opened.name
            return b""
        if isinstance(block, Thinking) and opened.has_said and block.signature:
            return self._part({"text": "", "thought": True, "thoughtSignature": block.signature})
        return self._part(answer_part(block))

    def _part(self, part: Any) -> bytes:
        return self._before + _line(part) + self._after if part is not None else b""

    def _finish(self, finish: Finish) -> bytes:
        rest = b"".join([self._end(index) for index in sorted(self._open)])
        if self._broken and (failure := refuse_broken(self._broken, finish.stop)) is not None:
            return rest + self._fail(failure)
        self._over = True
        candidate: dict[str, Any] = {
            "content": {"parts": [{"text": ""}], "role": "model"},
            "finishReason": stop_word(finish.stop),
            "index": 0,
        }
        if grounding := written_citations(self._cited):
            candidate["groundingMetadata"] = grounding
        chunk: dict[str, Any] = {"candidates": [candidate]}
        if usage := written_usage(self._begin.usage.updated(finish.usage)):
            chunk["usageMetadata"] = usage
        chunk |= {"modelVersion": self._reply.model, "responseId": self._reply.id}
        return rest + b"data: " + _line(chunk) + b"\n\n"

    def _fail(self, failure: Failure) -> bytes:
        """The error comes bare, as Google sends it: its clients look for an error in nothing else."""
        self._over = True
        return error_body(failure, self._reply.id) + b"\n\n"


class ArrayWriter:
    """The same chunks for clients that do not ask for events: one JSON array, item by item."""

    def __init__(self, reply: Reply) -> None:
        self._writer = StreamWriter(reply)
        self._between = b"["

    def write(self, event: Event) -> bytes:
        data = b""
        for line in self._writer.write(event).split(b"\n\n")[:-1]:
            data += self._between + line.removeprefix(b"data: ")
            self._between = b",\n"
        return data + b"]" if data and isinstance(event, Finish | Failed) else data


def _line(value: Any) -> bytes:
    """JSON on one line: what a model wrote itself may stand on several, but never within a text."""
    return _json(value).replace(b"\r", b" ").replace(b"\n", b" ")


class _Open:
    """A block that has begun and goes out at its end."""

    __slots__ = ("_block", "has_said", "signature", "text")

    def __init__(self, block: Thinking | ToolCall) -> None:
        self._block = block
        self.has_said = False
        self.text: list[str] = []
        """Of a call's arguments; thoughts go out at once."""
        self.signature: list[str] = []

    @property
    def name(self) -> str:
        return getattr(self._block, "name", "")

    def whole(self) -> Thinking | ToolCall:
        signature = (self._block.signature or "") + "".join(self.signature) or None
        if isinstance(self._block, ToolCall):
            arguments = self._block.arguments + "".join(self.text)
            return msgspec.structs.replace(self._block, arguments=arguments, signature=signature)
        return Thinking("", signature)
