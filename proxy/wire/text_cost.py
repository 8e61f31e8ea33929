"""What text costs in tokens, about: the sum of what its characters cost, each by its kind."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from zlib import adler32

# Fiftieths of a token. A character of several bytes costs what its bytes cost together.
_LETTER, _DIGIT, _QUOTE, _MARK = 12, 25, 18, 37
_UNITS = 50
_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz "
_DIGITS = b"0123456789"
_QUOTES = b'"\\'
_BY_LEAD = (
    (2, range(0xC2, 0xE0), 30),  # accents, Greek, Cyrillic, Hebrew, Arabic
    (3, range(0xE0, 0xF0), 55),  # Chinese, Japanese, Korean, Indic scripts, typography
    (4, range(0xF0, 0xF5), 125),  # emoji
)
_FOLLOWING, _FOLLOWERS = 25, range(0x80, 0xC0)

_ESCAPED = re.compile(rb"\\u")
_ESCAPED_LESS, _ESCAPED_LOW_LESS = 0.91, 0.5
"""`\\u4f60` looks like six characters and is one; the second is for alphabets below `\\u1000`, on top."""


def tokens_of_each(texts: Sequence[bytes]) -> list[float]:
    """Of many texts, most of which are short."""
    tokens = [_weight(text) / _UNITS for text in texts]
    whole = b"".join(texts)
    found = _ESCAPED.search(whole)
    if found:
        ends = list(accumulate(map(len, texts)))
        while found:
            place = bisect_right(ends, found.start())
            tokens[place] -= _escaped_less(texts[place])
            found = _ESCAPED.search(whole, ends[place])
    return tokens


def _weight_of_each_byte() -> bytes:
    weights = [_MARK] * 256
    for bytes_, weight in (
        (_LETTERS, _LETTER),
        (_DIGITS, _DIGIT),
        (_QUOTES, _QUOTE),
        (_FOLLOWERS, _FOLLOWING),
    ):
        for byte in bytes_:
            weights[byte] = weight
    for length, leads, weight in _BY_LEAD:
        for lead in leads:
            weights[lead] = weight - (length - 1) * _FOLLOWING
    return bytes(weights)


_WEIGHTS = _weight_of_each_byte()
_MODULUS = 65521
_SUMMED = (_MODULUS - 1) // max(_WEIGHTS)


def _weight(text: bytes) -> int:
    """Adler's checksum has the sum in its lower half, by a modulus that no short piece can reach."""
    if len(text) <= _SUMMED:
        return adler32(text.translate(_WEIGHTS), 0) & 0xFFFF
    return sum([_weight(text[start : start + _SUMMED]) for start in range(0, len(text), _SUMMED)])


def _escaped_less(text: bytes) -> float:
    return text.count(b"\\u") * _ESCAPED_LESS + text.count(b"\\u0") * _ESCAPED_LOW_LESS
