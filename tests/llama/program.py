"""Starts the real program `llama-server`, where it is installed: for what only a program of that name shows.

Its process can be found by its name, and as a router it starts more of its kind.
"""

import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest

from tests.llama.gguf import write_model
from tests.llama.server import END_SECONDS, READY_SECONDS, LlamaServer, NotServingError

NAME = "llama-server"
_LISTENS = "listening on http"
"""The last line of its start, with its model in memory."""


def need_program() -> str:
    """Its path; skips the test where there is none."""
    found = shutil.which(NAME)
    if found is None:
        pytest.skip(f"needs the program {NAME} on PATH")
    return found


@contextmanager
def router(folder: Path, *models: str, words: tuple[str, ...] = ()) -> Iterator[LlamaServer]:
    """A router of models of these names, none of which is in memory."""
    home = folder / "models"
    home.mkdir()
    for name in models:
        write_model(home / f"{name}.gguf")
    with program(folder, "--models-dir", str(home), *words) as server:
        yield server


@contextmanager
def program(folder: Path, *words: str, prefix: str = "") -> Iterator[LlamaServer]:
    """With these arguments; `prefix` is what its paths begin with, if they say so."""
    port, log = _free_port(), folder / "program.log"
    command = [need_program(), "--host", "127.0.0.1", "--port", str(port), *words]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    listens = Event()
    reader = Thread(target=_read, args=(process, log, listens), daemon=True)
    reader.start()
    server = LlamaServer(f"http://127.0.0.1:{port}{prefix}", "", folder, process)
    try:
        if not listens.wait(READY_SECONDS) or not server.is_alive:
            raise NotServingError(f"{NAME} did not start:\n{log.read_text(errors='replace')[-2000:]}")
        yield server
    finally:
        process.terminate()
        try:
            process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        reader.join(END_SECONDS)


def _read(process: "subprocess.Popen[str]", log: Path, listens: Event) -> None:
    """Keeps what it says, and tells when it says that it listens, or that it has ended."""
    assert process.stdout is not None
    with process.stdout as said, log.open("w") as kept:
        for line in said:
            kept.write(line)
            kept.flush()
            if _LISTENS in line:
                listens.set()
    listens.set()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
