"""The text prior as it ships: what it says, that it always says something, and that it adds up."""

import math
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.routing.prior import Judged, Prior
from resources import resource

DATA = resource("prior.bin").read_bytes()
PRIOR = Prior.read(DATA)
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=3_000)
"""Lone surrogates too, which programs in JavaScript send."""


def logit(judged: Judged) -> float:
    return math.log(judged.value / (1 - judged.value))


@given(ANY_TEXT)
def test_any_text_has_a_probability(text: str) -> None:
    assert 0.0 < PRIOR.judge(text).value < 1.0


@given(ANY_TEXT)
def test_the_parts_and_the_bias_make_the_value(text: str) -> None:
    judged = PRIOR.judge(text)
    assert math.isclose(PRIOR.bias + sum(part.share for part in judged.parts), logit(judged), abs_tol=1e-9)


@given(ANY_TEXT)
def test_a_judgement_does_not_depend_on_what_was_judged_before(text: str) -> None:
    assert Prior.read(DATA).judge(text) == PRIOR.judge(text)


@given(ANY_TEXT, st.text(" \t\n\r", max_size=20), st.text(" \t\n\r", max_size=20))
def test_blanks_around_a_text_say_nothing(text: str, before: str, behind: str) -> None:
    assert PRIOR.judge(before + text + behind) == PRIOR.judge(text)


@pytest.mark.parametrize("text", ["", " ", "\n\t \n", "\u3000"])
def test_an_empty_text_is_worth_the_bias(text: str) -> None:
    judged = PRIOR.judge(text)
    assert judged.parts == ()
    assert math.isclose(logit(judged), PRIOR.bias)


def test_the_largest_part_stands_first() -> None:
    shares = [
        abs(part.share) for part in PRIOR.judge("Prove that no such graph exists, then count them.").parts
    ]
    assert shares == sorted(shares, reverse=True)


def test_every_part_has_its_own_name() -> None:
    names = [part.feature for part in PRIOR.judge("Why?").parts]
    assert len(names) == len(set(names)) > 5


@pytest.mark.parametrize(
    ("easy", "hard"),
    [
        ("ok thanks", "Explain why the cache must be emptied before the second migration begins."),
        ("What is the capital of France?", "Compare three capitals that changed at least twice since 1900."),
        (
            "Rename the variable x to count",
            "Implement a thread-safe LRU cache with TTL, size limits and statistics",
        ),
        (
            "Write a function that adds two numbers.",
            "Write a function that merges two sorted lists unless both are empty, and prove it correct.",
        ),
    ],
)
def test_many_sided_work_stands_above_an_errand(easy: str, hard: str) -> None:
    assert PRIOR.judge(easy).value < PRIOR.judge(hard).value


ALIKE = "Which holds?\nA. It rises by half\nB. It falls by half\nC. It stays\nD. It rises by a third"
UNLIKE = "Which holds?\nA. Rome was burnt\nB. He died\nC. Two new kings at war\nD. Peace, if ever so short"


def test_answers_that_are_alike_are_harder_to_tell_apart() -> None:
    assert PRIOR.judge(UNLIKE).value < PRIOR.judge(ALIKE).value


def test_longer_answers_to_choose_from_are_no_more_work() -> None:
    longer = UNLIKE.replace("burnt", "burnt " + "marble " * 30)
    without_marks = [text.replace(". ", " ") for text in (UNLIKE, longer)]
    rise = PRIOR.judge(longer).value - PRIOR.judge(UNLIKE).value
    plain = PRIOR.judge(without_marks[1]).value - PRIOR.judge(without_marks[0]).value
    assert rise < plain / 2


def test_texts_keep_their_order_in_every_size() -> None:
    values = [PRIOR.judge("x" * size).value for size in range(1, 6_000, 7)]
    assert len(set(values)) == len(values)
    assert values == sorted(values)


@pytest.mark.parametrize("change", [str.upper, str.title, lambda text: f"\n{text}\n"])
def test_the_manner_of_writing_says_nothing(change) -> None:  # type: ignore[no-untyped-def]  # a table of calls
    text = "please explain why the second test fails, and fix it without a new dependency"
    assert math.isclose(PRIOR.judge(change(text)).value, PRIOR.judge(text).value)


def test_a_forgotten_question_mark_changes_nothing() -> None:
    assert math.isclose(
        PRIOR.judge("What is the capital of France").value,
        PRIOR.judge("What is the capital of France?").value,
        abs_tol=0.002,
    )


def test_of_a_long_text_both_ends_are_read() -> None:
    filler = "lorem ipsum " * 1_000
    order = "Prove it, then compare both."
    plain = PRIOR.judge(filler + "x" * len(order)).value
    assert PRIOR.judge(filler + order).value > plain
    assert PRIOR.judge(order + filler).value > plain
    assert math.isclose(
        PRIOR.judge(filler + order + filler).value, PRIOR.judge(filler + filler).value, rel_tol=0.01
    )


def test_no_word_of_the_prompt_is_told() -> None:
    told = " ".join(part.feature for part in PRIOR.judge("zanzibar quokka xylophone? zanzibar!").parts)
    assert not {"zanzibar", "quokka", "xylophone"} & set(told.split())


def test_the_quantiles_rise_and_lie_between_the_ends() -> None:
    assert len(PRIOR.quantiles) == 21
    assert list(PRIOR.quantiles) == sorted(PRIOR.quantiles)
    assert 0.0 < PRIOR.quantiles[0] < PRIOR.quantiles[-1] < 1.0


def test_threads_may_share_it() -> None:
    texts = [f"word{number} and {number} more, then less" for number in range(3_000)]
    expected = [Prior.read(DATA).judge(text).value for text in texts]
    shared = Prior.read(DATA)
    found: list[list[float]] = []
    threads = [
        threading.Thread(target=lambda: found.append([shared.judge(text).value for text in texts]))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 4
