"""Logs: every line to stderr and to a rotating file in HOME/logs, written by a thread of their own.

The loop only puts a line into a queue. Each line says when, how grave, which area, which request.
"""

import logging
import logging.handlers
import queue
import sys
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Self

from proxy.log import current_request

_FORMAT = "%(asctime)s.%(msecs)03d %(levelname)-7s %(area)-9s [%(request)s] %(message)s"
_DATES = "%Y-%m-%d %H:%M:%S"
_CONTINUED = "\n    | "
_FILE_BYTES = 5 * 1024 * 1024
_FILES_KEPT = 5


class _Stamp(logging.Filter):
    """Adds what only the place of the call knows: the area, and the request being served there."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request = current_request.get()
        record.area = record.name.removeprefix("tierwise.")
        return True


class _Form(logging.Formatter):
    """One line of the log is one event: what a message quotes cannot pass for the next line."""

    def format(self, record: logging.LogRecord) -> str:
        return super().format(record).replace("\r", "\\r").replace("\x1b", "\\x1b").replace("\n", _CONTINUED)


class _LogFile(logging.handlers.RotatingFileHandler):
    """A log file that may fail (full disk, no rights): said once on stderr, and the program goes on."""

    _has_failed = False

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 -- the name in the standard library
        if not self._has_failed and sys.stderr is not None:
            error = sys.exc_info()[1]
            sys.stderr.write(f"The log file {self.baseFilename} cannot be written: {error}\n")
        self._has_failed = True


class Logs(AbstractContextManager["Logs"]):
    """The log outputs of one run, from `with` to its end; the last line is written before it ends."""

    def __init__(self, folder: Path, level: str) -> None:
        form = _Form(_FORMAT, _DATES)
        self._file = _LogFile(
            folder / "tierwise.log",
            maxBytes=_FILE_BYTES,
            backupCount=_FILES_KEPT - 1,
            encoding="utf-8",
            delay=True,
        )
        outputs: list[logging.Handler] = [self._file]
        if sys.stderr is not None:  # a program without a console on Windows has none
            outputs.append(logging.StreamHandler(sys.stderr))
        for output in outputs:
            output.setFormatter(form)
        lines: queue.SimpleQueue[logging.LogRecord] = queue.SimpleQueue()
        self._entrance = logging.handlers.QueueHandler(lines)
        self._entrance.addFilter(_Stamp())
        self._writer = logging.handlers.QueueListener(lines, *outputs)
        self._level = level.upper()

    def __enter__(self) -> Self:
        root = logging.getLogger()
        root.addHandler(self._entrance)
        root.setLevel(logging.WARNING)
        logging.getLogger("tierwise").setLevel(self._level)
        self._writer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        logging.getLogger().removeHandler(self._entrance)
        self._writer.stop()
        self._file.close()
