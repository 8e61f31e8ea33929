"""A block that only Anthropic understands, collected from its deltas."""

import msgspec
from msgspec import Raw, Struct

from proxy.wire.canonical import Opaque
from proxy.wire.format import Format
from proxy.wire.reading import UNREADABLE, decoded


class _Frame(Struct):
    delta: dict[str, Raw]


_FRAME = msgspec.json.Decoder(_Frame)
_RAW = msgspec.json.Decoder(Raw)


class UnknownBlock:
    """The members the block began with, and what its deltas say of them since."""

    def __init__(self, kind: str, members: dict[str, Raw]) -> None:
        self._kind = kind
        self._members = dict(members)
        self._input: list[str] = []

    def add(self, delta_type: str, partial_json: str, frame: bytes) -> None:
        """Input comes in pieces. Any other delta names members, and says them in full."""
        if delta_type == "input_json_delta":
            self._input.append(partial_json)
            return
        members = decoded(_FRAME, frame).delta
        self._members.update({name: raw for name, raw in members.items() if name != "type"})

    def whole(self) -> Opaque:
        text = "".join(self._input)
        if text:
            try:
                self._members["input"] = decoded(_RAW, text.encode())
            except UNREADABLE:
                self._members["input"] = Raw(msgspec.json.encode({"_arguments": text}))
        return Opaque(Format.ANTHROPIC, self._kind, Raw(msgspec.json.encode(self._members)))
