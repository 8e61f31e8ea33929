"""A custom tool's text comes out of its JSON wrapping piece by piece, as it went in."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.wire.responses.custom_text import Unwrapping, as_arguments, text_in
from tests.proxy.wire.strategies import chunkings, json_values

any_text = st.text(st.characters(exclude_categories=["Cs"]))


def unwrapped(pieces: list[str]) -> list[str]:
    unwrapping = Unwrapping()
    return [*(unwrapping.feed(piece) for piece in pieces), unwrapping.end()]


@given(any_text, st.booleans(), st.data())
def test_any_pieces_of_the_wrapping_give_the_same_text(text: str, ascii_: bool, data: st.DataObject) -> None:
    arguments = json.dumps({"input": text}, ensure_ascii=ascii_)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(arguments)), max_size=12)))
    pieces = [arguments[a:b] for a, b in zip([0, *cuts], [*cuts, len(arguments)], strict=True)]
    assert "".join(unwrapped(pieces)) == text


@given(any_text)
def test_what_is_wrapped_is_unwrapped(text: str) -> None:
    assert json.loads(as_arguments(text)) == {"input": text}
    assert text_in(as_arguments(text)) == text


@given(json_values)
def test_arguments_of_any_other_form_are_the_text_themselves(value: object) -> None:
    arguments = json.dumps(value)
    has_input = isinstance(value, dict) and isinstance(value.get("input"), str)
    if not has_input and arguments != "{}":
        assert text_in(arguments) == arguments


def test_nothing_is_held_back_but_half_an_escape() -> None:
    pieces = ['{"input": "', "line one", "\\", "nline two \\u00", "e9 \\ud83d", "\\ude00", " end", '"}']
    told = ["", "line one", "", "\nline two ", "é ", "\N{GRINNING FACE}", " end", "", ""]
    assert unwrapped(pieces) == told


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ('{"input":"cut off in the mid', "cut off in the mid"),
        ('{"input":"half an escape \\', "half an escape "),
        ('{"input":"a real\nnewline and \\t"}', "a real\nnewline and \t"),
        ('{"input":"no \\q escape"}', "no \\q escape"),
        ('{"input":"no \\u12 escape"}', "no \\u12 escape"),
        ('{"input":"escaped \\\\ud83d backslash"}', "escaped \\ud83d backslash"),
        ('{"input":"half a pair \\ud83d!"}', "half a pair �!"),
        ('{"why":"first","input":"second"}', "second"),
        ('{"input":"text","more":1}', "text"),
        ('{"input":7}', '{"input":7}'),
        ("*** Begin Patch", "*** Begin Patch"),
        ("{}", ""),
        ("", ""),
    ],
)
def test_what_models_write_instead(arguments: str, text: str) -> None:
    assert text_in(arguments) == text


@given(st.data())
def test_no_pieces_of_anything_fail(data: st.DataObject) -> None:
    written = data.draw(st.text(st.sampled_from('{"input:\\u0d8 }\n'), max_size=40))
    chunks = data.draw(chunkings(written.encode()))
    whole = text_in(written)
    assert "".join(unwrapped([chunk.decode() for chunk in chunks])) == whole
    assert whole.encode().decode() == whole
