"""Told to end, it has ended three seconds later with exit code 0, whatever it was about or hangs in."""

import signal
import sys
import time
from pathlib import Path

import pytest

from tests.e2e.program import START_SECONDS, Program, program

EXIT_SECONDS = 3.0
FACES = [
    pytest.param(("serve",), {}, id="serve"),
    pytest.param((), {"QT_QPA_PLATFORM": "offscreen"}, id="tray"),
]


def changed(code: str) -> list[str]:
    """The program, with something in it made to hang."""
    return [
        sys.executable,
        "-c",
        f"import asyncio, sys\n{code}\nfrom app.__main__ import main\nsys.exit(main())",
    ]


def seconds_to_end(running: Program, number: int = signal.SIGTERM) -> float:
    began = time.monotonic()
    code, _ = running.end(number)
    assert code == 0, running.stderr
    assert "Traceback" not in running.stderr
    return time.monotonic() - began


def await_file(file: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not file.exists():
        assert time.monotonic() < deadline


@pytest.mark.parametrize(("words", "environ"), FACES)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_in_the_first_moments_ends_it(
    tmp_path: Path, words: tuple[str, ...], environ: dict[str, str], number: int
) -> None:
    with program(*words, "--port", "0", home=tmp_path, **environ) as running:
        await_file(tmp_path / "run" / "lock")
        assert seconds_to_end(running, number) < EXIT_SECONDS
        assert "forced" not in running.stderr
        assert not (tmp_path / "run" / "instance.json").exists()


@pytest.mark.parametrize(("words", "environ"), FACES)
def test_a_signal_undoes_a_start_that_hangs(
    tmp_path: Path, words: tuple[str, ...], environ: dict[str, str]
) -> None:
    hanging = changed(
        "from app.tokens.issued import Tokens\n"
        "async def start(self):\n"
        "    print('hangs', file=sys.stderr, flush=True)\n"
        "    await asyncio.Event().wait()\n"
        "Tokens.start = start"
    )
    with program(*words, "--port", "0", home=tmp_path, command=hanging, **environ) as running:
        running.wait_for("hangs")
        assert seconds_to_end(running) < EXIT_SECONDS
        assert "forced" not in running.stderr


def hanging_at(place: str) -> list[str]:
    module, _, name = place.rpartition(".")
    return changed(
        f"from {module.rpartition('.')[0]} import {module.rpartition('.')[2]} as kind\n"
        "async def hanging(self):\n"
        "    await asyncio.Event().wait()\n"
        f"kind.{name} = hanging"
    )


@pytest.mark.parametrize(
    ("words", "environ", "place"),
    [
        (("serve",), {}, "app.application.Application.stop"),
        (("demo",), {}, "app.demo.Demo.stop"),
        ((), {"QT_QPA_PLATFORM": "offscreen"}, "ui.face.Face.vanish"),
    ],
)
def test_whatever_hangs_is_cut_and_named(
    tmp_path: Path, words: tuple[str, ...], environ: dict[str, str], place: str
) -> None:
    with program(*words, "--port", "0", home=tmp_path, command=hanging_at(place), **environ) as running:
        if words:
            running.ready()
        else:
            running.wait_for("the tray is")
        assert seconds_to_end(running) < EXIT_SECONDS
        (line,) = [line for line in running.stderr.splitlines() if "forced" in line]
        assert "in wait (locks.py" in line or "hanging" in line
        home = tmp_path / "demo" if words == ("demo",) else tmp_path
        assert line in (home / "logs" / "tierwise.log").read_text()
