"""What was said, for those who want it kept: without its keys, however it is cut into pieces."""

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.exchange import MOST_KEPT, Kept
from proxy.ledger import bodies
from proxy.ledger.bodies import Said, packed, unpacked

KEY = "sk-ant-api03-abcdefghijklmnop0123456789"


def kept(request: bytes, *answer: bytes, pause: Callable[[], None] = lambda: None) -> Said:
    return unpacked(packed(request, list(answer), pause))


def test_what_was_said_comes_back() -> None:
    assert kept(b'{"a": "\xc3\xa4"}', b"one ", b"two") == Said('{"a": "ä"}', "one two", is_whole=True)


def test_keys_do_not() -> None:
    said = kept(json.dumps({"messages": f"my key is {KEY}, keep it"}).encode(), f"so it is {KEY}".encode())
    assert KEY not in said.request + said.answer
    assert said.request == '{"messages": "my key is <secret>, keep it"}'


@given(st.integers(0, 400))
def test_no_end_of_a_piece_lets_a_key_through(at: int) -> None:
    """A piece ends behind 32 KiB; the key lies anywhere around that place."""
    line = "filler, without any end of a line; "
    text = (line * 2000)[: 32 * 1024 - 200 + at] + f" {KEY} " + line * 200
    body = json.dumps([text, "next", "\n" + KEY]).encode()
    said = kept(body)
    assert KEY not in said.request
    assert said.request == body.decode().replace(KEY, "<secret>")


def test_others_get_their_turn_between_the_pieces() -> None:
    turns = []
    body = json.dumps(["a" * 1000] * 200).encode()
    kept(body, pause=lambda: turns.append(1))
    assert len(turns) >= len(body) // (64 * 1024)


@pytest.mark.parametrize("what", ["request", "answer"])
def test_only_the_beginning_of_what_is_too_long(what: str) -> None:
    long = b"x" * (MOST_KEPT + 10)
    answer = Kept(b"")
    for begin in range(0, len(long), 60_000):
        answer.add(long[begin : begin + 60_000])
    said = kept(long, b"ok") if what == "request" else kept(b"ok", *answer.answer)
    assert len(getattr(said, what)) == MOST_KEPT
    assert not said.is_whole


@given(st.binary(max_size=2000), st.lists(st.binary(max_size=200), max_size=5))
def test_any_bytes_can_be_kept(request: bytes, answer: list[bytes]) -> None:
    said = kept(request, *answer)
    assert isinstance(said.request + said.answer, str)


def test_a_piece_is_never_larger_than_the_loop_can_bear() -> None:
    pieces = list(bodies._pieces(b"x" * 1_000_000))
    assert b"".join(pieces) == b"x" * 1_000_000
    assert max(map(len, pieces)) <= 256 * 1024
