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
from typing import IO, Literal, TypedDict, Unpack
from urllib.parse import urlsplit

from tests.llama.gguf import write_model

READY_SECONDS = 60
END_SECONDS = 10
USUAL_ALIAS = "tiny"
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

    @property
    def port(self) -> int:
        port = urlsplit(self.url).port
        assert port is not None
        return port

    def kill(self) -> None:
        """Ends it as a crash does: without a word to those it was answering."""
        self.process.kill()
        self.process.wait(END_SECONDS)


class Options(TypedDict, total=False):
    """What may be different from the usual server; `tests.llama.serve` knows what is usual."""

    alias: str
    context: int
    """Tokens, for all slots; what a slot gets is rounded up to a multiple of 256."""
    slots: int
    sharing: Literal["split", "whole"]
    """Each slot has its part of the context, or all have the whole of it together, as they mostly do where
    nobody says how many slots there are to be."""
    host: str
    port: int
    """A free one unless it is told; that of a server that has ended can be had at once."""
    prefix: str
    """What all paths begin with."""
    template: str
    """Jinja, instead of the model's own."""
    api_key: str | None


@contextmanager
def llama_server(folder: Path, **options: Unpack[Options]) -> Iterator[LlamaServer]:
    """A server of one's own, with a folder of its own."""
    model = folder / "tiny.gguf"
    write_model(model)
    options = {"alias": USUAL_ALIAS, **options}
    flags = [f"--{name.replace('_', '-')}={value}" for name, value in options.items() if value is not None]
    command = [sys.executable, "-m", "tests.llama.serve", str(model), *flags]
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
        url = _ready(process, log) + options.get("prefix", "")
        server = LlamaServer(url, options["alias"], model, process)
        _check(server, options.get("api_key"))
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
