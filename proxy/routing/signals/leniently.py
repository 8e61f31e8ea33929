"""JSON objects read into structs, where what is odd counts as not said.

A request with an odd member is the provider's to refuse, not ours to fall over, and all that is not odd in
it still says what it is. What is as it should be is read at one go, however much it is.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Generic, TypeVar

import msgspec
from msgspec import Raw, Struct

from proxy.wire.reading import ABSENT, UNREADABLE, decoded, given

T = TypeVar("T", bound=Struct)


class Leniently(Generic[T]):
    """Reads objects as one struct whose every field has a default; nothing it is given makes it raise.

    A member that holds objects itself is odd as a whole when one of them is. `nested` says by the fields'
    names how to read such members piece by piece then.
    """

    def __init__(self, struct: type[T], **nested: Callable[[Raw], Any]) -> None:
        self._struct = struct
        self._whole = msgspec.json.Decoder(struct)
        self._all = msgspec.json.Decoder(list[struct])  # type: ignore[valid-type] # a type that is handed in
        self._fields = {
            field.encode_name: (field.name, nested.get(field.name) or _reader(field.type))
            for field in msgspec.structs.fields(struct)
        }

    @property
    def names(self) -> Iterable[str]:
        """The members that are read."""
        return self._fields

    def read(self, raw: bytes | Raw) -> T:
        if raw is ABSENT:
            return self._struct()
        try:
            return decoded(self._whole, raw)
        except UNREADABLE:
            return self.of(members(raw))

    def read_each(self, raws: Sequence[bytes]) -> list[T]:
        try:
            return self._all.decode(b"[" + b",".join(raws) + b"]")
        except UNREADABLE:
            return [self.read(raw) for raw in raws]

    def read_all(self, raw: bytes | Raw) -> list[T]:
        """The objects of an array; an empty list for anything else."""
        if first(raw) != "[":
            return []
        try:
            return decoded(self._all, raw)
        except UNREADABLE:
            return [self.read(item) for item in items(raw)]

    def of(self, values: Mapping[str, Raw]) -> T:
        """The struct of members that were found already; what they hold that is odd is left out."""
        said: dict[str, Any] = {}
        for member, value in values.items():
            if member not in self._fields or given(value) is None:
                continue
            name, read = self._fields[member]
            try:
                said[name] = read(value)
            except UNREADABLE:
                continue
        return self._struct(**said)


def _reader(type_: Any) -> Callable[[Raw], Any]:
    decoder = msgspec.json.Decoder(type_)
    return lambda raw: decoded(decoder, raw)


_ITEMS = msgspec.json.Decoder(list[Raw])
_MEMBERS = msgspec.json.Decoder(dict[str, Raw])
_TEXT = msgspec.json.Decoder(str)


def first(raw: bytes | Raw) -> str:
    """The character a value begins with, which tells what it is."""
    return chr(memoryview(raw)[0]) if len(raw) else ""


def items(raw: bytes | Raw) -> list[Raw]:
    """An array's values; none for anything else."""
    try:
        return decoded(_ITEMS, raw)
    except UNREADABLE:
        return []


def members(raw: bytes | Raw) -> dict[str, Raw]:
    """An object's values; none for anything else."""
    try:
        return decoded(_MEMBERS, raw)
    except UNREADABLE:
        return {}


def text(raw: bytes | Raw) -> str:
    """A string; empty for anything else."""
    if raw is ABSENT:
        return ""
    try:
        return decoded(_TEXT, raw)
    except UNREADABLE:
        return ""
