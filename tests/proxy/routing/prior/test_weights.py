"""The file of weights: what was written is read again, and nothing else is."""

import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.routing.prior import DamagedPriorError, Prior
from proxy.routing.prior.features import FEATURES
from proxy.routing.prior.weights import Weights

NUMBER = st.floats(allow_nan=False, allow_infinity=False)
EVERY = st.lists(NUMBER, min_size=len(FEATURES), max_size=len(FEATURES)).map(tuple)
WEIGHTS = st.builds(Weights, NUMBER, EVERY, EVERY, st.lists(NUMBER, max_size=30).map(tuple))
PLAIN = Weights(0.5, (1.0,) * len(FEATURES), (0.0,) * len(FEATURES), (0.1, 0.9))


@given(WEIGHTS)
def test_what_was_written_is_read_again(weights: Weights) -> None:
    assert Weights.read(weights.written()) == weights


@given(st.binary(max_size=200))
def test_other_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(DamagedPriorError):
        Prior.read(data)


@given(st.data())
def test_one_wrong_bit_is_noticed(data: st.DataObject) -> None:
    written = bytearray(PLAIN.written())
    place = data.draw(st.integers(0, len(written) - 1))
    written[place] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(DamagedPriorError):
        Weights.read(bytes(written))


@given(st.integers(0, len(PLAIN.written()) - 1))
def test_a_file_that_was_cut_off_is_refused(size: int) -> None:
    with pytest.raises(DamagedPriorError):
        Weights.read(PLAIN.written()[:size])


def with_body(body: bytes) -> bytes:
    return PLAIN.written()[:8] + struct.pack(">I", zlib.crc32(body)) + body


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "do not hold together"),
        (b"\x00\x01\x00\x00\x00\x01\xff" + bytes(24), "do not hold together"),
        (b"\x00\x01\x00\x00\x00\x01x" + bytes(24), "other features"),
        (PLAIN.written()[12:-8] + struct.pack(">d", float("nan")), "not a number"),
        (PLAIN.written()[12:] + b"more", "do not hold together"),
    ],
)
def test_a_file_that_fits_its_checksum_is_still_looked_at(body: bytes, said: str) -> None:
    with pytest.raises(DamagedPriorError, match=said):
        Weights.read(with_body(body))


def test_another_version_is_refused() -> None:
    with pytest.raises(DamagedPriorError, match="version"):
        Weights.read(b"TWPRIOR2" + PLAIN.written()[8:])
