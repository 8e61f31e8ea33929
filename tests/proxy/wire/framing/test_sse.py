"""Server-sent events: whatever the line endings and however the bytes are cut."""

import collections

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.wire.failure import Failure, FailureKind
from proxy.wire.framing.sse import MAX_EVENT, ServerSentEvents
from tests.proxy.wire.strategies import chunkings


def read(*pieces: bytes, limit: int = MAX_EVENT) -> list[bytes]:
    events = ServerSentEvents(limit)
    return [*(event for piece in pieces for event in events.feed(piece)), *events.end()]


@pytest.mark.parametrize(
    ("stream", "events"),
    [
        (b"data: one\n\ndata: two\n\n", [b"one", b"two"]),
        (b"data: one\r\n\r\ndata: two\r\n\r\n", [b"one", b"two"]),
        (b"data: one\r\rdata: two\r\r", [b"one", b"two"]),
        (b"data: one\r\n\ndata: two\n\r\n", [b"one", b"two"]),
        (b"data:one\n\n", [b"one"]),
        (b"data: one\ndata: more\n\n", [b"one\nmore"]),
        (b"event: x\nid: 7\nretry: 3\ndata: one\n\n", [b"one"]),
        (b": PROCESSING\n\ndata: one\n\n", [b"one"]),
        (b"event: nothing\n\n", []),
        (b"\n\n\n", []),
        (b"\xef\xbb\xbfdata: one\n\n", [b"one"]),
        (b'error: {"code":500}\n\n', [b'{"code":500}']),
        (b"data: one\n\ndata: two", [b"one", b"two"]),
        (b"data: one\n\ndata: two\r", [b"one", b"two"]),
        (b"data: a:b\n\n", [b"a:b"]),
        (b"", []),
    ],
    ids=[
        "\\n", "\\r\\n", "\\r", "mixed", "no space", "two lines", "other fields", "comment", "no data",
        "blank", "byte order mark", "llama.cpp's errors", "no blank line at the end", "half an end",
        "colon in data", "nothing",
    ],
)  # fmt: skip
def test_events_are_told_by_their_data(stream: bytes, events: list[bytes]) -> None:
    assert read(stream) == events
    assert read(*(stream[at : at + 1] for at in range(len(stream)))) == events


def test_an_event_is_handed_out_as_soon_as_it_is_whole() -> None:
    events = ServerSentEvents()
    assert list(events.feed(b"data: one\n")) == []
    assert list(events.feed(b"\nda")) == [b"one"]
    assert list(events.feed(b"ta: two\r\n\r")) == []
    assert list(events.feed(b"\n")) == [b"two"]


lines = st.sampled_from(
    [b"data: x", b"data:", b"data: \xc3\xa9", b"data", b"error: e", b"event: e", b": c", b"", b"", b"junk"]
)
endings = st.sampled_from([b"\n", b"\r\n", b"\r"])


@given(st.lists(st.tuples(lines, endings), max_size=12), st.data())
def test_any_chunking_gives_the_same_events(told: list[tuple[bytes, bytes]], data: st.DataObject) -> None:
    stream = b"".join(line + ending for line, ending in told)
    assert read(*data.draw(chunkings(stream))) == read(stream)


def test_a_chunk_that_is_only_half_a_line_ending_ends_no_event() -> None:
    assert read(b"data: one\r\n", b"data: more\r", b"\n\r\n") == [b"one\nmore"]


@given(st.binary(max_size=100), st.data())
def test_any_bytes_are_read_the_same_however_they_are_cut(noise: bytes, data: st.DataObject) -> None:
    assert read(*data.draw(chunkings(noise))) == read(noise)


def test_an_event_without_end_is_given_up() -> None:
    with pytest.raises(Failure) as caught:
        read(b"data: ", *[b"x" * 100] * 11, limit=1000)
    assert caught.value.kind is FailureKind.BAD_ANSWER


def test_an_event_of_lines_without_end_is_given_up() -> None:
    with pytest.raises(Failure):
        read(*[b"data: " + b"x" * 94 + b"\n"] * 20, limit=1000)


def test_many_events_are_no_large_event() -> None:
    assert len(read(*[b"data: " + b"x" * 50 + b"\n\n"] * 100, limit=100)) == 100


def test_empty_data_lines_without_end_are_given_up_too() -> None:
    events = ServerSentEvents(limit=1000)
    with pytest.raises(Failure) as caught:
        collections.deque((events.feed(b"data:\n") for _ in range(1000)), maxlen=0)
    assert caught.value.kind is FailureKind.BAD_ANSWER
