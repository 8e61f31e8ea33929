"""A client at a terminal, as people use it."""

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from tests.e2e.clients.claude_code import ClaudeCode
from tests.e2e.clients.client import Place
from tests.e2e.clients.stage import CLIENT_SECONDS

_ROWS_AND_COLUMNS = struct.pack("HHHH", 40, 120, 0, 0)


@dataclass
class Terminal:
    end: int
    """Ours; the client has the other one."""
    shown: bytes = b""

    def until(self, words: str) -> None:
        """Wait for them. What is drawn between two words need not be a space, so one word is safest."""
        ends = time.monotonic() + CLIENT_SECONDS
        while words.encode() not in self.shown:
            is_there, _, _ = select.select([self.end], [], [], max(0.0, ends - time.monotonic()))
            assert is_there, f"{words!r} was never shown: {self.shown[-2000:]!r}"
            self.shown += os.read(self.end, 65536)

    def types(self, text: str) -> None:
        """And sends it off when it has been echoed, for what comes all at once is taken for a paste."""
        os.write(self.end, text.encode())
        self.until(text.rsplit(maxsplit=1)[-1])
        os.write(self.end, b"\r")


@contextmanager
def at_terminal(client: ClaudeCode, place: Place) -> Iterator[Terminal]:
    client.settles_in(place)
    ours, theirs = pty.openpty()
    fcntl.ioctl(ours, termios.TIOCSWINSZ, _ROWS_AND_COLUMNS)
    found = {"PATH": os.environ["PATH"], "HOME": str(place.home), "TERM": "xterm-256color"}
    process = subprocess.Popen(
        [client.package.installed(), "--dangerously-skip-permissions"],
        cwd=place.work,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        env={**found, **client.prepared(place, client.model)},
    )
    os.close(theirs)
    try:
        yield Terminal(ours)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        os.close(ours)
