"""JSON into typed values: what is named is understood, what is not is kept, what cannot be read is typed."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Raw, Struct

from proxy.wire.failure import Failure, FailureKind
from proxy.wire.reading import (
    UNREADABLE,
    Shapes,
    decoded,
    is_json_object,
    members_of,
    reading_answer,
    reading_request,
    tag_of,
)
from tests.proxy.wire.strategies import json_values


class Shape(Struct, tag_field="type", forbid_unknown_fields=True):
    """Told apart by its type."""


class Circle(Shape, tag="circle"):
    radius: int
    fill: Raw = Raw()


class Square(Shape, tag="square"):
    side: int = 1
    borderWidth: int | None = None  # noqa: N815 -- a name as formats write it


class Renamed(Struct, rename="camel", forbid_unknown_fields=True):
    line_width: int = 0


SHAPES: Shapes[Shape] = Shapes(Circle, Square)
RENAMED = Shapes(Renamed)
TEXT = msgspec.json.Decoder(str)
DEEP = b'{"a":' * 100_000 + b"1" + b"}" * 100_000


# Shapes


def test_an_object_that_is_named_in_full_has_nothing_beside() -> None:
    read = SHAPES.read(b'{"type":"circle","radius":2}')
    assert read == (Circle(2), None)


def test_other_members_come_back_byte_for_byte() -> None:
    read = SHAPES.read(b'{"x": {"y":  1.0},"type":"square","side":3,"z":null,"x2":"\\u00e9"}')
    assert read is not None
    assert read[0] == Square(3)
    assert {name: bytes(raw) for name, raw in (read[1] or {}).items()} == {
        "x": b'{"y":  1.0}',
        "z": b"null",
        "x2": b'"\\u00e9"',
    }


def test_a_member_of_another_shape_is_unknown_to_this_one() -> None:
    read = SHAPES.read(b'{"type":"square","radius":2}')
    assert read == (Square(), {"radius": Raw(b"2")})


def test_members_are_known_by_the_names_of_the_format() -> None:
    assert SHAPES.read(b'{"type":"square","borderWidth":2,"odd":1}') == (Square(1, 2), {"odd": Raw(b"1")})
    assert RENAMED.read(b'{"lineWidth":2,"line_width":3}') == (Renamed(2), {"line_width": Raw(b"3")})


def test_a_known_member_that_is_raw_keeps_its_bytes_beside_unknown_ones() -> None:
    read = SHAPES.read(b'{"type":"circle","radius":2,"fill": { "b":1.0 },"odd":1}')
    assert read is not None
    assert isinstance(read[0], Circle)
    assert bytes(read[0].fill) == b'{ "b":1.0 }'


def test_an_unknown_tag_is_no_shape() -> None:
    assert SHAPES.read(b'{"type":"triangle","radius":2}') is None


@pytest.mark.parametrize(
    "raw",
    [
        b'{"radius":2}',
        b'{"type":7,"radius":2}',
        b'{"type":"circle"}',
        b'{"type":"circle","radius":"two"}',
        b'{"type":"circle","radius":"two","odd":1}',
        b"[]",
        b"null",
        b"",
        b'{"type":"circle","radius":2',
        b'{"type":"circle","radius":2}}',
        DEEP,
    ],
    ids=[
        "no tag", "odd tag", "missing", "wrong type", "wrong type beside unknown", "list", "null",
        "nothing", "cut", "too much", "deep",
    ],
)  # fmt: skip
def test_what_is_no_shape_at_all_is_unreadable(raw: bytes) -> None:
    with pytest.raises(UNREADABLE):
        SHAPES.read(raw)


@given(st.dictionaries(st.text(max_size=8), json_values, max_size=4), st.integers(0, 99))
def test_nothing_is_lost(others: dict[str, Any], side: int) -> None:
    others = {name: value for name, value in others.items() if name not in ("type", "side", "borderWidth")}
    read = SHAPES.read(json.dumps({**others, "type": "square", "side": side}).encode())
    assert read is not None
    assert read[0] == Square(side)
    assert {name: json.loads(bytes(raw)) for name, raw in (read[1] or {}).items()} == others


# Half surrogate pairs


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b'"cut \\ud83d"', "cut \ufffd"),
        (b'"\\ude00 cut"', "\ufffd cut"),
        (b'"\\ud83d\\ude00"', "\U0001f600"),
        (b'"\\ud83d\\ud83d\\ude00"', "\ufffd\U0001f600"),
        ('"\U0001f600"'.encode(), "\U0001f600"),
    ],
    ids=["first half", "second half", "whole", "half and whole", "unescaped"],
)
def test_half_an_emoji_is_replaced_and_a_whole_one_kept(raw: bytes, text: str) -> None:
    assert decoded(TEXT, raw) == text


def test_half_an_emoji_anywhere_does_not_spoil_an_object() -> None:
    read = SHAPES.read(b'{"type":"square","side":3,"said":"\\ud83d"}')
    assert read is not None
    assert read[0] == Square(3)
    inside = members_of(b'{"a":{"b":"\\ud83d"}}')["a"]
    assert decoded(msgspec.json.Decoder(dict[str, str]), inside) == {"b": "\ufffd"}


def test_numbers_survive_the_second_reading() -> None:
    raw = b'{"a":"\\ud83d","n":[1,-2,1.5,123456789012345678901234567890,true,null]}'
    members = decoded(msgspec.json.Decoder(dict[str, Any]), raw)
    assert members["n"] == [1, -2, 1.5, pytest.approx(123456789012345678901234567890), True, None]


def test_a_wrong_type_is_not_read_a_second_time() -> None:
    with pytest.raises(msgspec.ValidationError):
        decoded(TEXT, b"7")


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_unreadable(raw: bytes) -> None:
    try:
        text = decoded(TEXT, raw)
    except UNREADABLE:
        return
    assert isinstance(text, str)
    text.encode()


# Tags and members


def test_a_tag_is_a_string_that_is_there() -> None:
    assert tag_of(members_of(b'{"type":"x"}'), "type") == "x"
    for raw in (b"{}", b'{"type":null}', b'{"type":7}'):
        with pytest.raises(msgspec.ValidationError):
            tag_of(members_of(raw), "type")


def test_of_two_members_of_one_name_the_last_counts() -> None:
    assert bytes(members_of(b'{"a":1,"a":2}')["a"]) == b"2"


# What a tool can be called with


@pytest.mark.parametrize(
    ("text", "is_object"),
    [
        ("{}", True),
        (' {"a":[{"b":null}]} ', True),
        ('{"a":"\\ud83d"}', True),
        ('{"a":"\ud83d"}', False),
        ("", False),
        ("null", False),
        ("[]", False),
        ('"{}"', False),
        ("7", False),
        ('{"a":', False),
        ('{"a":1}{"b":2}', False),
        ("{'a':1}", False),
        ("NaN", False),
        ('{"a":NaN}', False),
        ('{"a":' * 100_000 + "1" + "}" * 100_000, False),
    ],
    ids=[
        "empty", "nested", "half an escape", "half a character", "nothing", "null", "list", "text",
        "number", "cut", "two", "python", "no number", "no number inside", "deep",
    ],
)  # fmt: skip
def test_only_an_object_is_an_object(text: str, is_object: bool) -> None:
    assert is_json_object(text) is is_object


@given(json_values)
def test_python_and_we_agree_on_objects(value: Any) -> None:
    assert is_json_object(json.dumps(value)) is isinstance(value, dict)


# Whose mistake it is


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"{", "is not valid JSON"),
        (b"\xff", "is not valid JSON"),
        (b'{"type":"circle","radius":"two"}', "is not as expected: Expected `int`, got `str`"),
        (b'{"type":"circle"}', "missing required field `radius`"),
        (DEEP, "is nested too deeply"),
    ],
    ids=["cut", "no text", "wrong type", "missing", "deep"],
)
def test_a_failure_says_what_is_wrong_and_whose_fault_it_is(raw: bytes, words: str) -> None:
    with pytest.raises(Failure) as caught, reading_request():
        SHAPES.read(raw)
    assert caught.value.kind is FailureKind.BAD_REQUEST
    assert caught.value.sentence.startswith("The request body ")
    assert words in caught.value.sentence
    with pytest.raises(Failure) as caught, reading_answer():
        SHAPES.read(raw)
    assert caught.value.kind is FailureKind.BAD_ANSWER
    assert caught.value.sentence.startswith("The provider's answer ")
    assert words in caught.value.sentence


def test_a_failure_that_is_one_already_passes() -> None:
    overflow = Failure(FailureKind.CONTEXT_OVERFLOW, "prompt is too long")
    with pytest.raises(Failure) as caught, reading_answer():
        raise overflow
    assert caught.value is overflow


def test_what_is_no_matter_of_reading_passes() -> None:
    with pytest.raises(KeyError), reading_request():
        raise KeyError("x")
