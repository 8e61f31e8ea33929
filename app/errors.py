"""Errors the user can mend: `str(error)` is the sentence they read, the class names the exit code.

Everything else that escapes is a bug and keeps its traceback.
"""

from typing import ClassVar


class UserError(Exception):
    """Something outside the program is in the way; the message says what, where, and what to do."""

    exit_code: ClassVar[int] = 1
    kind: ClassVar[str] = "failed"

    was_read = False
    """Whether a dialog has already told the user."""


class UsageError(UserError):
    """The command was called in a way it does not understand; `usage` is how it is called, for people."""

    exit_code = 2
    kind = "usage"

    def __init__(self, message: str, usage: str = "") -> None:
        super().__init__(message)
        self.usage = usage


class HomeError(UserError):
    """The home folder is missing, unreadable or not a folder."""

    kind = "home"
