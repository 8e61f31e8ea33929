"""The lines of a log file, one at a time, however large the file is."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedIOBase
from pathlib import Path

from app.estimate.skipped import Skipped

LONGEST_LINE = 64 * 2**20
_PIECE = 2**20


class UnreadableFileError(Exception):
    """A log that cannot be opened, or not be read to its end. It is counted, and the others are read."""


@contextmanager
def open_log(path: Path) -> Iterator[BufferedIOBase]:
    """For reading only, and read as it was written where it has been compressed since."""
    try:
        with _compressed(path) if path.suffix == ".zst" else path.open("rb") as file:
            yield file
    except (OSError, EOFError) as error:
        raise UnreadableFileError from error


@contextmanager
def _compressed(path: Path) -> Iterator[BufferedIOBase]:
    from backports.zstd import ZstdError, ZstdFile

    try:
        with ZstdFile(path, "rb") as file:
            yield file
    except ZstdError as error:
        raise UnreadableFileError from error


def lines_of(file: BufferedIOBase, skipped: Skipped, longest: int = LONGEST_LINE) -> Iterator[bytes]:
    """Lines without their end; those that are longer than any log has are passed over in pieces."""
    while line := file.readline(longest):
        if len(line) == longest and not line.endswith(b"\n"):
            skipped.long_lines += 1
            _pass_over(file)
            continue
        yield line.rstrip(b"\r\n")


def _pass_over(file: BufferedIOBase) -> None:
    while piece := file.readline(_PIECE):
        if piece.endswith(b"\n"):
            return
