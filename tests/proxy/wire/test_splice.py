"""Splicing is an edit of the parsed body that touches no byte it need not."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.wire.failure import Failure, FailureKind
from proxy.wire.splice import Body, Edit, Remove, Set, spliced

SPACES = st.sampled_from(["", " ", "\n", "\t", "\r\n  "])
KEYS = st.sampled_from(["model", "stream", "stream_options", "messages", "ü", 'quo"te', ""]) | st.text(
    max_size=5
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("body", "edits", "expected"),
    [
        (b'{"model":"a"}', [Set(("model",), b'"b"')], b'{"model":"b"}'),
        (b'{"a":{"model":"x"},"model":"y"}', [Set(("model",), b"1")], b'{"a":{"model":"x"},"model":1}'),
        (b'{"x":"\\"model\\":1","model":2}', [Set(("model",), b"3")], b'{"x":"\\"model\\":1","model":3}'),
        (b'{"\\u006dodel":"a"}', [Set(("model",), b'"b"')], b'{"\\u006dodel":"b"}'),
        (b'{"model":1,"x":0,"model":[2]}', [Set(("model",), b"9")], b'{"model":9,"x":0,"model":9}'),
        (b'{"model":12,"model":1}', [Set(("model",), b"9")], b'{"model":9,"model":9}'),
        (
            b' {\n "model" :\t"a" ,\r\n "x": 1 }\n',
            [Set(("model",), b"2")],
            b' {\n "model" :\t2 ,\r\n "x": 1 }\n',
        ),
        (b'{"m":"\\ud83d","model":1}', [Set(("model",), b"2")], b'{"m":"\\ud83d","model":2}'),
        (b'{"m":NaN,"model":1}', [Set(("model",), b"2")], b'{"m":NaN,"model":2}'),
        (b'{"m":"\xff","model":1}', [Set(("model",), b"2")], b'{"m":"\xff","model":2}'),
        (b'{"a":1}', [], b'{"a":1}'),
    ],
    ids=[
        "plain",
        "nested key",
        "key inside text",
        "escaped key",
        "duplicate keys",
        "one value begins another",
        "spaces",
        "half a surrogate",
        "not a number",
        "not UTF-8",
        "no edit",
    ],
)
def test_a_value_is_replaced_where_it_stands(body: bytes, edits: list[Edit], expected: bytes) -> None:
    assert spliced(body, edits) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"{}", b'{"n":1}'),
        (b"{ }", b'{"n":1 }'),
        (b'{"a":1}', b'{"a":1,"n":1}'),
        (b'{"a":1 \n}', b'{"a":1,"n":1 \n}'),
        (b'{"a":{"n":0}}', b'{"a":{"n":0},"n":1}'),
    ],
)
def test_a_missing_member_is_added_at_the_end(body: bytes, expected: bytes) -> None:
    assert spliced(body, [Set(("n",), b"1")]) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b'{"n":1}', b"{}"),
        (b'{ "n" : 1 }', b"{  }"),
        (b'{"n":1, "a":2}', b'{"a":2}'),
        (b'{"a":2, "n":1}', b'{"a":2}'),
        (b'{"a":2,\n "n":1,\n "b":3}', b'{"a":2,\n "b":3}'),
        (b'{"n":1,"n":2}', b"{}"),
        (b'{"n":1,"n":2,"a":3,"n":4,"n":5}', b'{"a":3}'),
        (b'{"a":{"n":1}}', b'{"a":{"n":1}}'),
    ],
)
def test_a_member_goes_with_its_comma(body: bytes, expected: bytes) -> None:
    assert spliced(body, [Remove(("n",))]) == expected


@pytest.mark.parametrize(
    ("body", "edit", "expected"),
    [
        (b'{"a":1}', Set(("o", "k"), b"2"), b'{"a":1,"o":{"k":2}}'),
        (b'{"o":{}}', Set(("o", "k"), b"2"), b'{"o":{"k":2}}'),
        (b'{"o": {"x": 1, "k": 0} }', Set(("o", "k"), b"2"), b'{"o": {"x": 1, "k": 2} }'),
        (b'{"o":null}', Set(("o", "k"), b"2"), b'{"o":{"k":2}}'),
        (b'{"o":{"k":1,"x":2}}', Remove(("o", "k")), b'{"o":{"x":2}}'),
        (b'{"o":[1]}', Remove(("o", "k")), b'{"o":[1]}'),
        (b'{"a":1}', Remove(("o", "k")), b'{"a":1}'),
        (b'{"a":1}', Set(("o", "p", "k"), b"2"), b'{"a":1,"o":{"p":{"k":2}}}'),
    ],
)
def test_members_of_a_member(body: bytes, edit: Edit, expected: bytes) -> None:
    assert spliced(body, [edit]) == expected


def test_edits_are_made_in_their_order() -> None:
    edits = [Set(("o",), b'{"x":1}'), Set(("o", "y"), b"2"), Remove(("a",)), Set(("b",), b"3")]
    assert spliced(b'{"a":0,"o":null}', edits) == b'{"o":{"x":1,"y":2},"b":3}'


@st.composite
def documents(draw: st.DrawFn) -> list[tuple[str, str, str, str]]:
    """Members as (spaces, key, spaces, value), keys perhaps twice and perhaps escaped."""
    ascii_only = draw(st.booleans())
    return [
        (
            draw(SPACES),
            json.dumps(draw(KEYS), ensure_ascii=ascii_only),
            draw(SPACES),
            json.dumps(draw(VALUES), ensure_ascii=ascii_only, indent=draw(st.sampled_from([None, 1]))),
        )
        for _ in range(draw(st.integers(0, 6)))
    ]


def _as_bytes(members: list[tuple[str, str, str, str]]) -> bytes:
    return ("{" + ",".join(f"{a}{key}{b}:{a}{value}{b}" for a, key, b, value in members) + "}").encode()


edits = st.lists(
    st.builds(
        Set,
        st.tuples(KEYS) | st.tuples(KEYS, KEYS),
        VALUES.map(lambda value: json.dumps(value).encode()),
    )
    | st.builds(Remove, st.tuples(KEYS) | st.tuples(KEYS, KEYS)),
    max_size=4,
)


@given(documents(), edits)
def test_splicing_is_the_edit_on_the_parsed_body(
    members: list[tuple[str, str, str, str]], edits: list[Edit]
) -> None:
    body = _as_bytes(members)
    assert json.loads(spliced(body, edits)) == _edited(json.loads(body), edits)


@given(documents(), VALUES)
def test_bytes_around_a_replaced_value_are_untouched(
    members: list[tuple[str, str, str, str]], value: object
) -> None:
    new = json.dumps(value)
    members = [*members, ("", '"edited"', "", "0"), ("", '"after"', "", "[1]")]
    expected = [(a, key, b, new if json.loads(key) == "edited" else old) for a, key, b, old in members]
    assert spliced(_as_bytes(members), [Set(("edited",), new.encode())]) == _as_bytes(expected)


@given(documents(), KEYS)
def test_a_value_is_found_by_its_key(members: list[tuple[str, str, str, str]], key: str) -> None:
    body = _as_bytes(members)
    found = Body(body).value(key)
    expected = json.loads(body).get(key, "absent")
    assert (json.loads(bytes(found)) if found is not None else "absent") == expected


@given(st.binary(max_size=40) | st.text('{}[]":,\\u\0 1nul', max_size=20).map(str.encode))
def test_any_bytes_are_spliced_or_a_bad_request(body: bytes) -> None:
    try:
        result = spliced(body, [Set(("model",), b'"m"'), Set(("o", "k"), b"1"), Remove(("x",))])
    except Failure as failure:
        assert failure.kind is FailureKind.BAD_REQUEST  # noqa: PT017 -- that nothing else is raised is the point
    else:
        assert Body(result).value("model") is not None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'"text"',
        b"{",
        b'{"a"}',
        b'{"a":1,}',
        b'{"a":1}}',
        b'{"a":1 "b":2}',
        b'{"\xff":1}',
        b"\xef\xbb\xbf{}",
        '{"model":"m"}'.encode("utf-16"),
        b'{"a":' * 100_000,
        b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    ],
)
def test_what_is_no_object_is_a_bad_request(body: bytes) -> None:
    with pytest.raises(Failure) as caught:
        spliced(body, [Set(("model",), b'"m"')])
    assert caught.value.kind is FailureKind.BAD_REQUEST


def test_a_key_without_end_is_refused_at_once() -> None:
    with pytest.raises(Failure):
        spliced(b'{"' + b"\\\\" * 2_000_000, [Set(("model",), b'"m"')])


def _edited(value: dict[str, Any], edits: list[Edit]) -> dict[str, Any]:
    for edit in edits:
        inner = value
        *parents, key = edit.path
        for parent in parents:
            if not isinstance(inner.get(parent), dict):
                if isinstance(edit, Remove):
                    break
                inner[parent] = {}
            inner = inner[parent]
        else:
            if isinstance(edit, Set):
                inner[key] = json.loads(edit.value)
            else:
                inner.pop(key, None)
    return value
