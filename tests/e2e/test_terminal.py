"""At a terminal without a screen, and with nothing configured: the program offers the demo."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.program import END_SECONDS, environment


@pytest.mark.parametrize(("answer", "kind"), [("\n", "demo"), ("n\n", "serve")])
def test_the_offer_leads_to_the_demo_or_to_plain_service(tmp_path: Path, answer: str, kind: str) -> None:
    terminal, other_end = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "app", "--home", str(tmp_path), "--port", "0"],
        stdin=other_end,
        stdout=subprocess.PIPE,
        stderr=other_end,
        env=environment(),
    )
    os.close(other_end)
    try:
        read_until(terminal, b"Start the demo now? [Y/n]")
        os.write(terminal, answer.encode())
        assert process.stdout is not None
        assert b'"event": "ready"' in process.stdout.readline()
        home = tmp_path / "demo" if kind == "demo" else tmp_path
        assert (home / "run" / "instance.json").exists()
        process.terminate()
        assert process.wait(END_SECONDS) == 0
    finally:
        process.kill()
        process.communicate()
        os.close(terminal)


def read_until(terminal: int, words: bytes) -> None:
    seen = b""
    while words not in seen:
        seen += os.read(terminal, 4096)
