"""What was said, for those who want it kept for some days: keys are taken out of it, and it is compressed.

Everything is done in pieces, for neither looking for keys in a megabyte nor compressing it may hold up the
loop; a piece ends where no key can lie across its end.
"""

import re
import time
import zlib
from collections.abc import Callable, Iterator

from msgspec import Struct, msgpack

from proxy.exchange import MOST_KEPT
from proxy.wire.errors.masking import masked

_PIECE = 32 * 1024
_LONGEST_PIECE = 256 * 1024
_ENDS = re.compile(rb'",|"\}|\n|\\n')
_LEVEL = 6
_TURN_SECONDS = 0.0005


class Said(Struct, frozen=True):
    """A request and its answer as text; `is_whole` is false where the end of one was left out."""

    request: str
    answer: str
    is_whole: bool


def packed(
    request: bytes, answer: list[bytes], pause: Callable[[], None] = lambda: time.sleep(_TURN_SECONDS)
) -> bytes:
    """In the form in which it lies in the record; after each piece the loop gets its turn."""
    is_whole = len(request) <= MOST_KEPT and sum(map(len, answer)) < MOST_KEPT
    said = Said(_told(request[:MOST_KEPT], pause), _told(b"".join(answer), pause), is_whole)
    return zlib.compress(msgpack.encode(said), _LEVEL)


def unpacked(data: bytes) -> Said:
    return msgpack.decode(zlib.decompress(data), type=Said)


def _told(data: bytes, pause: Callable[[], None]) -> str:
    pieces = []
    for piece in _pieces(data):
        pieces.append(masked(piece.decode("utf-8", "replace")))
        pause()
    return "".join(pieces)


def _pieces(data: bytes) -> Iterator[bytes]:
    begin = 0
    while begin < len(data):
        found = _ENDS.search(data, begin + _PIECE, begin + _LONGEST_PIECE)
        end = found.end() if found is not None else min(len(data), begin + _LONGEST_PIECE)
        yield data[begin:end]
        begin = end
