"""Events as bytes, numbered one after the other without a gap."""

from itertools import count
from typing import Any

import msgspec

encoded = msgspec.json.Encoder().encode


class Numbering:
    """Writes the events of one stream."""

    def __init__(self, first: int = 0) -> None:
        self.next_number = count(first).__next__

    def event(self, type_: str, members: dict[str, Any]) -> bytes:
        said = {"type": type_, **members, "sequence_number": self.next_number()}
        return b"event: %b\ndata: %b\n\n" % (type_.encode(), encoded(said))


class Delta:
    """Writes the many events that differ in nothing but a text and their number."""

    def __init__(self, numbering: Numbering, type_: str, members: dict[str, Any]) -> None:
        self._next_number = numbering.next_number
        same = encoded({"type": type_, **members})[:-1]
        self._before = b"event: %b\ndata: %b" % (type_.encode(), same) + b',"delta":'

    def event(self, text: str) -> bytes:
        return b'%b%b,"sequence_number":%d}\n\n' % (self._before, encoded(text), self._next_number())
