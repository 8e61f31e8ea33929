"""Turns that live on the turns before them."""

import pytest

from proxy.routing.signals.follow_ups import is_errand, points_back


@pytest.mark.parametrize(
    "text",
    [
        "commit it",
        "ok. commit",
        "run all the tests",
        "now push",
        "please rename foo to bar",
        "list the files",
        "delete that file",
        "merge it",
    ],
)
def test_an_errand_is_told_by_its_first_word(text: str) -> None:
    assert is_errand(text)


@pytest.mark.parametrize(
    "text", ["", "why did the commit fail?", "fix the run loop", "commit " + "and explain " * 20]
)
def test_what_only_mentions_one_is_none(text: str) -> None:
    assert not is_errand(text)


@pytest.mark.parametrize(
    "text",
    [
        "remove the race condition in the scheduler",
        "start a rewrite of the scheduler in rust",
        "list all the ways this can deadlock and prove none is left",
        "merge the two payment engines into one",
        "delete what nobody calls in the parser",
        "run it and find out why it hangs",
        "remove the deadlock",
        "print why it is 3, step by step",
    ],
)
def test_a_great_undertaking_may_begin_like_one(text: str) -> None:
    assert not is_errand(text)


@pytest.mark.parametrize(
    "text", ["those two as well", "same for shipping", "and accounts?", "do it like that", "auch das"]
)
def test_what_lies_in_the_words_before_is_pointed_to(text: str) -> None:
    assert points_back(text)


@pytest.mark.parametrize("text", ["", "fix the parser", "that " * 40])
def test_what_stands_by_itself_points_nowhere(text: str) -> None:
    assert not points_back(text)
