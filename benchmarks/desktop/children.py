"""Processes of this benchmark: each answers a line of JSON with another one, until its stdin closes.

An answer that holds `missing` says why there is none; so does a process that has ended, or is silent.
"""

import asyncio
import json
import select
import subprocess
import sys
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from benchmarks.table import NotMeasuredError

ROOT: Final = Path(__file__).resolve().parents[2]
_PATIENCE_SECONDS: Final = 40.0
_END_SECONDS: Final = 10.0
_LAST_WORDS: Final = 2000

Answer = dict[str, Any]


class Child:
    """The parent's side."""

    def __init__(self, name: str, process: "subprocess.Popen[str]", errors: Path) -> None:
        self.pid = process.pid
        self._name = name
        self._process = process
        self._errors = errors
        self._lost = ""
        self.hello = self._told()

    def ask(self, what: str, **how: Any) -> Answer:
        assert self._process.stdin is not None
        if self._lost:
            raise NotMeasuredError(self._lost)
        try:
            self._process.stdin.write(json.dumps({"do": what, **how}) + "\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            raise self._losing("has ended") from None
        return self._told()

    def _told(self) -> Answer:
        stdout = self._process.stdout
        assert stdout is not None
        is_there, _, _ = select.select([stdout], [], [], _PATIENCE_SECONDS)
        if not is_there:
            raise self._losing(f"has said nothing for {_PATIENCE_SECONDS:g} s")
        if not (line := stdout.readline()):
            raise self._losing("has ended")
        answer: Answer = json.loads(line)
        if "missing" in answer:
            raise NotMeasuredError(answer["missing"])
        return answer

    def _losing(self, how: str) -> NotMeasuredError:
        """For good: an answer that comes late would be taken for that to a later question."""
        self._lost = f"the process '{self._name}' {how}"
        print(self._errors.read_text()[-_LAST_WORDS:], file=sys.stderr)
        return NotMeasuredError(self._lost)


@contextmanager
def child(module: str, *arguments: object, folder: Path, environ: Mapping[str, str]) -> Iterator[Child]:
    command = [sys.executable, "-m", f"benchmarks.desktop.{module}", *map(str, arguments)]
    errors = folder / f"{module}.stderr"
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with errors.open("w") as stderr:
        process = subprocess.Popen(command, cwd=ROOT, env=environ, stderr=stderr, text=True, **pipes)
    try:
        yield Child(module, process, errors)
    finally:
        try:
            process.communicate(timeout=_END_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def tell(**what: Any) -> None:
    """The child's side."""
    print(json.dumps(what), flush=True)


async def commands() -> AsyncIterator[dict[str, Any]]:
    """The child's side: what it is asked, until the parent has closed the pipe."""
    while line := await asyncio.to_thread(sys.stdin.readline):
        yield json.loads(line)


async def obey(act_of: Callable[[str], Callable[..., Awaitable[Answer]]]) -> None:
    """The child's side: does what it is asked, by name, and tells what came of it."""
    async for command in commands():
        try:
            answer = await act_of(command.pop("do"))(**command)
        except NotMeasuredError as error:
            answer = {"missing": str(error)}
        except Exception as error:  # noqa: BLE001 -- of any act; told in place of its answer
            traceback.print_exc()
            answer = {"missing": f"{type(error).__name__}: {error}"}
        tell(**answer)
