"""Where nobody listens, or too many do: closed pipes, no streams at all, and the journal."""

import os
import shlex
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.program import END_SECONDS, START_SECONDS, environment, program, run

TIERWISE = [sys.executable, "-m", "app"]


def piped_away(*arguments: str, home: Path) -> tuple[int, str]:
    """With a stdout whose reader has gone before the first word: exit code, stderr."""
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [*TIERWISE, "--home", str(home), *arguments],
        stdout=writing,
        stderr=subprocess.PIPE,
        text=True,
        timeout=START_SECONDS,
        check=False,
        env=environment(),
    )
    os.close(writing)
    return done.returncode, done.stderr


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("status",), 1),
        (("stop",), 0),
        (("config", "path"), 0),
        (("--json", "status"), 1),
        (("--json", "nonsense"), 2),
        (("--help",), 0),
        (("--version",), 0),
    ],
)
def test_a_reader_that_went_away_changes_nothing(
    tmp_path: Path, arguments: tuple[str, ...], code: int
) -> None:
    assert piped_away(*arguments, home=tmp_path) == (code, "")


def test_a_full_disk_is_said(tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*TIERWISE, "--home", str(tmp_path), "config", "path"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=START_SECONDS,
            check=False,
            env=environment(),
        )
    assert done.returncode == 1
    assert done.stderr == "tierwise: The answer cannot be written: No space left on device.\n"


@pytest.mark.parametrize("command", ["serve", "demo"])
@pytest.mark.parametrize("streams", [">&-", "2>&-", ">&- 2>&-", "| true", "2>&1 | true"])
def test_it_serves_although_nobody_hears_the_ready_line(tmp_path: Path, command: str, streams: str) -> None:
    words = shlex.join([*TIERWISE, "--home", str(tmp_path), command, "--port", "0"])
    shell = subprocess.Popen(
        ["bash", "-c", f"set -o pipefail; {words} {streams}"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
    )
    home = tmp_path / "demo" if command == "demo" else tmp_path
    while not (home / "run" / "instance.json").exists():
        assert shell.poll() is None, shell.communicate()
    which = ["--demo"] if command == "demo" else []
    assert run("stop", *which, home=tmp_path)[0] == 0
    _, errors = shell.communicate(timeout=END_SECONDS)
    assert shell.returncode == 0
    assert "Traceback" not in errors
    assert "Exception ignored" not in errors


def test_tokens_are_told_to_people_and_not_to_a_journal_on_stderr(tmp_path: Path) -> None:
    journal, other_end = socket.socketpair()
    with journal, other_end:
        found = os.fstat(other_end.fileno())
        told = environment(JOURNAL_STREAM=f"{found.st_dev}:{found.st_ino}")
        process = subprocess.Popen(
            [*TIERWISE, "--home", str(tmp_path), "demo", "--port", "0"],
            stdout=subprocess.PIPE,
            stderr=other_end,
            text=True,
            env=told,
        )
        other_end.close()
        assert process.stdout is not None
        ready = process.stdout.readline()
        process.terminate()
        said = b""
        while piece := journal.recv(4096):
            said += piece
        assert process.wait(END_SECONDS) == 0
        process.stdout.close()
    assert '"token"' in ready
    assert b"listening on" in said
    assert b"tw-" not in said


def test_tokens_are_told_on_a_terminal_and_in_a_pipe(tmp_path: Path) -> None:
    with program("demo", "--port", "0", home=tmp_path) as demo:
        token = demo.ready()["token"]
        assert token in demo.wait_for("ANTHROPIC_AUTH_TOKEN")
