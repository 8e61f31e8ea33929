"""Thinking in a streamed answer: a summary in one part, and a seal at the end."""

from typing import Any

from msgspec.structs import replace

from proxy.wire.canonical import Block, Event, SignatureDelta, Thinking, ThinkingDelta
from proxy.wire.responses.numbering import Delta
from proxy.wire.responses.output_items import COMPLETED, is_told, written_item
from proxy.wire.responses.reasoning_items import summary_of
from proxy.wire.responses.streamed_items import Output, StreamedItem


class StreamedReasoning(StreamedItem):
    def __init__(self, output: Output, block: Thinking) -> None:
        super().__init__(output, block)
        self._first = block
        self._pieces: list[str] = []
        self._seal: list[str] = [block.signature or ""]
        self._delta: Delta | None = None

    def begin(self) -> bytes:
        return self._think(self._first.text)

    def more(self, event: Event) -> bytes:
        if type(event) is ThinkingDelta:
            return self._think(event.text)
        if type(event) is SignatureDelta:
            self._seal.append(event.signature)
        return b""

    def end(self) -> bytes:
        text = "".join(self._pieces)
        whole = replace(self._first, text=text, signature="".join(self._seal) or None, extra=None)
        if not is_told(whole):
            return b""
        announced = b"" if self._is_announced else self._announce(whole)
        return announced + self._summary(text) + self._finish(written_item(whole, self._id, COMPLETED, {}))

    def _think(self, text: str) -> bytes:
        if not text:
            return b""
        self._pieces.append(text)
        if self._delta is not None:
            return self._delta.event(text)
        announced = self._announce(self._first)
        part = summary_of("")[0]
        opened = self._event("response.reasoning_summary_part.added", summary_index=0, part=part)
        self._delta = self._deltas("response.reasoning_summary_text.delta", summary_index=0)
        return announced + opened + self._delta.event(text)

    def _summary(self, text: str) -> bytes:
        if self._delta is None:
            return b""
        part = summary_of(text)[0]
        return self._event("response.reasoning_summary_text.done", summary_index=0, text=text) + self._event(
            "response.reasoning_summary_part.done", summary_index=0, part=part
        )

    def _empty(self, block: Block) -> Any:
        return {"id": self._id, "type": "reasoning", "status": "in_progress", "summary": []}
