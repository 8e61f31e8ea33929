"""What a text is made of, as numbers: how long it is, how it is built, and what it asks for.

Counts go in as logarithms, so the tenth of a kind says less than the first, and no long text drowns all else.
A mark or a word more adds little to any of them, so typing errors and a "please" hardly move the whole.
"""

from math import log1p
from typing import Final

from proxy.routing.prior.answers import FEWEST, Offered, offered
from proxy.routing.prior.counting import CAP, COUNTS, Words, bare, unpacked
from proxy.routing.prior.vocabulary import ASKING, KINDS, KINDS_OF

_HEAD: Final = 1_200
"""Of a long text both ends are read: what is wanted stands before or behind what was pasted."""
_WIDE_QUESTION_MARK: Final = "\uff1f"
"""Chinese and Japanese ask with it."""
_FIRST: Final = 4
"""So many words in which an order begins, as in "could you please write"."""

_USUAL: Final = 0.33
"""How alike answers mostly are. A text without answers counts as the usual."""
_NOTHING: Final = Offered(0, _USUAL)

_APART: Final = frozenset({"errands", "orders", "marks"})
"""Counts that go in in another way."""
_ORDERS: Final = KINDS.index("orders")
_ERRANDS: Final = COUNTS.index("errands")
_MARKS: Final = COUNTS.index("marks")
_LOGARITHMS: Final = tuple(place for place, name in enumerate(COUNTS) if name not in _APART)
FEATURES: Final = (
    "characters",
    *(COUNTS[place] for place in _LOGARITHMS),
    "errand share",
    "order first",
    "question share",
    "answers given",
    "answers alike",
)
"""The names, in the order of the numbers."""


def features(text: str, words: Words) -> list[float]:
    """Of a text that is not empty and has no blanks around it."""
    read = text if len(text) <= CAP else f"{text[:_HEAD]} {text[_HEAD - CAP :]}"
    tokens = read.split()
    counts = unpacked(words.total(tokens))
    answers = (offered(tokens) if counts[_MARKS] >= FEWEST else None) or _NOTHING
    return [
        log1p(max(0.0, _characters(text, read) - answers.length)),
        *(log1p(counts[place]) for place in _LOGARITHMS),
        counts[_ERRANDS] / max(1, len(tokens)),
        float(any(_ORDERS in KINDS_OF.get(bare(token), ()) for token in tokens[:_FIRST])),
        _questions(read, tokens[0]),
        float(answers is not _NOTHING),
        answers.likeness - _USUAL,
    ]


def _characters(text: str, read: str) -> float:
    """The length, where a sign of a script with many signs counts like the letters that another one needs."""
    if read.isascii():
        return len(text)
    return len(read.encode("utf-8", "surrogatepass")) * len(text) / len(read)


def _questions(read: str, first: str) -> float:
    """The share of sentences that are questions. One that only forgot its mark is a question too."""
    ends = sum(read.count(mark + blank) for mark in ".!?" for blank in " \n")
    marks = read.count("?") + read.count(_WIDE_QUESTION_MARK)
    return min(1.0, max(marks, bare(first) in ASKING) / (ends + 1))
