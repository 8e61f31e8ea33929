"""Processes of this benchmark: each answers a line of JSON with another one, until its stdin closes."""

import asyncio
import json
import select
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[2]
_PATIENCE_SECONDS: Final = 40.0
_END_SECONDS: Final = 10.0
_LAST_WORDS: Final = 2000


class Child:
    """The parent's side."""

    def __init__(self, process: "subprocess.Popen[str]", errors: Path) -> None:
        self.pid = process.pid
        self._process = process
        self._errors = errors
        self.hello = self._told()

    def ask(self, what: str, **how: Any) -> dict[str, Any]:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": what, **how}) + "\n")
        self._process.stdin.flush()
        return self._told()

    def _told(self) -> dict[str, Any]:
        stdout = self._process.stdout
        assert stdout is not None
        is_there, _, _ = select.select([stdout], [], [], _PATIENCE_SECONDS)
        line = stdout.readline() if is_there else ""
        if not line:
            raise SystemExit(f"{self._process.args} says nothing:\n{self._errors.read_text()[-_LAST_WORDS:]}")
        answer: dict[str, Any] = json.loads(line)
        return answer


@contextmanager
def child(module: str, *arguments: object, folder: Path, environ: Mapping[str, str]) -> Iterator[Child]:
    command = [sys.executable, "-m", f"benchmarks.desktop.{module}", *map(str, arguments)]
    errors = folder / f"{module}.stderr"
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with errors.open("w") as stderr:
        process = subprocess.Popen(command, cwd=ROOT, env=environ, stderr=stderr, text=True, **pipes)
    try:
        yield Child(process, errors)
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
