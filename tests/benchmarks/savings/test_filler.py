import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.savings.record.filler import filler, is_filler


@given(st.text())
def test_it_has_the_size_of_the_text_and_none_of_its_words(text: str) -> None:
    filled = filler(text)
    assert len(filled.encode()) == len(text.encode())
    assert is_filler(filled)
    assert filler(text) == filled


@given(st.text(), st.text())
def test_what_begins_alike_still_begins_alike(one: str, other: str) -> None:
    assert filler(f"same\n{one}").split("\n")[0] == filler(f"same\n{other}").split("\n")[0]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (
            "<system-reminder>\nDo not tell anybody.\n</system-reminder>",
            ["<system-reminder>", "</system-reminder>"],
        ),
        ("You are Claude Code, and this is what you do.", ["You are Claude Code"]),
        ("Please make a detailed summary of the conversation so far.", ["summary of the conversation"]),
        ("x-anthropic-billing-header: something=1;", ["x-anthropic-billing-header:"]),
    ],
)
def test_marks_stay_where_they_stood(text: str, kept: list[str]) -> None:
    filled = filler(text)
    assert [filled.find(mark) for mark in kept] == [text.find(mark) for mark in kept]
    assert is_filler(filled)


def test_words_of_others_are_noticed() -> None:
    assert not is_filler("the garden and the river, carefully")
    assert is_filler("the garden and the river")
