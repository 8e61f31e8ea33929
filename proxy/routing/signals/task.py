"""What sort of work a text asks for, by its form and a few words: weak evidence, and cheap.

Words count whole, so that an author is no authority, and a request to verify is no proof. A question for
reasons comes first; then a short question that points at nothing at hand asks for a fact, and what is left
is code as soon as anything looks like it.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Final

from proxy.routing.signals import task_words
from proxy.routing.signals.words import words_in


class Task(StrEnum):
    CODE = "code"
    FACTOID = "factoid"
    REASONING = "reasoning"
    OTHER = "other"


_HALF: Final = 500
"""Characters that are looked at, at either end."""
_BRIEF: Final = 25
"""Words. A question for a fact is no longer."""
_PROBLEM: Final = 12
"""Words. A problem to work out tells a little story before it asks."""

_WORD: Final = re.compile(r"\w++")
_LOOKS_LIKE_CODE: Final = re.compile(
    r"`|\w\(\)|[a-z]_[a-z]|[a-z][A-Z][a-z]|\w/\w++[./]\w|::|=>|->|\{\}|;\n|\n    \w| --\w|</"
    r"|\w\.(?:py|jsx?|tsx?|rs|go|java|kt|cc?|cpp|hpp?|cs|rb|php|sh|sql|html|css|json|ya?ml|toml|md|txt|lock|cfg|ini)\b"
)
_FORMULA: Final = re.compile(r"\\(?:frac|d?sum|int|sqrt|mathbb|begin|cdot|left|leq?|geq?)\b|[∀∃∑∫√≤≥∈⊂⇒]")
_MATHS: Final = re.compile(r"\$[^$\n]{1,80}+\$|\d ?[*^/+=] ?\d")
_NUMBER: Final = re.compile(r"\d++")
_POLITE: Final = words_in("""
    please now then also ok okay so and can could would you i we want need to let's just bitte kannst du
""")


@dataclass(frozen=True)
class _Text:
    text: str

    @cached_property
    def low(self) -> str:
        return self.text.casefold()

    @cached_property
    def words(self) -> list[str]:
        return _WORD.findall(self.low)

    @cached_property
    def said(self) -> frozenset[str]:
        return frozenset(self.words)

    @cached_property
    def first(self) -> str:
        """The word that says what to do, after what is only polite."""
        return next((word for word in self.words[:8] if word not in _POLITE), "")

    def holds(self, several: Iterable[str]) -> bool:
        """Whether one of these stands anywhere, in a script without spaces between words."""
        return not self.text.isascii() and any(words in self.low for words in several)

    @cached_property
    def is_brief(self) -> bool:
        return len(self.words) <= _BRIEF and len(self.text) <= _BRIEF * 8


def task_of(text: str) -> Task:
    """Of a cleaned text; of a long one its beginning and its end decide."""
    seen = _Text(text if len(text) <= 2 * _HALF else f"{text[:_HALF]}\n{text[-_HALF:]}")
    return next((task for task, holds in _ORDER if holds(seen)), Task.OTHER)


def _asks_for_reasons(seen: _Text) -> bool:
    if seen.first in task_words.REASONS_FIRST or not seen.said.isdisjoint(task_words.REASONS):
        return True
    for word in seen.said & task_words.REASONS_WITHIN.keys():
        if any(words in seen.low for words in task_words.REASONS_WITHIN[word]):
            return True
    return seen.holds(task_words.REASONS_UNSPACED) or _weighs(seen) or _is_problem(seen)


def _weighs(seen: _Text) -> bool:
    return not seen.said.isdisjoint(task_words.WEIGH) and not seen.said.isdisjoint(task_words.DECIDE)


def _is_problem(seen: _Text) -> bool:
    """Something to be worked out from numbers."""
    if len(_NUMBER.findall(seen.low)) < 2:
        return False
    if seen.holds(task_words.HOW_MUCH_UNSPACED):
        return True
    return len(seen.words) >= _PROBLEM and not seen.said.isdisjoint(task_words.HOW_MUCH)


def _asks_for_a_fact(seen: _Text) -> bool:
    if not seen.is_brief or not seen.said.isdisjoint(task_words.AT_HAND):
        return False
    return _is_question(seen) and (seen.low.startswith(task_words.DEFINES) or not _is_about_code(seen))


def _is_question(seen: _Text) -> bool:
    if seen.low.startswith(task_words.ASKS):
        return True
    if seen.text.rstrip().endswith("?") and not seen.said.isdisjoint(task_words.ASKS_LATE):
        return True
    return seen.holds(task_words.ASKS_UNSPACED)


def _is_code(seen: _Text) -> bool:
    return seen.first in task_words.DOES or _is_about_code(seen)


def _is_about_code(seen: _Text) -> bool:
    if not seen.said.isdisjoint(task_words.CODE) or _LOOKS_LIKE_CODE.search(seen.text) is not None:
        return True
    return seen.holds(task_words.CODE_UNSPACED)


def _has_formula(seen: _Text) -> bool:
    """Which looks like code as well."""
    return "`" not in seen.text and _FORMULA.search(seen.text) is not None


def _is_maths(seen: _Text) -> bool:
    return _MATHS.search(seen.text) is not None


_ORDER: Final[tuple[tuple[Task, Callable[[_Text], bool]], ...]] = (
    (Task.REASONING, _asks_for_reasons),
    (Task.FACTOID, _asks_for_a_fact),
    (Task.REASONING, _has_formula),
    (Task.CODE, _is_code),
    (Task.REASONING, _is_maths),
)
