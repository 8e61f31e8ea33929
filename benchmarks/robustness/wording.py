"""What is typed, typed otherwise."""

import re
from collections.abc import Callable, Mapping
from functools import partial
from random import Random
from typing import Final

from benchmarks.robustness.words import CONTRACTIONS, SYNONYMS

Wording = Callable[[str, Random], str]

_NEIGHBOURS: Final = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


def with_typos(text: str, random: Random, *, share: float) -> str:
    """At least one, in any text that has a letter."""
    letters = [at for at, char in enumerate(text) if char.isalpha()]
    wrong = set(random.sample(letters, min(len(letters), max(1, round(len(text) * share)))))
    return "".join(_slip(char, random) if at in wrong else char for at, char in enumerate(text))


def _slip(letter: str, random: Random) -> str:
    """Left out, twice, or the key beside it."""
    return random.choice(("", letter * 2, _beside(letter, random)))


def _beside(letter: str, random: Random) -> str:
    row = next((row for row in _NEIGHBOURS if letter.lower() in row), None)
    if row is None:
        return letter * 2
    at = row.index(letter.lower())
    return random.choice(row[max(0, at - 1) : at] + row[at + 1 : at + 2])


def _replaced(text: str, _random: Random, *, others: Mapping[str, str]) -> str:
    longest_first = sorted(others, key=len, reverse=True)
    known = re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b", re.IGNORECASE)

    def other(found: re.Match[str]) -> str:
        word = others[found[0].casefold()]
        return word[0].upper() + word[1:] if found[0][0].isupper() else word

    return known.sub(other, text)


WORDINGS: Final[Mapping[str, Wording]] = {
    "typos in 1 % of characters": partial(with_typos, share=0.01),
    "typos in 2 % of characters": partial(with_typos, share=0.02),
    "small letters": lambda text, _random: text.lower(),
    "capital letters": lambda text, _random: text.upper(),
    "no full stop at the end": lambda text, _random: text.rstrip().rstrip("."),
    "spaces and lines behind it": lambda text, _random: f"{text}  \n\n ",
    "please": lambda text, _random: f"Please {text[:1].lower()}{text[1:]}",
    "thanks": lambda text, _random: f"{text} Thanks!",
    "contractions": partial(_replaced, others=CONTRACTIONS),
    "synonyms": partial(_replaced, others=SYNONYMS),
}
