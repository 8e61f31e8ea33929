"""Guessing what somebody meant to write."""

import difflib
from collections.abc import Iterable


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """The end of a sentence: `; did you mean "profile"?`, or nothing where no other choice is close."""
    by_folded = {choice.casefold(): choice for choice in choices if choice != word}
    close = difflib.get_close_matches(word.casefold(), by_folded, n=1)
    return f'; did you mean "{by_folded[close[0]]}"?' if close else ""
