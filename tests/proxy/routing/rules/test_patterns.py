"""Regular expressions mean what Python says, and are given up in time."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proxy.config import Condition
from proxy.routing.rules.check import MisfitError
from proxy.routing.rules.pattern import REACH, searching
from tests.proxy.routing.rules.situations import asks, judged, rule, situation

CATASTROPHE = asks("user_text", "regex", "(a+)+$")
LONG = situation(user_text="a" * 100_000 + "b", latest_user_text="ok")


def test_a_catastrophic_pattern_is_given_up_and_said_to_be_slow() -> None:
    begin = time.perf_counter()
    found = judged(CATASTROPHE, LONG)

    assert time.perf_counter() - begin < 0.5
    assert (found.holds, found.is_slow) == (False, True)
    assert [(step.holds, step.found, step.note) for step in found.trace] == [(False, None, "too slow")]


def test_what_was_given_up_does_not_hold_when_it_is_negated_either() -> None:
    assert not judged(Condition(negated=CATASTROPHE), LONG).holds


def test_a_slow_pattern_leaves_the_others_of_its_group_their_chance() -> None:
    either = Condition(any_of=(CATASTROPHE, asks("latest_user_text", "regex", "ok")))

    assert judged(either, LONG).holds


def test_all_patterns_of_a_rule_share_one_allowance() -> None:
    either = Condition(any_of=(CATASTROPHE,) * 20)
    shared = rule(either, either)
    begin = time.thread_time()

    assert shared.judge(LONG).is_slow
    assert time.thread_time() - begin < 0.05


def test_matches_begin_in_the_last_part_of_a_long_text_and_offsets_count_from_its_beginning() -> None:
    search = searching(r"\bbug", ignore_case=False, patience=1.0)

    assert search("bug" + " " * REACH) == (False, None)
    assert search("bug" + " " * (REACH - 3)) == (True, 0)
    assert search(" " * REACH + " bug") == (True, REACH + 1)


def test_a_run_without_end_is_given_up_too() -> None:
    begin = time.thread_time()

    assert not judged(asks("user_text", "regex", r"\w+\d"), situation(user_text="a" * 2_000_000)).holds
    assert time.thread_time() - begin < 0.3


def test_a_rule_without_patterns_is_never_slow() -> None:
    assert not judged(asks("tokens", "ge", 1), LONG).is_slow


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"(?i)BUG", "a bug"),
        (r"^b", "b"),
        (r"(?m)^b$", "a\nb\nc"),
        (r"(?P<q>['\"]).*?(?P=q)", "say 'x'"),
        (r"(?<!un)safe", "is safe"),
        (r"a(?=b)", "ab"),
        (r"(?>a+)b", "aab"),
        (r"\d{4}-\d{2}-\d{2}", "on 2026-11-21"),
        (r"[^\W\d_]+", "ä"),
        (r"a|b", "b"),
        (r"(?x) a  b # words", "ab"),
        (r"(?s)a.b", "a\nb"),
        (r"\Aa\Z", "a"),
    ],
)
def test_patterns_are_written_as_for_python(pattern: str, text: str) -> None:
    search = searching(pattern, ignore_case=False, patience=1.0)
    expected = re.search(pattern, text)

    assert expected is not None
    assert search(text) == (True, expected.start())
    assert search("~") == (False, None)


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        ("", "every text matches"),
        ("(", r"is no regular expression: .*position"),
        ("*a", "is no regular expression"),
        ("a" * 1001, "1001 characters"),
        ("(?:a{6000}){6000}", "counted repetitions"),
        ("((a{600}){600}){600}", "counted repetitions"),
        ("(?x)(?: a{ 6000 }){ 6000 }", "counted repetitions"),
        ("(" * 1000, "is no regular expression"),
    ],
)
def test_patterns_that_cannot_be_used(pattern: str, why: str) -> None:
    with pytest.raises(MisfitError, match=why):
        searching(pattern, ignore_case=False, patience=1.0)


@settings(deadline=None)
@given(st.text(alphabet="ab()[]{}|*+?.^$\\d123,<=!:PRi#-&~ \n", max_size=30))
def test_any_text_is_a_pattern_that_ends_in_time_or_none(pattern: str) -> None:
    try:
        search = searching(pattern, ignore_case=False, patience=0.005)
    except MisfitError:
        return
    begin = time.thread_time()
    search("ab12" * 25_000)
    assert time.thread_time() - begin < 0.1
