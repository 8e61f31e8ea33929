"""Arguments that stand as bare text become what the tool's schema says they are."""

import json
from typing import Any

import pytest
from msgspec import Raw

from tests.proxy.wire.text_calls.telling import SCHEMAS, answer, plain

PACKAGE = '{"name": "look", "version": "1.0.0"}'


def _argument(name: str, value: str, **settings: Any) -> Any:
    text = f"<function=write><parameter={name}>\n{value}\n</parameter></function>"
    [call] = plain(answer(text, **settings).content)
    assert isinstance(call, tuple)
    return json.loads(call[1])[name]


@pytest.mark.parametrize(
    ("name", "value", "meant"),
    [
        ("text", "12", "12"),
        ("text", PACKAGE, PACKAGE),
        ("text", "null", "null"),
        ("text", "", ""),
        ("text", "  indented\n\n", "  indented\n\n"),
        ("lines", "12", 12),
        ("lines", "many", "many"),
        ("tags", '["a", 1]', ["a", 1]),
        ("mode", "null", None),
        ("mode", "7", "7"),
        ("unheard_of", "7", 7),
        ("unheard_of", "seven", "seven"),
        ("unheard_of", '"seven"', '"seven"'),
    ],
)
def test_a_value_is_what_the_schema_says(name: str, value: str, meant: Any) -> None:
    assert _argument(name, value) == meant


def test_numbers_are_passed_on_as_they_were_written() -> None:
    text = "<function=write><parameter=lines>123456789012345678901234567890</parameter></function>"
    assert plain(answer(text).content) == [("write", '{"lines":123456789012345678901234567890}')]


@pytest.mark.parametrize(
    "schema", [b"{}", b"[]", b"1", b'{"properties": [1]}', b"{", b'{"properties": {"lines": 1}}']
)
def test_a_schema_that_says_nothing_is_no_schema(schema: bytes) -> None:
    schemas = {**SCHEMAS, "write": Raw(schema)}
    assert _argument("lines", "12", schemas=schemas) == 12


def test_a_value_may_speak_of_tags() -> None:
    value = "see </parameter> and </function> and <parameter=x> and </tool_call>"
    assert _argument("text", value) == value


def test_json_arguments_stay_as_they_were_written() -> None:
    arguments = '{ "b" : 1.50,  "a" : "\\u00e9 </tool_call> {" , "b2": 1e3 }'
    text = f'<tool_call>{{"name": "look", "arguments": {arguments}}}</tool_call>'
    assert plain(answer(text).content) == [("look", arguments)]
