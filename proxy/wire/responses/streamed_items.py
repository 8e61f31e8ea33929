"""What the items of a streamed answer have in common.

An item is announced with the first thing that is to be told of it, so that a block without content leaves no
trace; when it ends, it is told once more as a whole.
"""

from typing import Any

from msgspec import Raw

from proxy.wire.canonical import Block, Event
from proxy.wire.responses.numbering import Delta, Numbering, encoded
from proxy.wire.responses.output_items import COMPLETED, id_of, is_told, written_item
from proxy.wire.target import Reply

IN_PROGRESS = "in_progress"


class Output:
    """The output of one answer: how its events are numbered, and the items that are told in full."""

    def __init__(self, reply: Reply) -> None:
        self.reply = reply
        self.numbering = Numbering()
        self.items: list[Raw] = []
        self.announced = 0


class StreamedItem:
    """One item. Between its beginning and its end it says more, event by event."""

    def __init__(self, output: Output, block: Block) -> None:
        self._output = output
        self._block = block
        self._is_announced = False
        self._id = ""
        self._place = 0

    def begin(self) -> bytes:
        return b""

    def more(self, event: Event) -> bytes:
        return b""

    def end(self) -> bytes:
        return b""

    def _announce(self, block: Block) -> bytes:
        """The item as far as it is known."""
        self._is_announced = True
        self._place = self._output.announced
        self._output.announced += 1
        self._id = id_of(block, self._output.reply, self._place)
        return self._item("response.output_item.added", self._empty(block))

    def _empty(self, block: Block) -> Any:
        return written_item(block, self._id, IN_PROGRESS, {})

    def _finish(self, item: Any) -> bytes:
        """The item in full."""
        raw = Raw(encoded(item))
        self._output.items.append(raw)
        return self._item("response.output_item.done", raw)

    def _item(self, type_: str, item: Any) -> bytes:
        return self._output.numbering.event(type_, {"output_index": self._place, "item": item})

    def _event(self, type_: str, **members: Any) -> bytes:
        return self._output.numbering.event(type_, {**self._where(), **members})

    def _deltas(self, type_: str, **members: Any) -> Delta:
        return Delta(self._output.numbering, type_, {**self._where(), **members})

    def _where(self) -> dict[str, Any]:
        return {"item_id": self._id, "output_index": self._place}


class WholeItem(StreamedItem):
    """What comes in one piece, or not at all."""

    def end(self) -> bytes:
        if not is_told(self._block):
            return b""
        announced = self._announce(self._block)
        return announced + self._finish(written_item(self._block, self._id, COMPLETED, {}))
