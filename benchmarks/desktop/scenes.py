"""What is on the screen while something is measured; one that does not stand to the end is none."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Final

from benchmarks.desktop.children import Answer, Child
from benchmarks.desktop.lengths import SETTLED_SECONDS
from benchmarks.table import NotMeasuredError

Scene = Callable[[Child], AbstractContextManager[None]]

_FRAMES_A_SECOND: Final = 2
"""At least, of the four that a page allows itself; with fewer it stands rather than follows."""
_SCREENFULS_A_SECOND: Final = 5
"""At least, of thirty that are tried; with fewer nobody would call it scrolling."""


@contextmanager
def tray_only(driven: Child) -> Iterator[None]:
    driven.ask("close")
    time.sleep(SETTLED_SECONDS)
    yield


@contextmanager
def overview(driven: Child) -> Iterator[None]:
    with _followed(driven, "overview"):
        yield


@contextmanager
def following_log(driven: Child) -> Iterator[None]:
    with _followed(driven, "logs"):
        yield


@contextmanager
def scrolling_log(driven: Child) -> Iterator[None]:
    _open(driven, "logs")
    driven.ask("scroll", page="logs")
    yield
    _judge("the log has moved", driven.ask("stand"), _SCREENFULS_A_SECOND)


@contextmanager
def open_menu(driven: Child) -> Iterator[None]:
    driven.ask("open_menu")
    yield
    driven.ask("close_menu")


@contextmanager
def _followed(driven: Child, page: str) -> Iterator[None]:
    """While requests are made, the page shows them."""
    _open(driven, page)
    driven.ask("look")
    yield
    _judge("the window was painted", driven.ask("looked"), _FRAMES_A_SECOND)


def _judge(what: str, done: Answer, least_a_second: float) -> None:
    if done["times"] < done["seconds"] * least_a_second:
        raise NotMeasuredError(f"{what} {done['times']} times only, in {done['seconds']:.1f} s")


def _open(driven: Child, page: str) -> None:
    driven.ask("open", page=page)
    time.sleep(SETTLED_SECONDS)
