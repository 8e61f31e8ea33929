"""Newline-delimited JSON, however the bytes are cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.wire.failure import Failure, FailureKind
from proxy.wire.framing.lines import MAX_LINE, Lines
from tests.proxy.wire.strategies import chunkings


def read(*pieces: bytes, limit: int = MAX_LINE) -> list[bytes]:
    lines = Lines(limit)
    return [*(line for piece in pieces for line in lines.feed(piece)), *lines.end()]


@pytest.mark.parametrize(
    ("stream", "lines"),
    [
        (b"one\ntwo\n", [b"one", b"two"]),
        (b"one\ntwo", [b"one", b"two"]),
        (b"\n \none\n\n", [b"one"]),
        (b"", []),
        (b"\n", []),
    ],
    ids=["lines", "no end of the last", "blank ones", "nothing", "one end"],
)
def test_lines_that_hold_something_are_told(stream: bytes, lines: list[bytes]) -> None:
    assert read(stream) == lines
    assert read(*(stream[at : at + 1] for at in range(len(stream)))) == lines


def test_a_carriage_return_is_space_to_whoever_reads_the_line() -> None:
    assert [line.strip() for line in read(b"one\r\n\r\ntwo\r\n")] == [b"one", b"two"]


def test_a_line_is_handed_out_as_soon_as_it_is_whole() -> None:
    lines = Lines()
    assert lines.feed(b"on") == []
    assert lines.feed(b"e\ntw") == [b"one"]
    assert lines.feed(b"o\n") == [b"two"]
    assert lines.end() == []


@given(st.lists(st.sampled_from([b"x", b"\n", b"\r", b" ", b"\xc3\xa9"])).map(b"".join), st.data())
def test_any_chunking_gives_the_same_lines(stream: bytes, data: st.DataObject) -> None:
    assert read(*data.draw(chunkings(stream))) == read(stream)


def test_a_line_without_end_is_given_up() -> None:
    with pytest.raises(Failure) as caught:
        read(*[b"x" * 100] * 11, limit=1000)
    assert caught.value.kind is FailureKind.BAD_ANSWER


def test_many_lines_are_no_large_line() -> None:
    assert len(read(*[b"x" * 60 + b"\n"] * 100, limit=100)) == 100
