"""Peeking finds the top-level values, whatever else a body holds, and never raises anything untyped."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.wire.failure import Failure, FailureKind
from proxy.wire.peek import Asked, asked, peek
from proxy.wire.splice import Body

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(
    others=st.dictionaries(st.text().filter(lambda key: key not in ("model", "stream")), json_values),
    model=st.text(),
    stream=st.booleans(),
    ascii_only=st.booleans(),
)
def test_model_and_stream_are_found_among_anything(
    others: dict[str, object], model: str, stream: bool, ascii_only: bool
) -> None:
    body = {**others, "model": model, "stream": stream}
    asked = peek(json.dumps(body, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass"))
    assert asked == Asked(model, stream)


@given(st.binary())
def test_any_bytes_are_either_read_or_a_bad_request(body: bytes) -> None:
    try:
        peek(body)
    except Failure as failure:
        assert failure.kind is FailureKind.BAD_REQUEST  # noqa: PT017 -- that nothing else is raised is the point


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"{}", Asked()),
        (b'{"model":null,"stream":null}', Asked()),
        (b'{"x":{"model":"nested"},"model":"top"}', Asked("top")),
        (b'{"model":"first","model":"last"}', Asked("last")),
        (b'{"mod\\u0065l":"escaped key"}', Asked("escaped key")),
        (b'{"model":"m","x":"\\ud83d"}', Asked("m")),
        (b'{"model":"m","x":NaN}', Asked("m")),
        (b' {"stream" : true , "model":"m"} ', Asked("m", stream=True)),
    ],
)
def test_odd_bodies(body: bytes, expected: Asked) -> None:
    assert peek(body) == expected


@pytest.mark.parametrize("body", [b'{"model":5}', b'{"stream":"yes"}', b"[]", b"", b"\xef\xbb\xbf{}"])
def test_a_body_that_asks_for_nothing_sensible_is_refused(body: bytes) -> None:
    with pytest.raises(Failure) as caught:
        peek(body)
    assert caught.value.kind is FailureKind.BAD_REQUEST
    assert caught.value.sentence.startswith("The request body is not ")


def test_a_body_that_is_scanned_already_is_not_scanned_again() -> None:
    body = Body(b'{"model":"m","stream":true}')
    assert asked(body) == Asked("m", stream=True)
