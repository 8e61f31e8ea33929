"""How often each kind of word occurs in a text: counted word by word, and remembered for words met before.

What a word counts for is packed into one number, a few bits for each count, so a text is one sum over its
words and no loop over counts. A field holds more than a text of `CAP` characters has words.
"""

import struct
from collections.abc import Callable, Sequence
from typing import Final

from proxy.routing.prior.answers import MARKS
from proxy.routing.prior.vocabulary import KINDS, KINDS_OF

COUNTS: Final = (*KINDS, "compounds", "operators", "signs", "notation", "numbers", "marks")
"""`compounds` are not of letters alone, like "end-to-end", "isn't" and "+"; `signs` are those of programs;
`marks` stand before answers to choose from, like "A." and "(b)"."""
CAP: Final = 2_000
_FIELD: Final = 16
_FIELDS: Final = struct.Struct(f"<{len(COUNTS)}H")
_UNIT: Final = tuple(1 << _FIELD * place for place in range(len(COUNTS)))
_COMPOUND, _OPERATOR, _SIGN, _NOTATION, _NUMBER, _MARK = _UNIT[len(KINDS) :]

_CURLY: Final = "\u2019"
_AROUND: Final = f".,;:!?\"'()[]{{}}<>*`\u201c\u201d\u2018{_CURLY}\u2026-_"
_OPERATOR_SIGNS: Final = frozenset("^=+")
_LONE_OPERATORS: Final = frozenset("+-*/=^<>")
_CODE_SIGNS: Final = frozenset("{}[]=;<>_")
_LONGEST: Final = 40
"""Longer words are read anew each time: addresses, keys and lines of other scripts rarely come again."""


def bare(token: str) -> str:
    """The word without the marks around it, in small letters; telephones write "isn't" in their own way."""
    return token.strip(_AROUND).lower().replace(_CURLY, "'")


def packed(token: str) -> int:
    """What one token counts for. Its time grows with its length and with nothing else."""
    word = bare(token)
    if word.isalpha() and len(word) == len(token):
        return sum(_UNIT[kind] for kind in KINDS_OF.get(word, ()))
    if token in MARKS:
        return _MARK
    number = any(map(str.isdigit, word))
    signs = _signs(token, word)
    if number:
        return signs | _NUMBER
    if word and not word.isalpha():
        signs |= _COMPOUND
    return signs + sum(_UNIT[kind] for kind in KINDS_OF.get(word, ()))


def _signs(token: str, word: str) -> int:
    """A blank to be filled in ("____") is no sign of a program."""
    found = 0
    if not _OPERATOR_SIGNS.isdisjoint(token) or (not word and not _LONE_OPERATORS.isdisjoint(token)):
        found |= _OPERATOR
    if not _CODE_SIGNS.isdisjoint(token.strip("_.,")) or "(" in token[1:]:
        found |= _SIGN
    if "\\" in token or token.count("$") > 1 or (token[0] == "$" and not token[1:2].isdigit()):
        found |= _NOTATION
    return found


def unpacked(total: int) -> tuple[int, ...]:
    """The counts of a text, in the order of `COUNTS`."""
    return _FIELDS.unpack(total.to_bytes(_FIELDS.size, "little"))


class Words:
    """Counts of words met before, of at most `size`. What was not met while half were replaced is forgotten.

    A word is known by its hash, which Python seeds anew in every process: what people write is not kept.
    Threads share it without a lock: every step is one operation of a dict, and a lost word is read again.
    """

    def __init__(self, size: int = 16_000, read: Callable[[str], int] = packed) -> None:
        self._half = max(1, size // 2)
        self._read = read
        self._young: dict[int, int] = {}
        self._old: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self._young) + len(self._old)

    def total(self, tokens: Sequence[str]) -> int:
        """All counts of a text, still packed."""
        keys = list(map(hash, tokens))
        found = list(map(self._young.get, keys))
        known = [count for count in found if count is not None]
        if len(known) == len(found):
            return sum(known)
        return sum(
            self._known(token, key) if count is None else count
            for token, key, count in zip(tokens, keys, found, strict=True)
        )

    def _known(self, token: str, key: int) -> int:
        count = self._young.get(key)
        if count is not None:
            return count
        count = self._old.get(key)
        if count is None:
            count = self._read(token)
        if len(token) <= _LONGEST:
            self._keep(key, count)
        return count

    def _keep(self, key: int, count: int) -> None:
        if len(self._young) >= self._half:
            self._old, self._young = self._young, {}
        self._young[key] = count
