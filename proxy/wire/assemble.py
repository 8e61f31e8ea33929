"""A stream's events put together to a whole answer, and a whole answer taken apart into events."""

from collections.abc import Iterable

import msgspec

from proxy.wire.canonical import (
    UNKNOWN,
    Answer,
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
    Usage,
)
from proxy.wire.format import Format
from proxy.wire.streams import broken_off


def collected(events: Iterable[Event], format_: Format) -> Answer:
    """The answer that a stream told; raises its Failure if it failed."""
    begin = Begin()
    usage: Usage = UNKNOWN
    blocks: dict[int, _Growing] = {}
    for event in events:
        match event:
            case Begin():
                begin = event
                usage = event.usage
            case BlockBegin(index, block):
                blocks[index] = _Growing(block)
            case Finish(stop, last):
                content = tuple(blocks[index].block() for index in sorted(blocks))
                return Answer(
                    format=format_,
                    id=begin.id,
                    model=begin.model,
                    content=content,
                    stop=stop,
                    usage=usage.updated(last),
                )
            case Failed(failure):
                raise failure
            case KeepAlive() | BlockEnd():
                pass
            case _:
                blocks[event.index].add(event)
    raise broken_off()


def spread(answer: Answer) -> list[Event]:
    """The stream that tells the answer, each block in one piece."""
    events: list[Event] = [Begin(answer.id, answer.model, answer.usage)]
    for index, block in enumerate(answer.content):
        events += _told(index, block)
    return [*events, Finish(answer.stop, answer.usage)]


def _told(index: int, block: Block) -> list[Event]:
    begin: Block = block
    deltas: list[Event] = []
    match block:
        case Text(text, citations):
            begin = msgspec.structs.replace(block, text="", citations=())
            deltas += [TextDelta(index, text)] if text else []
            deltas += [CitationDelta(index, citation) for citation in citations]
        case Refusal(text):
            begin = Refusal("")
            deltas += [TextDelta(index, text)] if text else []
        case Thinking(text, signature):
            begin = msgspec.structs.replace(block, text="", signature="" if signature else None)
            deltas += [ThinkingDelta(index, text)] if text else []
            deltas += [SignatureDelta(index, signature)] if signature else []
        case ToolCall(arguments=arguments):
            begin = msgspec.structs.replace(block, arguments="")
            deltas += [ArgumentsDelta(index, arguments)] if arguments else []
    return [BlockBegin(index, begin), *deltas, BlockEnd(index)]


class _Growing:
    """A block and what has been added to it since its beginning."""

    def __init__(self, block: Block) -> None:
        self._block = block
        self._text: list[str] = []
        self._signature: list[str] = []
        self._citations: list[Citation] = []

    def add(self, event: Event) -> None:
        match event:
            case TextDelta(_, more) | ThinkingDelta(_, more) | ArgumentsDelta(_, more):
                self._text.append(more)
            case SignatureDelta(_, more):
                self._signature.append(more)
            case CitationDelta(_, citation):
                self._citations.append(citation)

    def block(self) -> Block:
        text = "".join(self._text)
        signature = "".join(self._signature)
        block = self._block
        match block:
            case Text():
                citations = (*block.citations, *self._citations)
                return msgspec.structs.replace(block, text=block.text + text, citations=citations)
            case Refusal():
                return Refusal(block.text + text)
            case Thinking():
                signed = (block.signature or "") + signature or None
                return msgspec.structs.replace(block, text=block.text + text, signature=signed)
            case ToolCall():
                signed = (block.signature or "") + signature or None
                return msgspec.structs.replace(block, arguments=block.arguments + text, signature=signed)
            case _:
                return block
