"""Regular expressions mean what Python says, and are given up in time."""

import re
import time
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proxy.config import Condition, RuleConfig
from proxy.routing.rules import rule_findings
from proxy.routing.rules.check import MisfitError
from proxy.routing.rules.patience import SECONDS, Patience
from proxy.routing.rules.pattern import REACH, searching
from proxy.routing.rules.situation import Situation
from tests.proxy.routing.rules.situations import asks, judged, rule, situation

CATASTROPHE = asks("user_text", "regex", "(a+)+$")


def long() -> Situation:
    """With patience that is not used up."""
    return situation(user_text="a" * 100_000 + "b", latest_user_text="ok")


def test_a_catastrophic_pattern_is_given_up_and_said_to_be_slow() -> None:
    begin = time.perf_counter()
    found = judged(CATASTROPHE, long())

    assert time.perf_counter() - begin < 0.5
    assert (found.holds, found.is_slow) == (False, True)
    assert [(step.holds, step.found, step.note) for step in found.trace] == [(False, None, "too slow")]


def test_what_was_given_up_does_not_hold_when_it_is_negated_either() -> None:
    assert not judged(Condition(negated=CATASTROPHE), long()).holds


def test_a_slow_pattern_leaves_the_others_of_its_group_their_chance() -> None:
    either = Condition(any_of=(CATASTROPHE, asks("latest_user_text", "regex", "ok")))

    assert judged(either, long()).holds


def test_all_patterns_of_all_rules_share_the_patience_with_one_request() -> None:
    either = Condition(any_of=(CATASTROPHE,) * 20)
    rules = [rule(either, either) for _ in range(10)]
    seen = situation(user_text="a" * 5000 + "b")
    begin = time.thread_time()

    assert all(each.judge(seen).is_slow for each in rules)
    assert time.thread_time() - begin < 3 * SECONDS


def test_a_slow_pattern_leaves_the_rules_after_it_their_chance() -> None:
    seen = situation(user_text="a" * 5000 + "b fix")
    for _ in range(5):
        assert judged(CATASTROPHE, seen).is_unknown
    assert judged(asks("user_text", "regex", r"\bfix\b"), seen).holds


def test_what_slow_searches_take_counts_although_they_end() -> None:
    now = 0.0
    patience = Patience(1.0, lambda: now)
    for expected in (0.5, 0.3, 0.1):
        with patience.share() as allowed:
            assert allowed == pytest.approx(expected)
            now += 0.4
    with pytest.raises(TimeoutError):
        patience.share().__enter__()


def test_a_search_that_is_given_up_counts_as_long_as_it_was_allowed_to_take() -> None:
    patience = Patience(1.0)
    for expected in (0.5, 0.25, 0.125):
        with suppress(TimeoutError), patience.share() as allowed:
            assert allowed == expected
            raise TimeoutError


SLOW, OK, OFF = CATASTROPHE, asks("latest_user_text", "regex", "ok"), asks("tokens", "ge", 10**6)
NOBODY_KNOWS = asks("session_age", "ge", 1)


@pytest.mark.parametrize(
    ("when", "is_unknown"),
    [
        ((SLOW,), True),
        ((SLOW, OK), True),
        ((OK, SLOW), True),
        ((NOBODY_KNOWS, SLOW), True),
        ((Condition(negated=SLOW),), True),
        ((Condition(any_of=(SLOW, OFF)),), True),
        ((Condition(any_of=(SLOW, OK)),), False),
        ((SLOW, OFF), False),
        ((OFF, SLOW), False),
        ((NOBODY_KNOWS,), False),
        ((OK,), False),
    ],
)
def test_a_rule_is_unknown_where_nothing_speaks_against_it_but_a_pattern_was_too_slow(
    when: tuple[Condition, ...], is_unknown: bool
) -> None:
    assert rule(*when).judge(long()).is_unknown is is_unknown


def test_a_pattern_that_was_checked_once_costs_nothing_when_it_is_used() -> None:
    condition = asks("user_text", "regex", "(foo|bar|b[a-z]{1,200}){1,30}x")
    [*rule_findings(RuleConfig(name="r", when=(condition,), tier="SIMPLE"))]
    begin = time.thread_time()
    rule(condition)
    assert time.thread_time() - begin < 0.001


def test_matches_begin_in_the_last_part_of_a_long_text_and_offsets_count_from_its_beginning() -> None:
    search = searching(r"\bbug", ignore_case=False)

    assert search("bug" + " " * REACH, Patience()) == (False, None)
    assert search("bug" + " " * (REACH - 3), Patience()) == (True, 0)
    assert search(" " * REACH + " bug", Patience()) == (True, REACH + 1)


def test_a_run_without_end_is_given_up_too() -> None:
    begin = time.thread_time()

    assert not judged(asks("user_text", "regex", r"\w+\d"), situation(user_text="a" * 2_000_000)).holds
    assert time.thread_time() - begin < 0.3


def test_a_rule_without_patterns_is_never_slow() -> None:
    assert not judged(asks("tokens", "ge", 1), long()).is_slow


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
    search = searching(pattern, ignore_case=False)
    expected = re.search(pattern, text)

    assert expected is not None
    assert search(text, Patience(1.0)) == (True, expected.start())
    assert search("~", Patience(1.0)) == (False, None)


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
        searching(pattern, ignore_case=False)


@settings(deadline=None)
@given(st.text(alphabet="ab()[]{}|*+?.^$\\d123,<=!:PRi#-&~ \n", max_size=30))
def test_any_text_is_a_pattern_that_ends_in_time_or_none(pattern: str) -> None:
    try:
        search = searching(pattern, ignore_case=False)
    except MisfitError:
        return
    begin = time.thread_time()
    search("ab12" * 25_000, Patience())
    assert time.thread_time() - begin < 0.1
