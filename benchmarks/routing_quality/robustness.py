"""How far the score moves when only the writing changes, in ranks of the data from 0 to 1."""

import random
import string
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from typing import Final

_TYPOS = 0.01
_HUNDRED: Final = 100


def with_typos(text: str, chance: random.Random) -> str:
    """Each character may be lost, doubled, replaced or swapped with the next."""
    signs = list(text)
    for place in range(len(signs)):
        if chance.random() < _TYPOS:
            kind = chance.randrange(4)
            if kind == 0:
                signs[place] = ""
            elif kind == 1:
                signs[place] *= 2
            elif kind == 2:
                signs[place] = chance.choice(string.ascii_lowercase)
            elif place + 1 < len(signs):
                signs[place], signs[place + 1] = signs[place + 1], signs[place]
    return "".join(signs)


CHANGES: Final[dict[str, Callable[[str, random.Random], str]]] = {
    "1 % typing errors": with_typos,
    "a line break behind": lambda text, _: text + "\n",
    "a blank before and behind": lambda text, _: f" {text} ",
    "all in small letters": lambda text, _: text.lower(),
    "please before": lambda text, _: "Please " + text,
    "please behind": lambda text, _: text + " please",
    "thanks behind": lambda text, _: text + " Thanks!",
    "no marks at the end": lambda text, _: text.rstrip(".!?"),
}


def shifts(prompts: Sequence[str], score: Callable[[str], float]) -> dict[str, tuple[float, float]]:
    """By change: the mean and the 95th percentile of how far a prompt moves among all."""
    values = [score(prompt) for prompt in prompts]
    ranked = sorted(values)
    found = {}
    for name, change in CHANGES.items():
        chance = random.Random(11)
        moved = sorted(
            abs(_rank(ranked, score(change(prompt, chance))) - _rank(ranked, value))
            for prompt, value in zip(prompts, values, strict=True)
        )
        found[name] = (sum(moved) / len(moved), moved[len(moved) * 95 // _HUNDRED])
    return found


def _rank(ranked: Sequence[float], value: float) -> float:
    return (bisect_left(ranked, value) + bisect_right(ranked, value)) / (2 * len(ranked))
