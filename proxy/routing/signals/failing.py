"""What failures look like in the answers of tools: how bad they are, and which of them are the same.

All of it looks at lines that are short, in lower case, and stripped at both ends, and at few of them.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from proxy.routing.signals import failure_words as words
from proxy.routing.signals.testing import is_summary
from proxy.routing.signals.words import plain_words

SOUND: Final = 0
SMALL: Final = 1
ERROR: Final = 2
CRASH: Final = 3

CRASH_CODES: Final = frozenset({124, 134, 136, 137, 139, -6, -9, -11, 3221225477, -1073741819})
"""Timed out, aborted, killed, segmentation fault; the last two are Windows' names for one of them."""
SMALL_CODES: Final = frozenset({126, 127})
"""A program that is not there, or is none."""

_LAST: Final = 12
"""Lines in which a program says why it ended."""
_SEARCHED: Final = 60
"""Lines in which the one is sought that tells a failure from others."""


def _any(several: Iterable[str]) -> re.Pattern[str]:
    """One search for all of them is faster than one for each."""
    return re.compile("|".join(map(re.escape, several)))


_CRASHES: Final = _any(words.CRASHES)
_ERRORS: Final = _any(words.ERRORS)
_EXCEPTION: Final = re.compile(r"[\w.]{1,100}+(?<=error|ption|rrupt)(?::|$)")
_TRACEBACK: Final = "traceback (most recent call last)"
_SHELL_COMPLAINS: Final = re.compile(
    r"[\w./-]{1,40}+: (?:line )?+(?:[^:]{1,200}+: ){0,3}+"
    r"(?:no such file|command not found|not found|permission denied|is a directory|cannot access|can't open)"
)
_RULE: Final = " \t=_-"

_FOLDERS: Final = re.compile(r"(?:[\w.@~+-]{0,60}+[/\\])++")
_CHANGING: Final = re.compile(
    r"0x[0-9a-f]++|\b(?=[a-f]{0,64}+\d)[0-9a-f]{7,64}+\b"
    r"|\d[\d.,:]*+ ?+(?:ms|sec|seconds?|s|min)?\b|\d++"
)


def complains(opening: str) -> bool:
    """Whether a tool that begins so tells that it did not do what was asked."""
    if opening.startswith(words.COMPLAINS):
        return not (opening.startswith(words.MILD) and any(word in opening for word in words.SUCCESS))
    return ": " in opening and _SHELL_COMPLAINS.match(opening) is not None


def is_declined(opening: str) -> bool:
    """The user did not want it, which is nobody's failure."""
    return any(phrase in opening for phrase in words.DECLINED)


def severity_at_the_end(lines: Sequence[str]) -> int:
    """What the last lines of a program's output tell, whatever its exit code was."""
    last = lines[-_LAST:]
    text = "\n".join(last)
    if _CRASHES.search(text) or not words.CRASHED.isdisjoint(last):
        return CRASH
    if _ERRORS.search(text) or any(line.startswith(words.ERROR_BEGINS) for line in last):
        return ERROR
    if any(_EXCEPTION.match(line) for line in last[-4:]) and _has_traceback(lines):
        return ERROR
    return SMALL if last and ": " in last[-1] and _SHELL_COMPLAINS.match(last[-1]) else SOUND


def severity_of(told: str, lines: Sequence[str]) -> int:
    """Of something that failed; `told` is the line that tells it from others."""
    if severity_at_the_end(lines) == CRASH:
        return CRASH
    is_small = any(phrase in told for phrase in words.SMALL)
    return SMALL if is_small and not (_ERRORS.search(told) or _has_traceback(lines)) else ERROR


def telling_line(opening: str, lines: Sequence[str]) -> str:
    """What a tool complains of, or the last line that tells one failure from others."""
    if complains(opening) and not _is_generic(opening):
        return opening
    general = ""
    for line in reversed(lines[-_SEARCHED:]):
        bare = line.lstrip(_RULE)
        if any(phrase in bare for phrase in words.TELLS):
            if not _is_generic(bare):
                return bare
            general = general or bare
    return general or (lines[-1] if lines else "")


def signature_of(told: str) -> int:
    """The same for the same failure at another place, at another time, in another folder.

    0 where only an exit code is told: programs that have nothing in common end with 1.
    """
    if words.BARE.issuperset(plain_words(told)):
        return 0
    lasting = _CHANGING.sub("", _FOLDERS.sub("", told))
    return hash(" ".join(lasting.split())) or 1


def _is_generic(line: str) -> bool:
    return line.startswith(words.GENERIC) or line in words.EXACTLY_GENERIC or is_summary(line)


def _has_traceback(lines: Sequence[str]) -> bool:
    return any(_TRACEBACK in line for line in lines)
