"""Words as they are typed in haste: a letter twice, or in a long word one wrong, one missing, one too many.

Short words are near to many others ("fine" to "find"), so of them only letters that are typed twice are
passed over. In a long one, whose neighbours are no words, any single slip is.
"""

from collections.abc import Iterable
from itertools import groupby
from typing import Final

_LONG: Final = 6


class Hasty:
    """Holds words; a slip of a word is in it as the word itself is."""

    def __init__(self, words: Iterable[str]) -> None:
        self._exactly = frozenset(words)
        self._squeezed = frozenset(map(_squeezed, self._exactly))
        long = [word for word in self._exactly if len(word) >= _LONG]
        self._neighbours = frozenset(cut for word in long for cut in _cuts(word))

    def __contains__(self, word: str) -> bool:
        if word in self._exactly:
            return True
        if _squeezed(word) != word and _squeezed(word) in self._squeezed:
            return True
        return len(word) >= _LONG - 1 and not self._neighbours.isdisjoint(_cuts(word))


def _squeezed(word: str) -> str:
    return "".join(letter for letter, _ in groupby(word))


def _cuts(word: str) -> Iterable[str]:
    """The word, and what is left of it without one of its letters."""
    return (word, *(f"{word[:place]}{word[place + 1 :]}" for place in range(len(word))))
