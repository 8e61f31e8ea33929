"""What is new in a file is laid out as a person would have done it."""

import tomllib

import pytest

from app.toml.edits import Assign, edited

LONG = [f"provider-{number}/model-with-a-name" for number in range(4)]
LINES = "".join(f'  "{name}",\n' for name in LONG)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("s = [\n  # put services here\n]\n", 's = [\n  # put services here\n  "a/b",\n]\n'),
        ("s = [\n    # put services here\n\n]\n", 's = [\n    # put services here\n\n  "a/b",\n]\n'),
        ("s = [\n    # put services here\n]\n", 's = [\n    # put services here\n    "a/b",\n]\n'),
        ("s = [ # here\n]\n", 's = [ # here\n  "a/b",\n]\n'),
        ("s = [\n]\n", 's = [\n  "a/b",\n]\n'),
        ("  s = [\r\n  ]\r\n", '  s = [\r\n    "a/b",\r\n  ]\r\n'),
        ("s = []\n", 's = ["a/b"]\n'),
        ("s = [ ]\n", 's = ["a/b"]\n'),
    ],
)
def test_the_first_element_of_a_list(text: str, expected: str) -> None:
    assert edited(text, [Assign(("s",), ["a/b"])]) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", f"s = [\n{LINES}]\n"),
        ("s = 1 # s\n", f"s = [\n{LINES}] # s\n"),
        ("s = [] # s\n", f"s = [\n{LINES}] # s\n"),
        (f's = ["{LONG[0]}", "{LONG[1]}"]\n', f"s = [\n{LINES}]\n"),
    ],
)
def test_a_list_that_is_too_long_for_its_line_has_one_element_per_line(text: str, expected: str) -> None:
    assert edited(text, [Assign(("s",), LONG)]) == expected


def test_a_long_list_in_a_new_section_or_inside_braces() -> None:
    assert edited("", [Assign(("tiers", "SIMPLE", "services"), LONG)]) == (
        f"[tiers.SIMPLE]\nservices = [\n{LINES}]\n"
    )
    inline = edited("[r]\nt = { a = [] }\n", [Assign(("r", "t", "a"), LONG)])
    assert inline.count("\n") == 2
    assert tomllib.loads(inline)["r"]["t"]["a"] == LONG


def test_a_long_list_of_the_user_keeps_its_line_when_a_value_in_it_changes() -> None:
    text = f"s = [{', '.join(repr(name) for name in LONG)}, {{ w = 1 }}]\n"

    assert edited(text, [Assign(("s", 4, "w"), 2)]) == text.replace("w = 1", "w = 2")


def test_not_a_number_is_a_number_like_others() -> None:
    assert edited("x = 1\n", [Assign(("x",), float("nan"))]) == "x = nan\n"
