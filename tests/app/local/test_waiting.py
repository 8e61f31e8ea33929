"""A word while somebody waits at a terminal."""

import io
from threading import Event

import pytest

from app.local.waiting import said_while_waiting

SENTENCE = "Looking ..."


class Terminal(io.StringIO):
    """Somebody looks at it."""

    def __init__(self) -> None:
        super().__init__()
        self.has_spoken = Event()

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self.has_spoken.set()
        return super().write(text)


class BrokenTerminal(Terminal):
    def write(self, text: str) -> int:
        super().write(text)
        raise OSError


def test_a_long_wait_is_told_and_the_word_is_gone_after_it() -> None:
    terminal = Terminal()
    with said_while_waiting(SENTENCE, terminal, after=0):
        assert terminal.has_spoken.wait(5)
    assert terminal.getvalue() == f"\r{SENTENCE}\r{' ' * len(SENTENCE)}\r"


def test_a_short_wait_passes_in_silence() -> None:
    terminal = Terminal()
    with said_while_waiting(SENTENCE, terminal, after=60):
        pass
    assert terminal.getvalue() == ""


def test_a_pipe_hears_nothing() -> None:
    stream = io.StringIO()
    with said_while_waiting(SENTENCE, stream, after=0):
        pass
    assert stream.getvalue() == ""


def test_without_a_stream_there_is_nobody_to_tell() -> None:
    with said_while_waiting(SENTENCE, None, after=0):
        pass


def test_a_terminal_that_has_gone_does_no_harm() -> None:
    terminal = BrokenTerminal()
    with said_while_waiting(SENTENCE, terminal, after=0):
        assert terminal.has_spoken.wait(5)


def test_the_word_is_gone_also_after_what_went_wrong() -> None:
    terminal = Terminal()

    def fail() -> None:
        with said_while_waiting(SENTENCE, terminal, after=0):
            assert terminal.has_spoken.wait(5)
            raise ValueError("so it is")

    with pytest.raises(ValueError, match="so it is"):
        fail()
    assert terminal.getvalue().endswith(f"{' ' * len(SENTENCE)}\r")
