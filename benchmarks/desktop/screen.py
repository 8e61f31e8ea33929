"""Where the program is shown: an X server with a tray host if this machine has one, else Qt's own memory."""

import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import pytest

from benchmarks.table import NotMeasuredError
from tests.e2e.desktop import desktop


@dataclass(frozen=True, slots=True)
class Screen:
    """`environ` leads a program to it."""

    name: str
    environ: Mapping[str, str]


OFFSCREEN: Final = Screen("offscreen", {"QT_QPA_PLATFORM": "offscreen"})


@contextmanager
def best_screen() -> Iterator[Screen]:
    try:
        desk = desktop()
        running = desk.__enter__()
    except pytest.skip.Exception as missing:
        print(f"offscreen only: {missing}")
        yield OFFSCREEN
        return
    except subprocess.SubprocessError as error:
        raise NotMeasuredError(f"the screen with a tray did not come up: {error}") from None
    try:
        yield Screen("xcb", {"QT_QPA_PLATFORM": "xcb", "DISPLAY": running.display})
    finally:
        desk.__exit__(None, None, None)
