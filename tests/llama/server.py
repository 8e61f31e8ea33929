"""Starts a real llama.cpp server with the tiny model, makes sure that it is this one, and ends it."""

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import IO

from tests.llama.gguf import write_model

READY_SECONDS = 60
END_SECONDS = 10
_REPOSITORY = Path(__file__).parents[2]


class NotServingError(AssertionError):
    """The server did not come up; says what it wrote before."""


@dataclass(frozen=True)
class LlamaServer:
    url: str
    alias: str
    model: Path
    process: "subprocess.Popen[str]"

    @property
    def is_alive(self) -> bool:
        return self.process.poll() is None


@contextmanager
def llama_server(
    folder: Path, *, alias: str = "tiny", context: int = 16384, api_key: str | None = None
) -> Iterator[LlamaServer]:
    """A server of one's own; `context` is shared by its two slots."""
    model = folder / "tiny.gguf"
    write_model(model)
    command = [sys.executable, "-m", "tests.llama.serve", str(model), "--alias", alias]
    command += ["--context", str(context), *(["--api-key", api_key] if api_key else [])]
    log = folder / "server.log"
    with log.open("w") as complaints:
        process = subprocess.Popen(
            command,
            cwd=_REPOSITORY,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaints,
            text=True,
        )
    try:
        server = LlamaServer(_ready(process, log), alias, model, process)
        _check(server, api_key)
        yield server
    finally:
        _end(process)


def _ready(process: "subprocess.Popen[str]", log: Path) -> str:
    lines: Queue[str] = Queue()
    assert process.stdout is not None
    Thread(target=_pass_on, args=(process.stdout, lines), daemon=True).start()
    try:
        line = lines.get(timeout=READY_SECONDS)
    except Empty:
        line = ""
    if not line:
        raise NotServingError(f"llama.cpp did not start:\n{log.read_text(errors='replace')[-2000:]}")
    return str(json.loads(line)["url"])


def _pass_on(source: IO[str], lines: "Queue[str]") -> None:
    """The first line, or an empty one if the process ends before."""
    lines.put(source.readline())


def _check(server: LlamaServer, api_key: str | None) -> None:
    """Another server might answer at that address as politely."""
    headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
    request = urllib.request.Request(f"{server.url}/props", headers=headers)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=END_SECONDS) as answer:
        props = json.load(answer)
    if not server.is_alive or (props["model_alias"], props["model_path"]) != (
        server.alias,
        str(server.model),
    ):
        raise NotServingError(f"Another server answers at {server.url}: {props['model_alias']!r}")


def _end(process: "subprocess.Popen[str]") -> None:
    assert process.stdin is not None
    process.stdin.close()
    try:
        process.wait(END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    finally:
        assert process.stdout is not None
        process.stdout.close()
