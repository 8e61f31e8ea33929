"""Tables of words, written down as text, and the words of a text that are looked up in them."""

import re
from typing import Final

_WORD: Final = re.compile("[^\\W\\d_]++(?:['\u2019-][^\\W\\d_]++)*+")


def words_in(text: str) -> frozenset[str]:
    return frozenset(text.split())


def phrases_in(text: str) -> tuple[str, ...]:
    """Of lines in which `|` stands between them."""
    return tuple(phrase for line in text.strip().splitlines() for phrase in line.strip().split(" | "))


def plain_words(text: str) -> list[str]:
    """In small letters; what holds together by a hyphen is one."""
    return _WORD.findall(text.casefold())
