"""Small words for what the filter is told and what it tells."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from msgspec import Raw

from proxy.wire.assemble import collected
from proxy.wire.canonical import (
    Answer,
    Begin,
    BlockBegin,
    BlockEnd,
    Event,
    Finish,
    Stop,
    StopReason,
    Text,
    TextDelta,
    ToolCall,
)
from proxy.wire.format import Format
from proxy.wire.text_calls import Rescue, TextCalls

OFFERED = ("look", "look_up", "write")
SCHEMAS: Mapping[str, Raw | None] = {
    "write": Raw(
        b'{"type": "object", "properties": {"path": {"type": "string"}, "text": {"type": "string"},'
        b' "lines": {"type": "integer"}, "tags": {"type": "array"},'
        b' "mode": {"anyOf": [{"type": "string"}, {"type": "null"}]}}}'
    )
}
END = Stop(StopReason.END_TURN)


def cut(text: str, size: int) -> list[str]:
    return [text[start : start + size] for start in range(0, len(text), size)]


def stream(pieces: Iterable[str], stop: Stop = END) -> list[Event]:
    deltas = [TextDelta(0, piece) for piece in pieces]
    return [Begin("id", "m"), BlockBegin(0, Text("")), *deltas, BlockEnd(0), Finish(stop)]


def told(
    events: Iterable[Event],
    *,
    offered: Collection[str] = OFFERED,
    rescue: Rescue = Rescue.ALL,
    schemas: Mapping[str, Raw | None] | None = SCHEMAS,
) -> list[Event]:
    calls = TextCalls(offered, "seed", rescue=rescue, schemas=schemas)
    return [each for event in events for each in calls.feed(event)]


def answer(text: str, stop: Stop = END, **settings: Any) -> Answer:
    """What becomes of a text, whole; cutting it up otherwise changes nothing."""
    whole = collected(told(stream([text], stop), **settings), Format.OPENAI_CHAT)
    for size in (1, 7):
        assert collected(told(stream(cut(text, size), stop), **settings), Format.OPENAI_CHAT) == whole
    return whole


def plain(content: Iterable[object]) -> list[object]:
    """Blocks as tuples and strings, calls without their ids."""
    return [
        (block.name, block.arguments) if isinstance(block, ToolCall) else getattr(block, "text", block)
        for block in content
    ]
