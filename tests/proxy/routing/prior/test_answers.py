"""Which texts offer answers to choose from, and how alike those are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.routing.prior.answers import MARKS, offered


def likeness(text: str) -> float:
    found = offered(text.split())
    assert found is not None
    return found.likeness


@pytest.mark.parametrize(
    "text",
    [
        "",
        "fix the failing test",
        "Mr. A. Smith met B. Jones",
        "Is it A. red or B. green?",
        "choose (a) (b) or (c) and say why",
        "copy C: to D: and then to E: now",
        "1. read it 2. change it 3. test it",
    ],
)
def test_these_offer_no_answers(text: str) -> None:
    assert offered(text.split()) is None


@pytest.mark.parametrize("form", ["{}.", "{})", "{}:", "({})"])
@pytest.mark.parametrize("letters", ["ABC", "abc", "ABCDEFGH"])
def test_answers_have_letters_in_several_forms(form: str, letters: str) -> None:
    text = " ".join(f"{form.format(letter)} number {place}" for place, letter in enumerate(letters))
    assert offered(text.split()) is not None


def test_likeness_is_that_of_the_two_nearest() -> None:
    assert likeness("A. red B. blue C. cold") == 0.0
    assert likeness("A. red B. blue C. red") == 1.0
    assert 0.5 < likeness("A. it rises by half B. it rises by a half C. tomorrow") < 1.0


def test_case_makes_no_answers_differ() -> None:
    assert likeness("A. Red B. blue C. red") == 1.0


def test_one_mistyped_mark_hides_no_answers() -> None:
    whole = "A. north wind B. south wind C. rain D. snow"
    for mark in ("A.", "B.", "C.", "D."):
        assert offered(whole.replace(mark, "x").split()) is not None


def test_the_last_list_is_the_one_meant() -> None:
    example = "A. one B. one C. one Answer: A"
    asked = "A. red B. blue C. cold"
    assert likeness(f"{example} {asked}") == likeness(asked)


def test_what_stands_behind_the_answers_is_no_answer() -> None:
    answers = "A. red B. blue C. cold"
    found = offered((answers + " and give the reasons for it" * 50).split())
    alone = offered(answers.split())
    assert found is not None
    assert alone is not None
    assert found.length <= alone.length


TOKENS = st.lists(st.one_of(st.sampled_from(sorted(MARKS)), st.text(min_size=1, max_size=150)), max_size=40)


@given(TOKENS)
def test_likeness_is_a_share_and_answers_are_part_of_the_text(tokens: list[str]) -> None:
    found = offered(tokens)
    if found is not None:
        assert 0.0 <= found.likeness <= 1.0
        assert 0 < found.length <= len(" ".join(tokens)) + 1
