"""The program with somebody at a terminal before it."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

from tests.e2e.program import environment

AtTerminal: TypeAlias = tuple["subprocess.Popen[bytes]", int]
_PROGRAM = ("-m", "app")


@contextmanager
def at_terminal(
    home: Path, *arguments: str, started_as: Sequence[str] = _PROGRAM, **environ: str
) -> Iterator[AtTerminal]:
    """The program with a terminal as stdin and stderr, and our end of that terminal."""
    terminal, other_end = os.openpty()
    process = subprocess.Popen(
        [sys.executable, *started_as, "--home", str(home), *arguments],
        stdin=other_end,
        stdout=subprocess.PIPE,
        stderr=other_end,
        env=environment(**environ),
    )
    os.close(other_end)
    try:
        yield process, terminal
    finally:
        process.kill()
        process.communicate()
        os.close(terminal)


def read_until(terminal: int, words: bytes) -> bytes:
    seen = b""
    while words not in seen:
        seen += os.read(terminal, 4096)
    return seen
