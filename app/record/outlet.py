"""Where many pieces of text go: a file that is there when it is whole, or whoever reads our stdout."""

import errno
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from app.files import PATIENCE
from app.record.errors import RecordError
from app.speech import UnheardError

_READER_IS_GONE = (errno.EPIPE, errno.EINVAL)  # the second one on Windows


@contextmanager
def replacing(file: Path) -> Iterator[IO[bytes]]:
    """A private file to write, which takes this one's place once all is written. It lets OSError through."""
    descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    begun = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as open_file:
            yield open_file
            open_file.flush()
            os.fsync(descriptor)
        PATIENCE.run(lambda: begun.replace(file))
    except BaseException:
        begun.unlink(missing_ok=True)
        raise


def pour_into(file: Path, pieces: Iterable[str]) -> None:
    """All of it in UTF-8 or nothing."""
    try:
        with replacing(file) as open_file:
            for piece in pieces:
                open_file.write(piece.encode())
    except OSError as error:
        raise RecordError(f"{file} cannot be written: {error.strerror}.") from error


def pour_out(pieces: Iterable[str]) -> None:
    """To stdout in UTF-8, whatever the terminal's own encoding is, until the reader has gone."""
    if sys.stdout is None:
        return
    try:
        for piece in pieces:
            sys.stdout.buffer.write(piece.encode())
        sys.stdout.buffer.flush()
    except OSError as error:
        if error.errno in _READER_IS_GONE:
            return
        raise UnheardError(f"The answer cannot be written: {error.strerror}.") from error
