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
_STRING = msgspec.json.Decoder(str)


class UnknownBlock:
    """The members the block began with, and what its deltas say of them since."""

    def __init__(self, kind: str, members: dict[str, Raw]) -> None:
        self._kind = kind
        self._members = dict(members)
        self._input: list[str] = []

    def add(self, delta_type: str, partial_json: str, frame: bytes) -> None:
        """Input and strings come in pieces. Any other member that a delta names, it says in full."""
        if delta_type == "input_json_delta":
            self._input.append(partial_json)
            return
        for name, raw in decoded(_FRAME, frame).delta.items():
            if name != "type":
                self._members[name] = _joined(self._members.get(name), raw)

    def whole(self) -> Opaque:
        text = "".join(self._input)
        if text:
            try:
                self._members["input"] = decoded(_RAW, text.encode())
            except UNREADABLE:
                self._members["input"] = Raw(msgspec.json.encode({"_arguments": text}))
        return Opaque(Format.ANTHROPIC, self._kind, Raw(msgspec.json.encode(self._members)))


def _joined(so_far: Raw | None, more: Raw) -> Raw:
    """Both strings as one, or the later value where they are none."""
    if so_far is None:
        return more
    try:
        return Raw(msgspec.json.encode(decoded(_STRING, so_far) + decoded(_STRING, more)))
    except UNREADABLE:
        return more
