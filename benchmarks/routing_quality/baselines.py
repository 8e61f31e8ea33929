"""What a score is compared with: length, a list of keywords as many routers have one, and chance."""

import re
from collections.abc import Sequence
from typing import Final

import numpy as np

from benchmarks.routing_quality.metrics import Array

_POINTS: Final = (
    (3, r"prove|proof|derive|theorem|formal(?:ly)?|rigorous(?:ly)?"),
    (3, r"architect\w*|distributed|scalab\w+|trade-?offs?|concurren\w+|security|migrat\w+"),
    (2, r"analy[sz]e|evaluate|compare|design|optimi[sz]e|refactor|debug|investigate|implement"),
    (2, r"step[ -]by[ -]step|explain why|reason(?:ing)?|first\W.{0,200}\bthen"),
    (1, r"function|class|algorithm|api|database|python|javascript|code|error|test"),
    (1, r"calculate|compute|solve|equation|integral|probability|matrix"),
    (-2, r"hello|hi|thanks?|thank you|what is|who is|when was|define|translate|list"),
)
_PATTERNS: Final = tuple(
    (points, re.compile(rf"\b(?:{words})\b", re.IGNORECASE)) for points, words in _POINTS
)
_LONG: Final = ((150, 1), (500, 2), (1_500, 3), (5_000, 4))
_NUMBERED = re.compile(r"^\s*(?:\d+[.)]|[-*])\s", re.MULTILINE)


def length(prompts: Sequence[str]) -> Array:
    return np.array([len(prompt) for prompt in prompts], dtype=float)


def keywords(prompts: Sequence[str]) -> Array:
    return np.array([_points(prompt) for prompt in prompts], dtype=float)


def _points(prompt: str) -> int:
    points = sum(points for points, pattern in _PATTERNS if pattern.search(prompt))
    points += max((more for size, more in _LONG if len(prompt) > size), default=0)
    return points + 2 * ("```" in prompt) + (len(_NUMBERED.findall(prompt)) > 2)


def chance(prompts: Sequence[str]) -> Array:
    return np.random.default_rng(1).random(len(prompts))
