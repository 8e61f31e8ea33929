"""The answers that a multiple choice offers: how much of a text they take, and how alike they are.

Reading four answers is no work, so their length says little. Answers that have nothing in common can be told
apart with half the knowledge; two that differ by a word cannot.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Final

FEWEST: Final = 3
_LETTERS: Final = "ABCDEFGH"
_FORMS: Final = ("{}.", "{})", "{}:", "({})")
MARKS: Final = {
    form.format(written): place
    for place, letter in enumerate(_LETTERS)
    for form in _FORMS
    for written in (letter, letter.lower())
}
"""What stands before an answer, as a word by itself, and which answer it begins."""
_RUN: Final = 3
_READ: Final = 120


@dataclass(frozen=True, slots=True)
class Offered:
    length: int
    """In signs, without the marks."""
    likeness: float
    """How much of their letters the two nearest answers have in common: 0 to 1."""


def offered(tokens: Sequence[str]) -> Offered | None:
    """None where no answers, or too few, are offered."""
    starts = _starts(tokens)
    if len(starts) < FEWEST:
        return None
    answers = _between(tokens, starts)
    if not all(answers):
        return None
    runs = [_runs(" ".join(answer).lower()) for answer in answers]
    likeness = max(len(one & other) / len(one | other) for one, other in combinations(runs, 2))
    return Offered(sum(len(token) + 1 for answer in answers for token in answer), likeness)


def _starts(tokens: Sequence[str]) -> list[int]:
    """Where the marks are that come in their order, of which one may be missing: people mistype them too.
    Another A begins anew, since the last list is the one meant."""
    starts: list[int] = []
    before = -1
    for place, token in enumerate(tokens):
        number = MARKS.get(token, -1)
        if number == 0:
            starts, before = [place], 0
        elif before < number <= before + 2:
            starts.append(place)
            before = number
    return starts


def _between(tokens: Sequence[str], starts: Sequence[int]) -> list[Sequence[str]]:
    """What stands behind the last answer may be no part of it, so the longest before it is its measure."""
    longest = max(after - start for start, after in pairwise(starts))
    ends = [*starts[1:], starts[-1] + longest]
    return [tokens[start + 1 : end] for start, end in zip(starts, ends, strict=True)]


def _runs(answer: str) -> set[str]:
    """Runs of three signs of how it begins: a mistyped letter leaves the rest of its word alike."""
    begins = answer[:_READ]
    return {begins[start : start + _RUN] for start in range(max(1, len(begins) - _RUN + 1))}
