"""A copied key on a real X server, where what another program has copied can only be read by asking it."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

_AT_ONCE_SECONDS = 1.0
_OTHER = """
from PySide6.QtGui import QGuiApplication
application = QGuiApplication([])
application.clipboard().setText("a poem")
application.processEvents()
print("mine", flush=True)
application.exec()
"""
_OURS = """
import json, os, signal, subprocess, sys, time
from PySide6.QtWidgets import QApplication
from proxy.secret import Secret
from ui.copied_secret import CopiedSecret

application = QApplication([])
clipboard = application.clipboard()
first = CopiedSecret(Secret("sk-canary"))
application.processEvents()
first.clear()
left = clipboard.text()
second = CopiedSecret(Secret("sk-canary"))
application.processEvents()
other = subprocess.Popen([sys.executable, "-c", sys.argv[1]], stdout=subprocess.PIPE)
other.stdout.readline()
while clipboard.ownsClipboard():
    application.processEvents()
os.kill(other.pid, signal.SIGSTOP)
began = time.monotonic()
second.clear()
took = time.monotonic() - began
other.kill()
other.wait()
print(json.dumps([left, took]))
"""


@pytest.fixture
def display() -> Iterator[str]:
    if shutil.which("Xvfb") is None:
        pytest.skip("install xvfb")
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-nolisten", "tcp"]
    with os.fdopen(reading) as numbers, subprocess.Popen(command, pass_fds=(writing,)) as server:
        os.close(writing)
        yield f":{numbers.readline().strip()}"
        server.terminate()


def test_a_program_that_hangs_with_its_clipboard_does_not_freeze_the_window(display: str) -> None:
    environ = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
    command = [sys.executable, "-c", _OURS, _OTHER]
    ours = subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, start_new_session=True)
    try:
        answer, _ = ours.communicate(timeout=60)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(ours.pid, signal.SIGKILL)  # the other one is stopped, and would stay so
    left, took = json.loads(answer)
    assert left == ""
    assert took < _AT_ONCE_SECONDS
