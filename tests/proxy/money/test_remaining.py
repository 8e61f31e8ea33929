"""How many requests a conversation is expected to make, by those that are over."""

from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.money.remaining import LEAST_SEEN, USUAL, USUAL_RETURN, USUAL_STAY, Remaining

LENGTHS = st.lists(st.integers(1, 300), max_size=120)


def test_where_nothing_was_seen_usual_numbers_stand_in() -> None:
    nothing = Remaining()
    assert (nothing.expected(0), nothing.expected(1000)) == (USUAL, USUAL)
    assert nothing.expected_stay("SIMPLE") == USUAL_STAY
    assert nothing.expected_run(3, "SIMPLE") == USUAL_STAY


@pytest.mark.parametrize(("seen", "expected"), [(LEAST_SEEN - 1, USUAL), (LEAST_SEEN, 30.0)])
def test_a_few_conversations_tell_nothing(seen: int, expected: float) -> None:
    assert Remaining([30] * seen).expected(0) == expected


@pytest.mark.parametrize(("done", "expected"), [(0, 20.0), (1, 39.0), (20, 20.0), (39, 1.0), (40, USUAL)])
def test_only_those_that_were_longer_tell_what_comes_next(done: int, expected: float) -> None:
    """Half of them end at once; who has gone on for a while is none of those."""
    assert Remaining([*[1] * 25, *[40] * 25, 20]).expected(done) == expected


@pytest.mark.parametrize(("seen", "expected"), [(LEAST_SEEN - 1, USUAL_STAY), (LEAST_SEEN, 3.0)])
def test_a_few_stays_tell_nothing(seen: int, expected: float) -> None:
    assert Remaining(stays={"SIMPLE": [3] * seen}).expected_stay("SIMPLE") == expected


def test_each_tier_is_stayed_at_for_its_own_time() -> None:
    remaining = Remaining(stays={"SIMPLE": [2] * 20, "MEDIUM": [5] * 20})
    assert [remaining.expected_stay(tier) for tier in ("SIMPLE", "MEDIUM", "COMPLEX")] == [2, 5, USUAL_STAY]


@pytest.mark.parametrize(("done", "expected"), [(0, 6.0), (38, 2.0)])
def test_a_run_ends_with_the_stay_or_with_the_conversation(done: int, expected: float) -> None:
    assert Remaining([40] * 20, {"SIMPLE": [6] * 20}).expected_run(done, "SIMPLE") == expected


@given(LENGTHS, st.integers(0, 300))
def test_it_is_the_median_of_what_was_left_of_the_longer_ones(lengths: list[int], done: int) -> None:
    left = [length - done for length in lengths if length > done]
    assert Remaining(lengths).expected(done) == (median(left) if len(left) >= LEAST_SEEN else USUAL)


@given(LENGTHS, st.integers(0, 300))
def test_the_request_that_is_asked_now_is_always_expected(lengths: list[int], done: int) -> None:
    assert Remaining(lengths).expected(done) >= 1


@pytest.mark.parametrize(("seen", "expected"), [(LEAST_SEEN - 1, USUAL_RETURN), (LEAST_SEEN, 0.25)])
def test_how_likely_a_conversation_comes_back_is_the_share_of_those_that_did(
    seen: int, expected: float
) -> None:
    assert (
        Remaining(stays={"SIMPLE": [3] * seen}, returns={"SIMPLE": 5}).expected_return("SIMPLE") == expected
    )
