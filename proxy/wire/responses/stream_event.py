"""The events of a provider's stream, as far as they are read."""

from typing import Any

import msgspec
from msgspec import Raw, Struct

from proxy.wire.reading import ABSENT


class StreamEvent(Struct):
    """All events in one shape. What differs in type from event to event is judged where it is used."""

    type: str = ""
    output_index: int | None = None
    item_id: str | None = None
    content_index: int | None = None
    summary_index: int | None = None
    delta: Any = None
    text: Any = None
    refusal: Any = None
    arguments: Any = None
    input: Any = None
    annotation: Raw = ABSENT
    item: Raw = ABSENT
    response: Raw = ABSENT

    @property
    def place(self) -> int:
        return self.content_index or 0


EVENT = msgspec.json.Decoder(StreamEvent)


def words(value: Any) -> str:
    return value if isinstance(value, str) else ""
