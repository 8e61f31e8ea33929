"""What is left of a run that ended where it should not: nobody sees the standard error of a tray program.

A mistake that nobody has caught goes to the log. Where the system itself ends the process, the place of each
thread goes to `crash.log` beside it, and the next start says so.
"""

import faulthandler
import logging
import sys
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Final, Self, TextIO

from app.errors import UserError

_log = logging.getLogger("tierwise.app")

_NAME: Final = "crash.log"
_LAST: Final = "crash.last.log"


class Crashes(AbstractContextManager["Crashes"]):
    """Within the log outputs of one run. Without a place to write to, the program runs all the same."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / _NAME
        self._last = folder / _LAST
        self._file: TextIO | None = None
        self._usual_hook = sys.excepthook

    def __enter__(self) -> Self:
        sys.excepthook = _logged
        try:
            self._tell_of_the_last()
            self._file = self._path.open("a", encoding="utf-8")
            faulthandler.enable(self._file)
        except OSError as error:
            _log.warning("a crash would leave no trace in %s: %s", self._path, error.strerror)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, Exception) and not isinstance(error, UserError):
            _logged(type(error), error, trace)
        sys.excepthook = self._usual_hook
        if self._file is None:
            return
        faulthandler.disable()
        self._file.close()
        try:
            self._path.unlink()  # who comes here has not crashed, whatever the system has written there
        except OSError as problem:
            _log.warning("%s cannot be removed: %s", self._path, problem.strerror)

    def _tell_of_the_last(self) -> None:
        if self._path.exists() and self._path.stat().st_size:
            self._path.replace(self._last)
            _log.warning("the last run was ended by a crash; where it was then is in %s", self._last)


def _logged(kind: type[BaseException], mistake: BaseException, trace: TracebackType | None) -> None:
    if not issubclass(kind, Exception):
        sys.__excepthook__(kind, mistake, trace)
        return
    _log.error("a mistake that nobody has caught", exc_info=(kind, mistake, trace))
