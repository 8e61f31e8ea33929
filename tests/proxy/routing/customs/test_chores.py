"""Which calls of a client are taken for its chores, and which never are."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.routing.customs import Call, Customs
from proxy.routing.customs.chores import MOST_SESSIONS
from tests.proxy.routing.customs.calls import QUESTION, TITLE, TOOLS, asks, goes_on, learned, plans, works

BESIDE = [call for session in range(3) for call in (asks(session), works(session))]


def is_chore(customs: Customs, shape: int = TITLE, client: str = "made") -> bool:
    return customs.is_chore(asks(99, shape, client))


@pytest.mark.parametrize(("sessions", "is_one"), [(0, False), (1, False), (2, False), (3, True), (9, True)])
def test_what_stands_beside_work_in_three_sessions_is_a_chore(sessions: int, is_one: bool) -> None:
    customs = learned(*[call for n in range(sessions) for call in (works(n), asks(n))])

    assert is_chore(customs) is is_one


def test_one_session_that_asks_for_many_titles_proves_nothing() -> None:
    assert not is_chore(learned(works(1), *[asks(1) for _ in range(50)]))


@pytest.mark.parametrize("sessions", [1, 3, 30])
def test_a_question_that_is_all_of_its_session_is_no_chore(sessions: int) -> None:
    customs = learned(*[asks(n, QUESTION) for n in range(sessions)])

    assert not is_chore(customs, QUESTION)


@pytest.mark.parametrize(
    "against",
    [
        [asks(7)],
        [goes_on(7)],
        [works(7), goes_on(7)],
        [goes_on(2)],
        [asks(7), goes_on(7)],
    ],
)
def test_a_chore_that_turns_out_to_be_a_question_is_none_any_more(against: Sequence[Call]) -> None:
    customs = learned(*BESIDE)
    assert is_chore(customs)

    for call in against:
        customs.note(call)

    assert not is_chore(customs)


def test_a_title_that_comes_before_its_session_s_work_is_doubted_only_until_then() -> None:
    customs = learned(*BESIDE, asks(7))
    assert not is_chore(customs)

    customs.note(works(7))

    assert is_chore(customs)


@pytest.mark.parametrize("question", [asks(7, QUESTION), goes_on(7, QUESTION)])
def test_a_question_beside_a_title_says_nothing_against_the_title(question: Call) -> None:
    customs = learned(*BESIDE, asks(7), question)

    assert is_chore(customs)
    assert not is_chore(customs, QUESTION)


def test_doubts_are_forgotten_with_the_session_that_raised_them() -> None:
    customs = learned(asks(7))
    for n in range(MOST_SESSIONS - 1):
        customs.note(works(100 + n))
        customs.note(asks(100 + n))
    assert not is_chore(customs)

    customs.note(works(1000))

    assert is_chore(customs)


def test_a_chore_that_no_session_has_any_more_is_forgotten() -> None:
    customs = learned(*BESIDE, *[works(100 + n) for n in range(MOST_SESSIONS - 2)])

    assert not is_chore(customs)


def test_what_one_client_does_says_nothing_of_another() -> None:
    assert not is_chore(learned(*BESIDE), client="other")


def test_what_is_large_is_never_learned_however_often_it_stands_beside_work() -> None:
    customs = learned(*[call for n in range(9) for call in (plans(n), works(n))])

    assert not is_chore(customs)
    assert not customs.is_chore(plans(99))


def test_a_title_beside_a_large_question_without_tools_is_not_alone() -> None:
    assert is_chore(learned(*BESIDE, plans(7), asks(7)))
    assert not is_chore(learned(*BESIDE, asks(7)))


@pytest.mark.parametrize(
    "call",
    [Call("made", 99, TOOLS, TITLE, is_single=True, is_slight=True), goes_on(99), plans(99)],
)
def test_a_call_with_tools_with_a_history_or_at_length_never_is_one(call: Call) -> None:
    assert not learned(*BESIDE).is_chore(call)


_calls = st.builds(
    lambda make, session, shape: make(session) if make is works else make(session, shape),
    st.sampled_from([works, asks, asks, goes_on, plans]),
    st.integers(0, 9),
    st.integers(1, 4),
)


@given(st.lists(_calls, max_size=40), st.randoms(use_true_random=False))
def test_in_which_order_sessions_come_changes_nothing(calls: list[Call], random: object) -> None:
    shuffled = list(calls)
    random.shuffle(shuffled)  # type: ignore[attr-defined] # what hypothesis hands out is a Random
    one, other = learned(*calls), learned(*shuffled)

    assert [is_chore(one, shape) for shape in range(1, 5)] == [
        is_chore(other, shape) for shape in range(1, 5)
    ]
    assert len(one) == len(other)


@given(st.lists(_calls, max_size=60))
def test_it_is_what_counting_the_sessions_says(calls: list[Call]) -> None:
    customs = learned(*calls)
    sessions = {each.session for each in calls}
    for shape in range(1, 5):
        beside, against = 0, 0
        for session in sessions:
            mine = [each for each in calls if each.session == session]
            single = {each.shape for each in mine if each.is_slight}
            grown = {each.shape for each in mine if not each.tools and not each.is_single}
            has_work = any(each.tools for each in mine)
            beside += has_work and shape in single
            has_more = any(each.is_single and not each.is_slight for each in mine)
            is_alone = not has_work and not has_more and single | grown == {shape}
            against += shape in grown or is_alone

        assert is_chore(customs, shape) is (beside >= 3 and not against)
