"""How prompts begin: the same on another day, another in another program."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.routing.customs.opening import LONGEST, opening_of, together


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Today is 2026-11-21. Name it.", "Today is 2025-01-03. Name it."),
        ("Today is Saturday, November 21. Name it.", "Today is Sun, May 3. Name it."),
        ("It is 9:05 AM. Name it.", "It is 11:42 pm. Name it."),
        ("Program 2.1.197, session 4f9c-aa01. Name it.", "Program 2.2.0, session 77ab-9bb2. Name it."),
        ("Name it. " * 40 + "one", "Name it. " * 40 + "other"),
    ],
)
def test_what_changes_from_day_to_day_does_not_count(one: str, other: str) -> None:
    assert opening_of(one) == opening_of(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Name the session.", "Sum up the session."), ("", "Name it."), ("Name it.", "Name it. Briefly.")],
)
def test_other_words_are_another_opening(one: str, other: str) -> None:
    assert opening_of(one) != opening_of(other)


def test_a_short_first_piece_is_told_apart_by_what_follows() -> None:
    short, long = opening_of("You are a program."), opening_of("Name the session. " * 20)

    assert together([short, opening_of("Name it.")]) != together([short, opening_of("Answer.")])
    assert together([long, opening_of("Name it.")]) == together([long, opening_of("Answer.")])


@given(st.text(max_size=2000))
def test_no_opening_is_longer_than_it_may_be(words: str) -> None:
    assert opening_of(words).length <= LONGEST
