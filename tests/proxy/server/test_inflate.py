"""What a compressed body may be, and what becomes of one that is something else."""

import contextlib
import time
import tracemalloc
import zlib
from collections.abc import Callable
from itertools import pairwise

import brotli
import pytest
from backports import zstd
from hypothesis import given
from hypothesis import strategies as st

from proxy.server.inflate import Inflating, codings
from proxy.wire.failure import Failure, FailureKind

MEGABYTE = 1024 * 1024
TEXT = b'{"model": "m", "messages": []} ' * 400


def packed_by_zlib(window: int) -> Callable[[bytes], bytes]:
    def pack(data: bytes) -> bytes:
        packing = zlib.compressobj(wbits=window)
        return packing.compress(data) + packing.flush()

    return pack


PACK: dict[str, Callable[[bytes], bytes]] = {
    "gzip": packed_by_zlib(31),
    "x-gzip": packed_by_zlib(31),
    "deflate": packed_by_zlib(15),
    "deflate without a header": packed_by_zlib(-15),
    "br": brotli.compress,
    "zstd": zstd.compress,
}


def too_large() -> Failure:
    return Failure(FailureKind.TOO_LARGE, "Too large.")


def inflating(names: tuple[str, ...], most: int = 32 * MEGABYTE) -> Inflating:
    return Inflating([name.split()[0] for name in names], most, too_large)


def inflated(names: tuple[str, ...], pieces: list[bytes], most: int = 32 * MEGABYTE) -> bytes:
    body = inflating(names, most)
    whole = b"".join(piece for data in pieces for piece in body.pieces(data))
    body.finish()
    return whole


def bomb(name: str, size: int) -> list[bytes]:
    """So many zeros, packed without ever being held."""
    if name == "br":
        packing = brotli.Compressor(quality=1)
        zeros = bytes(MEGABYTE)
        return [*(packing.process(zeros) for _ in range(size // MEGABYTE)), packing.finish()]
    if name == "zstd":
        compressor = zstd.ZstdCompressor()
        zeros = bytes(MEGABYTE)
        return [*(compressor.compress(zeros) for _ in range(size // MEGABYTE)), compressor.flush()]
    packing_zlib = zlib.compressobj(level=1, wbits=31 if name == "gzip" else 15)
    zeros = bytes(MEGABYTE)
    return [*(packing_zlib.compress(zeros) for _ in range(size // MEGABYTE)), packing_zlib.flush()]


def cut(data: bytes, cuts: list[int]) -> list[bytes]:
    places = [0, *sorted(place % (len(data) + 1) for place in cuts), len(data)]
    return [data[start:end] for start, end in pairwise(places) if end > start]


@pytest.mark.parametrize("name", PACK)
@given(
    data=st.one_of(st.binary(max_size=3000), st.just(TEXT)),
    cuts=st.lists(st.integers(0, 20_000), max_size=12),
)
def test_however_a_body_is_split_its_bytes_are_the_same(name: str, data: bytes, cuts: list[int]) -> None:
    assert inflated((name,), cut(PACK[name](data), cuts)) == data


@pytest.mark.parametrize("name", PACK)
def test_a_body_that_comes_byte_by_byte(name: str) -> None:
    packed = PACK[name](TEXT)
    assert inflated((name,), [packed[place : place + 1] for place in range(len(packed))]) == TEXT


@pytest.mark.parametrize("name", PACK)
@pytest.mark.parametrize("size", [64 * 1024 - 1, 64 * 1024, 64 * 1024 + 1, 3 * MEGABYTE])
def test_a_body_about_the_size_of_a_slice_or_many(name: str, size: int) -> None:
    assert inflated((name,), [PACK[name](bytes(size))], most=size) == bytes(size)


@given(
    names=st.lists(st.sampled_from(list(PACK)), max_size=3),
    data=st.binary(max_size=2000),
    cuts=st.lists(st.integers(0, 3000), max_size=6),
)
def test_codings_on_top_of_each_other_are_undone_from_the_outside(
    names: list[str], data: bytes, cuts: list[int]
) -> None:
    packed = data
    for name in names:
        packed = PACK[name](packed)
    assert inflated(tuple(names), cut(packed, cuts)) == data


@pytest.mark.parametrize("name", PACK)
def test_a_body_that_is_cut_off_is_refused(name: str) -> None:
    packed = PACK[name](TEXT)
    for length in (1, 2, len(packed) // 2, len(packed) - 1):
        with pytest.raises(Failure, match="not whole and valid") as caught:
            inflated((name,), [packed[:length]])
        assert caught.value.kind is FailureKind.BAD_REQUEST


@pytest.mark.parametrize("name", PACK)
@pytest.mark.parametrize("apart", [False, True])
def test_what_follows_the_end_is_refused(name: str, apart: bool) -> None:
    packed = PACK[name](TEXT)
    with pytest.raises(Failure, match="not whole and valid"):
        inflated((name,), [packed, b"more"] if apart else [packed + b"more"])


@pytest.mark.parametrize("name", PACK)
@given(data=st.binary(min_size=1, max_size=200))
def test_garbage_is_refused_or_is_a_body_but_nothing_else_happens(name: str, data: bytes) -> None:
    garbage = b"\xff\xff" + data
    with contextlib.suppress(Failure):
        inflated((name,), [garbage])


@pytest.mark.parametrize("name", ["gzip", "br", "zstd"])
def test_damage_inside_is_found(name: str) -> None:
    packed = bytearray(PACK[name](TEXT))
    packed[0] ^= 0xFF
    with pytest.raises(Failure, match=name):
        inflated((name,), [bytes(packed)])


@pytest.mark.parametrize("name", ["gzip", "deflate", "br", "zstd"])
def test_a_bomb_is_refused_before_it_unfolds(name: str) -> None:
    pieces = bomb(name, 1024 * MEGABYTE)
    largest = 0

    def unfold() -> None:
        nonlocal largest
        body = inflating((name,), 4 * MEGABYTE)
        for data in pieces:
            for piece in body.pieces(data):
                largest = max(largest, len(piece))

    tracemalloc.start()
    began = time.perf_counter()
    try:
        with pytest.raises(Failure) as caught:
            unfold()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert caught.value.kind is FailureKind.TOO_LARGE
    assert largest <= 128 * 1024
    assert peak < 2 * MEGABYTE
    assert time.perf_counter() - began < 5


def test_a_bomb_between_two_codings_is_refused_as_well() -> None:
    inner = bytes(8 * MEGABYTE)  # as the inner coding's input it is garbage, and far too much of it
    with pytest.raises(Failure):
        inflated(("br", "gzip"), [PACK["gzip"](inner)], most=MEGABYTE)


def test_a_window_that_would_take_more_memory_than_allowed_is_refused() -> None:
    options = {
        zstd.CompressionParameter.window_log: 26,
        zstd.CompressionParameter.enable_long_distance_matching: 1,
    }
    packing = zstd.ZstdCompressor(options=options)
    packed = packing.compress(TEXT) + packing.flush()
    with pytest.raises(Failure, match="zstd"):
        inflated(("zstd",), [packed])


@pytest.mark.parametrize(
    ("headers", "names"),
    [
        ([], ()),
        ([""], ()),
        (["identity"], ()),
        (["GZIP"], ("gzip",)),
        (["gzip, br"], ("gzip", "br")),
        (["gzip", "br"], ("gzip", "br")),
        (["gzip , identity,br,,zstd"], ("gzip", "br", "zstd")),
    ],
)
def test_codings_are_named_in_the_order_they_were_applied(headers: list[str], names: tuple[str, ...]) -> None:
    assert codings(headers) == names


@pytest.mark.parametrize("header", ["compress", "gzip, rot13", "gzip;q=1", "gzip, gzip, gzip, gzip"])
def test_what_cannot_be_undone_is_an_unsupported_media_type(header: str) -> None:
    with pytest.raises(Failure) as caught:
        codings([header])
    assert (caught.value.kind, caught.value.status) == (FailureKind.BAD_REQUEST, 415)
