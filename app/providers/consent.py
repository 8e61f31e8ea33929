"""Asking before something changes, where somebody can be asked."""

import sys
from typing import TextIO

from app import speech
from app.errors import UsageError, UserError

_YES = frozenset({"y", "yes"})


class DeclinedError(UserError):
    """The user was asked and said no, or nothing."""

    kind = "declined"


def check_askable(*, given: bool) -> None:
    """UsageError where consent is neither given nor can be asked for; before anything else is looked at."""
    if not given and not somebody_is_there():
        raise UsageError("This changes something, and there is no terminal to ask at: repeat it with --yes.")


def consent(question: str, *, given: bool) -> None:
    """Go on only with the user's word: given with the command, or now, to this question.

    The question goes to stderr, so that stdout holds the answer alone.
    """
    check_askable(given=given)
    if given:
        return
    speech.remark(f"{question} [y/N]")
    if sys.stdin.readline().strip().lower() not in _YES:
        raise DeclinedError("Nothing was changed.")


def somebody_is_there() -> bool:
    """Whether a question would be seen and could be answered."""
    return _is_terminal(sys.stdin) and _is_terminal(sys.stderr)


def _is_terminal(stream: TextIO | None) -> bool:
    return stream is not None and not stream.closed and stream.isatty()
