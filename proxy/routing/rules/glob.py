"""Globs over a whole text: `*` any run of characters, `?` one, `[a-z]` one of a set, `{a,b}` either.

Braces are multiplied out first. What is left of a glob is runs of fixed length with stars between them, where
the first place that a run fits is always good enough. So no run is ever tried again once it has been placed
(the atomic groups), and the time grows with the length of the text, whatever the glob.
"""

import re
from collections.abc import Iterator
from typing import Final

_LONGEST: Final = 1000
_MOST_BRACES: Final = 20
_MOST_ALTERNATIVES: Final = 100


class BadGlobError(ValueError):
    """The text is no glob; the sentence says why."""


def compiled_glob(glob: str, *, ignore_case: bool = False) -> re.Pattern[str]:
    """A pattern whose `match` holds for the texts that the whole glob describes."""
    if len(glob) > _LONGEST:
        raise BadGlobError(f"it is longer than {_LONGEST} characters")
    if glob.count("{") > _MOST_BRACES:
        raise BadGlobError(f"it has more than {_MOST_BRACES} braces")
    alternatives = []
    for alternative in _multiplied(glob):
        alternatives.append(_translated(alternative))
        if len(alternatives) > _MOST_ALTERNATIVES:
            raise BadGlobError(f"its braces stand for more than {_MOST_ALTERNATIVES} globs")
    flags = re.DOTALL | (re.IGNORECASE if ignore_case else 0)
    try:
        return re.compile(f"(?:{'|'.join(alternatives)})\\Z", flags)
    except re.error as error:
        raise BadGlobError(f"a set in it is wrong: {error.msg}") from error


def _multiplied(glob: str) -> Iterator[str]:
    """The glob once for every choice among its outermost, then its inner braces."""
    opening = _next_of("{", glob)
    if opening is None:
        if _next_of("}", glob) is not None:
            raise BadGlobError("it has a } without its {")
        yield glob
        return
    choices, rest = _choices(glob[opening + 1 :])
    for choice in choices:
        yield from _multiplied(glob[:opening] + choice + rest)


def _choices(text: str) -> tuple[list[str], str]:
    """What stands between a brace that was just opened and its end, split at its commas; and the rest."""
    choices, begin, depth, position = [], 0, 0, 0
    while position < len(text):
        character = text[position]
        if character == "[":
            position = _end_of_set(text, position)
        elif character == "{":
            depth += 1
        elif character == "}" and depth:
            depth -= 1
        elif character in ",}" and not depth:
            choices.append(text[begin:position])
            begin = position + 1
            if character == "}":
                return choices, text[begin:]
        position += 1
    raise BadGlobError("it has a { without its }")


def _next_of(wanted: str, glob: str) -> int | None:
    position = 0
    while position < len(glob):
        if glob[position] == wanted:
            return position
        if glob[position] == "[":
            position = _end_of_set(glob, position)
        position += 1
    return None


def _end_of_set(glob: str, opening: int) -> int:
    """Where the ] of a set is. Directly after the opening (and a !) it is a member, not the end."""
    first = opening + 2 if glob[opening + 1 : opening + 2] in ("!", "^") else opening + 1
    end = glob.find("]", first + 1)
    if end < 0:
        raise BadGlobError("it has a [ without its ]")
    return end


def _translated(glob: str) -> str:
    """A glob without braces as a regular expression that never comes back to where it has been."""
    first, *others = _runs(glob)
    if not others:
        return first
    *middle, last = others
    return first + "".join(f"(?>.*?{run})" for run in middle if run) + f".*{last}"


def _runs(glob: str) -> list[str]:
    """What stands between the stars, each of a fixed length."""
    runs, position = [""], 0
    while position < len(glob):
        character = glob[position]
        if character == "*":
            runs.append("")
        elif character == "?":
            runs[-1] += "."
        elif character == "[":
            end = _end_of_set(glob, position)
            runs[-1] += _set(glob[position + 1 : end])
            position = end
        else:
            runs[-1] += re.escape(character)
        position += 1
    return runs


def _set(members: str) -> str:
    negation = "^" if members[0] in "!^" else ""
    escaped = re.sub(r"([\\\[\]^&~|])", r"\\\1", members[len(negation) :])
    return f"[{negation}{escaped}]"
