"""The real program as a process: started as a user would, spoken to from outside, ended by its pid."""

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

START_SECONDS = 20.0
END_SECONDS = 10.0


class Program:
    """One running `tierwise`. Its stderr is read all the time, so that it never blocks and can be awaited."""

    def __init__(self, *arguments: str, home: Path, command: list[str] | None = None, **environ: str) -> None:
        self.home = home
        self.process = subprocess.Popen(
            [*(command or [sys.executable, "-m", "app"]), "--home", str(home), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment(**environ),
        )
        self._errors: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._seen: list[str] = []
        self._reader = threading.Thread(target=self._read_errors, daemon=True)
        self._reader.start()

    @property
    def stderr(self) -> str:
        """All it has said so far; complete once it has ended."""
        with contextlib.suppress(queue.Empty):
            while (line := self._errors.get_nowait()) is not None:
                self._seen.append(line)
        return "".join(self._seen)

    def wait_for(self, words: str) -> str:
        """The first line of stderr with these words."""
        while (line := self._errors.get(timeout=START_SECONDS)) is not None:
            self._seen.append(line)
            if words in line:
                return line
        raise AssertionError(f"it ended without saying {words!r}:\n{self.stderr}")

    def ready(self) -> dict[str, Any]:
        """The ready line; fails with what it said instead."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, f"it ended before it was ready (rc {self.process.wait()}):\n{self._drained()}"
        answer: dict[str, Any] = json.loads(line)
        assert answer["event"] == "ready"
        return answer

    def instance(self) -> dict[str, Any]:
        """What the running program tells others."""
        answer: dict[str, Any] = json.loads((self.home / "run" / "instance.json").read_bytes())
        return answer

    def end(self, number: int = signal.SIGTERM) -> tuple[int, str]:
        """Send a signal and wait: the exit code, and what was left on stdout."""
        self.process.send_signal(number)
        return self.wait()

    def wait(self) -> tuple[int, str]:
        assert self.process.stdout is not None
        code = self.process.wait(END_SECONDS)
        rest = self.process.stdout.read()
        self._reader.join(END_SECONDS)
        return code, rest

    def _drained(self) -> str:
        self._reader.join(END_SECONDS)
        return self.stderr

    def _read_errors(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self._errors.put(line)
        self._errors.put(None)

    def close(self) -> None:
        """Whatever the test did: gone, politely if it can be."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(END_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self.process.wait()
        self._reader.join(END_SECONDS)
        for pipe in (self.process.stdout, self.process.stderr):
            assert pipe is not None
            pipe.close()


@contextlib.contextmanager
def program(*arguments: str, home: Path, **more: Any) -> Iterator[Program]:
    running = Program(*arguments, home=home, **more)
    try:
        yield running
    finally:
        running.close()


def run(*arguments: str, home: Path | None = None, stdin: str = "", **environ: str) -> tuple[int, str, str]:
    """A command that ends by itself: exit code, stdout, stderr."""
    where = ["--home", str(home)] if home is not None else []
    done = subprocess.run(
        [sys.executable, "-m", "app", *where, *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        timeout=START_SECONDS,
        check=False,
        env=environment(**environ),
    )
    return done.returncode, done.stdout, done.stderr


def environment(**more: str) -> dict[str, str]:
    """The environment of a child: no desktop, no keyring, no home but the test's own."""
    names = ("PATH", "HOME", "LANG", "COVERAGE_PROCESS_CONFIG", "COVERAGE_PROCESS_START")
    kept = {name: os.environ[name] for name in names if name in os.environ}
    return {**kept, "PYTHONPATH": str(Path(__file__).resolve().parents[2]), "PYTHONUNBUFFERED": "1", **more}


def get(url: str, token: str = "") -> dict[str, Any]:
    request = urllib.request.Request(url, headers={"x-tierwise-token": token})
    with urllib.request.urlopen(request, timeout=END_SECONDS) as answer:
        body: dict[str, Any] = json.load(answer)
        return body
