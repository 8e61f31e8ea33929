"""How the program speaks: answers on stdout, everything else on stderr, and no harm where nobody listens.

A windowed program has no streams at all. A reader that goes away (`tierwise status | head -0`) has heard
enough: that is no failure, so the exit code stays what the work itself gave. A stream that refuses for
another reason, such as a full disk, has lost an answer that somebody waits for.
"""

import contextlib
import errno
import json
import os
import sys
from typing import TextIO

from app.errors import UsageError, UserError

_READER_IS_GONE = (errno.EPIPE, errno.EINVAL)  # the second one on Windows


class UnheardError(UserError):
    """The answer could not be written."""

    kind = "unheard"


def answer(text: str) -> None:
    """A line on stdout."""
    try:
        _write(sys.stdout, f"{text}\n")
    except OSError as error:
        if error.errno not in _READER_IS_GONE:
            raise UnheardError(f"The answer cannot be written: {error.strerror}.") from error


def remark(text: str) -> None:
    """A line on stderr, where there is one that takes it."""
    with contextlib.suppress(OSError):
        _write(sys.stderr, f"{text}\n")


def report(error: UserError, *, as_json: bool) -> None:
    """What stood in the way: a sentence for people, or an object on stdout where JSON was asked for."""
    if as_json:
        with contextlib.suppress(UnheardError):
            answer(json.dumps({"error": {"type": error.kind, "message": str(error)}}))
            return
    usage = error.usage if isinstance(error, UsageError) else ""
    remark(f"{usage}tierwise: {error}")


def fall_silent() -> None:
    """The end of the process: what still waits to be written and cannot be must not change the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if stream is None:
            continue
        try:
            stream.flush()
        except OSError:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, stream.fileno())
            os.close(nowhere)


def _write(stream: TextIO | None, text: str) -> None:
    if stream is not None:
        stream.write(text)
        stream.flush()
