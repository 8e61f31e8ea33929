"""The line of progress: for people who wait, and gone when they need not wait any more."""

import io
from collections.abc import Iterable
from contextlib import suppress

from app.estimate.progress import progress_on


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def spoken(stream: io.StringIO, times: Iterable[float]) -> str:
    """What is said when the clock shows these times: one at the beginning, then two whenever it speaks."""
    clock = iter(times)
    with progress_on(stream, lambda: next(clock)) as tell:
        for done in (8, 9, 10):
            tell(done, 10)
    return stream.getvalue()


def test_it_speaks_after_a_second_and_not_too_often_and_clears_its_line() -> None:
    line = "Reading session logs: 9 of 10"
    assert spoken(Terminal(), [0, 0.9, 1.0, 1.0, 1.1]) == f"\r{line}\r{' ' * len(line)}\r"


def test_who_need_not_wait_hears_nothing() -> None:
    assert spoken(Terminal(), [0, 0.1, 0.2, 0.3]) == ""


def test_only_terminals_are_spoken_to() -> None:
    assert spoken(io.StringIO(), [0, 5, 5, 9, 9, 15]) == ""
    with progress_on(None) as tell:
        tell(1, 1)


def test_an_interruption_clears_the_line() -> None:
    terminal = Terminal()
    times = iter([0.0, 2.0, 2.0])
    with suppress(KeyboardInterrupt), progress_on(terminal, lambda: next(times)) as tell:
        tell(1, 2)
        raise KeyboardInterrupt
    assert terminal.getvalue().endswith(" \r")
