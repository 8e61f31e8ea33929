"""What all measurements need: a provider and clients on loopback, and homes with a large record."""

import contextlib
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import psutil

from app.toml.edits import Assign, edited
from benchmarks.desktop.children import ROOT, Child, child
from benchmarks.desktop.screen import OFFSCREEN, Screen
from benchmarks.made_exchanges import tables
from benchmarks.table import NotMeasuredError

TOKEN: Final = "tw-benchmark-of-the-desktop"
MODEL: Final = "paced/m"
_START_SECONDS: Final = 20
_SETTLE_SECONDS: Final = 60
_BETWEEN_LOOKS: Final = 0.2


@dataclass(frozen=True, slots=True)
class Surroundings:
    """One provider and its clients; every program has a home of its own."""

    folder: Path
    record: Path
    provider: str
    clients: Child

    def home(self, name: str) -> Path:
        home = self.folder / name
        if not home.exists():
            home.mkdir()
            (home / "config.toml").write_text(_config(self.provider))
            shutil.copy(self.record, home / "tierwise.db")
        return home

    def settle_record(self) -> None:
        """A program that meets a record with other prices first prices it anew; once is enough."""
        with self.driven(OFFSCREEN, home="settled"):
            deadline = time.monotonic() + _SETTLE_SECONDS
            while not _is_priced(self.folder / "settled" / "tierwise.db"):
                if time.monotonic() > deadline:
                    raise NotMeasuredError("the record is still being priced anew")
                time.sleep(_BETWEEN_LOOKS)
        shutil.move(self.folder / "settled" / "tierwise.db", self.record)

    def environ(self, screen: Screen) -> Mapping[str, str]:
        return {**_environ(self.folder), **screen.environ, "TIERWISE_TOKEN": TOKEN}

    @contextmanager
    def driven(self, screen: Screen, *flags: str, home: str) -> Iterator[Child]:
        """A home is made when it is first named."""
        folder = self.home(home)
        with child("driven", folder, *flags, folder=folder, environ=self.environ(screen)) as program:
            yield program

    @contextmanager
    def program(self, screen: Screen) -> Iterator[int]:
        """The very program, in the tray; its process id once it is there."""
        home = self.home("tray-only")
        command = [sys.executable, "-m", "app", "--minimised", "--port", "0", "--home", str(home)]
        environ = self.environ(screen)
        process = subprocess.Popen(command, env=environ, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL)
        assert process.stderr is not None
        try:
            while b"the tray is" not in (line := process.stderr.readline()):
                if not line:
                    raise NotMeasuredError("the program has ended before its tray was there")
            if b"missing" in line:
                raise NotMeasuredError("without a tray here, the program has opened its window")
            yield process.pid
        finally:
            process.terminate()
            process.communicate(timeout=_START_SECONDS)


@contextmanager
def surroundings(folder: Path, record: Path) -> Iterator[Surroundings]:
    environ = _environ(folder)
    with ExitStack() as stack:
        provider = stack.enter_context(child("provider", folder=folder, environ=environ))
        clients = stack.enter_context(child("clients", TOKEN, folder=folder, environ=environ))
        around = Surroundings(folder, record, provider.hello["url"], clients)
        around.settle_record()
        yield around


def _is_priced(database: Path) -> bool:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        found = connection.execute("select value from state where name = 'priced_with'").fetchone()
    return found is not None and bool(found[0])


@dataclass(frozen=True, slots=True)
class Held:
    """Megabytes. `pss` is what would be free if the process ended, less where others use the same libraries.

    So between two moments only `rss` can be compared while other programs come and go.
    """

    pss: float
    rss: float


def held(pid: int) -> Held:
    told = _living(pid).memory_full_info()
    return Held(told.pss / 1e6, told.rss / 1e6)


def cpu_seconds(pid: int) -> float:
    times = _living(pid).cpu_times()
    return float(times.user + times.system)


def _living(pid: int) -> psutil.Process:
    """One that has ended holds nothing and burns nothing, which would meet every bar."""
    with contextlib.suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        if process.status() != psutil.STATUS_ZOMBIE:
            return process
    raise NotMeasuredError("the program has ended")


def _config(provider: str) -> str:
    """Every provider of the record is the one on loopback, so that none is asked elsewhere."""
    made: dict[str, Any] = tables()
    for each in made["providers"].values():
        each["base_url"] = provider
    made["providers"]["paced"] = {"kind": "anthropic-compatible", "base_url": provider, "key": "none"}
    return edited("", [Assign((name,), table) for name, table in made.items()])


def _environ(folder: Path) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "HOME": str(folder), "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8"}
