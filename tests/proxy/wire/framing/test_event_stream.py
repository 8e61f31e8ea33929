"""AWS's binary event stream, held against botocore's own decoder."""

import struct
from typing import Any
from zlib import crc32

import pytest
from botocore.eventstream import EventStreamBuffer, ParserError
from hypothesis import given
from hypothesis import strategies as st

from proxy.wire.failure import Failure, FailureKind
from proxy.wire.framing.event_stream import EventStream, Frame
from tests.proxy.wire.framing import frames
from tests.proxy.wire.framing.frames import event, frame, sealed
from tests.proxy.wire.strategies import chunkings

values = st.one_of(
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.binary(max_size=40),
    st.text(max_size=40),
    st.integers(-128, 127).map(frames.byte),
    st.integers(-(2**15), 2**15 - 1).map(frames.short),
    st.integers(-(2**31), 2**31 - 1).map(frames.integer),
    st.integers(0, 2**60).map(frames.time),
    st.binary(min_size=16, max_size=16).map(frames.uuid),
)
names = st.text(min_size=1, max_size=20).filter(lambda name: len(name.encode()) < 256)
whole_frames = st.builds(frame, st.dictionaries(names, values, max_size=5), st.binary(max_size=200))
streams = st.lists(whole_frames, max_size=4).map(b"".join)

Read = tuple[list[tuple[dict[str, Any], bytes]], bool]
"""The headers and payload of each frame, and whether all of them were good."""


def read_by_us(pieces: list[bytes]) -> Read:
    stream = EventStream()
    read: list[tuple[dict[str, Any], bytes]] = []
    try:
        for piece in pieces:
            read += ((dict(one.headers), one.payload) for one in stream.feed(piece))
    except Failure as failure:
        assert failure.kind is FailureKind.BAD_ANSWER  # noqa: PT017 -- that nothing else is raised is the point
        return read, False
    assert list(stream.end()) == []
    return read, True


def read_by_botocore(data: bytes) -> Read:
    buffer = EventStreamBuffer()
    buffer.add_data(data)
    read: list[tuple[dict[str, Any], bytes]] = []
    try:
        read += ((message.headers, message.payload) for message in buffer)
    except ParserError:
        return read, False
    return read, True


@given(streams, st.data())
def test_any_chunking_gives_what_botocore_reads(stream: bytes, data: st.DataObject) -> None:
    assert read_by_us(data.draw(chunkings(stream))) == read_by_botocore(stream)


@given(streams, st.data())
def test_a_stream_cut_off_anywhere_gives_the_frames_before_the_cut(
    stream: bytes, data: st.DataObject
) -> None:
    cut = stream[: data.draw(st.integers(0, len(stream)))]
    assert read_by_us(data.draw(chunkings(cut))) == read_by_botocore(cut)


@given(st.lists(whole_frames, min_size=1, max_size=3).map(b"".join), st.data())
def test_one_damaged_byte_is_found_where_botocore_finds_it(stream: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(stream) - 1))
    damage = data.draw(st.integers(1, 255))
    damaged = stream[:at] + bytes([stream[at] ^ damage]) + stream[at + 1 :]
    read, good = read_by_us(data.draw(chunkings(damaged)))
    assert (read, good) == read_by_botocore(damaged)
    assert not good


@given(st.binary(max_size=300), st.data())
def test_any_bytes_are_frames_or_a_failure(noise: bytes, data: st.DataObject) -> None:
    assert read_by_us(data.draw(chunkings(noise))) == read_by_us([noise])


def test_every_type_of_header_has_its_value() -> None:
    headers = {
        "yes": True,
        "no": False,
        "byte": frames.byte(-1),
        "short": frames.short(-2),
        "integer": frames.integer(-3),
        "long": -4,
        "bytes": b"\x00\xff",
        "text": "schön",
        "time": frames.time(1_700_000_000_000),
        "uuid": frames.uuid(bytes(range(16))),
    }
    assert list(EventStream().feed(frame(headers, b"payload"))) == [
        Frame(
            {
                "yes": True,
                "no": False,
                "byte": -1,
                "short": -2,
                "integer": -3,
                "long": -4,
                "bytes": b"\x00\xff",
                "text": "schön",
                "time": 1_700_000_000_000,
                "uuid": bytes(range(16)),
            },
            b"payload",
        )
    ]


def test_what_came_before_a_damaged_frame_counts() -> None:
    good, bad = event("good", b"{}"), bytearray(event("bad", b"{}"))
    bad[-1] ^= 1
    read = EventStream().feed(good + bytes(bad))
    assert next(read).headers[":event-type"] == "good"
    with pytest.raises(Failure) as caught:
        next(read)
    assert caught.value.kind is FailureKind.BAD_ANSWER


def prelude(total: int, headers: int) -> bytes:
    lengths = struct.pack("!II", total, headers)
    return lengths + struct.pack("!I", crc32(lengths))


@pytest.mark.parametrize(
    "begin",
    [
        prelude(16 + 128 * 1024 + 1, 128 * 1024 + 1),
        prelude(16 + 24 * 1024 * 1024 + 1, 0),
        prelude(2**32 - 1, 0),
        prelude(15, 0),
        prelude(0, 0),
        prelude(20, 5),
        b"data: {}\n\nda",
    ],
    ids=["headers", "payload", "everything", "too short", "empty", "headers beyond the end", "no frames"],
)
def test_a_frame_of_no_possible_size_is_refused_at_once(begin: bytes) -> None:
    assert read_by_us([begin]) == ([], False)


TEXT = b"\x07\x00\x01x"


@pytest.mark.parametrize(
    "headers",
    [
        b"\x05name",
        b"\x04name",
        b"\x04name\x0a",
        b"\x04name\x05\x00",
        b"\x04name\x07\x00\x09short",
        b"\x04name\x09\x00",
        b"\x02\xff\xfe" + TEXT,
        b"\x01a\x07\x00\x01\xff",
        b"\x01a" + TEXT + b"\x01a" + TEXT,
    ],
    ids=[
        "name without end", "no type", "unknown type", "half a number", "text without end", "half a uuid",
        "name no UTF-8", "text no UTF-8", "twice the same",
    ],
)  # fmt: skip
def test_headers_that_cannot_be_read_are_a_failure(headers: bytes) -> None:
    assert read_by_us([sealed(headers)]) == ([], False)


def test_headers_are_not_remembered_without_end() -> None:
    stream = EventStream()
    for number in range(1000):
        assert [one.headers for one in stream.feed(frame({"number": number}))] == [{"number": number}]
    assert len(stream._known_headers) < 100
