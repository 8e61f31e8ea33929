"""What is remembered of a thread as bytes, and back."""

from collections.abc import Iterable
from types import MappingProxyType

import msgspec
from msgspec import Struct

from proxy.routing.affinity.pins import NOTHING_NEEDED, Need, Pin, Remembered, forgotten_at, is_forgotten

_KEY_BYTES = 16


class _Packed(Struct, frozen=True):
    """Names and not places, so that versions with other members can read each other's."""

    pins: dict[str, Pin]
    last: str
    first_seen: float
    route: str
    client: str
    need: Need = NOTHING_NEEDED


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(_Packed).decode

Row = tuple[bytes, bytes, int]
"""A thread's key, what is remembered of it, and the millisecond since 1970 when that is of no more use."""
Kept = tuple[bytes, int]
"""A row without its key."""


def packed(known: Remembered) -> Kept:
    value = _Packed(dict(known.pins), known.last, known.first_seen, known.route, known.client, known.need)
    ends = max(map(forgotten_at, known.pins.values()))
    return _encode(value), int(ends * 1000)


def unpacked(rows: Iterable[Row], now: float) -> tuple[list[tuple[bytes, Remembered]], list[bytes]]:
    """What can be read and is still of use; and the keys of all other rows."""
    found: list[tuple[bytes, Remembered]] = []
    useless: list[bytes] = []
    for key, value, _ in rows:
        known = _read(value, now) if len(key) == _KEY_BYTES else None
        if known is not None:
            found.append((key, known))
        else:
            useless.append(key)
    return found, useless


def _read(value: bytes, now: float) -> Remembered | None:
    try:
        told = _decode(value)
    except (msgspec.MsgspecError, ValueError):
        return None
    pins = {name: pin for name, pin in told.pins.items() if not is_forgotten(pin, now)}
    if not pins:
        return None
    kept = MappingProxyType(pins)
    return Remembered(kept, told.last, told.first_seen, told.route, told.client, told.need)
