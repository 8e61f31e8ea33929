"""Which keys are used, in which order, and when a refused one comes back."""

from dataclasses import replace

import pytest

from proxy.routing.health.key import Key
from proxy.routing.health.marks import Reason
from proxy.routing.health.standing import WELL, Condition
from proxy.secret import Secret
from proxy.wire.failure import FailureKind
from tests.proxy.routing.health.bench import ELSEWHERE, HAIKU, HOME, OPUS, WORK, a_board, failing

REFUSED = failing(FailureKind.UNAUTHENTICATED)


def test_a_key_is_known_by_its_label_and_never_shown() -> None:
    renewed = replace(WORK, secret=Secret("renewed"))
    assert renewed == WORK
    assert len({renewed, WORK, HOME}) == 2
    assert "renewed" not in repr(renewed)


def test_a_refused_key_stays_out_until_its_secret_differs() -> None:
    board, clock = a_board()
    board.failed(HAIKU, WORK, REFUSED)
    clock.pass_by(90 * 86400)
    assert board.usable_keys(OPUS, [WORK, HOME]) == [HOME]
    assert board.usable_keys(OPUS, [replace(WORK, secret=Secret("one"))]) == []
    renewed = replace(WORK, secret=Secret("renewed"))
    assert board.usable_keys(OPUS, [renewed, HOME]) == [renewed, HOME]
    board.failed(HAIKU, renewed, REFUSED)
    assert board.usable_keys(OPUS, [renewed]) == []


def test_a_renewed_key_that_is_used_up_waits_its_own_time() -> None:
    board, clock = a_board()
    board.failed(HAIKU, WORK, failing(FailureKind.QUOTA, 90000))
    renewed = replace(WORK, secret=Secret("renewed"))
    assert board.standing(HAIKU, [renewed]) == WELL
    board.failed(HAIKU, renewed, failing(FailureKind.QUOTA, 10))
    assert board.standing(HAIKU, [renewed]).until == clock() + 10


def test_a_service_is_out_only_when_all_keys_are_refused() -> None:
    board, _ = a_board()
    board.failed(HAIKU, WORK, REFUSED)
    assert board.standing(HAIKU, [WORK, HOME]) == WELL
    board.failed(OPUS, HOME, REFUSED)
    out = board.standing(HAIKU, [WORK, HOME])
    assert (out.condition, out.reason) == (Condition.OUT, Reason.REJECTED)
    assert board.standing(ELSEWHERE, [Key("openai", "work", Secret("one"))]) == WELL


def test_a_key_that_is_both_used_up_and_refused_is_refused() -> None:
    board, _ = a_board()
    board.failed(HAIKU, WORK, REFUSED)
    board.quota_exhausted(WORK)
    assert board.usable_keys(HAIKU, [WORK]) == []


def test_a_clients_own_credential_is_refused_for_that_client_alone() -> None:
    board, _ = a_board()
    one, other = (Key("anthropic", f"client:{name}", Secret("same")) for name in ("codex", "claude-code"))
    board.failed(HAIKU, one, REFUSED)
    assert board.usable_keys(HAIKU, [one]) == []
    assert board.usable_keys(HAIKU, [other]) == [other]


def test_a_success_proves_that_a_key_is_good() -> None:
    board, _ = a_board()
    for kind in (FailureKind.UNAUTHENTICATED, FailureKind.FORBIDDEN, FailureKind.QUOTA):
        board.failed(HAIKU, WORK, failing(kind))
    board.failed(HAIKU, WORK, failing(FailureKind.MODEL_NOT_FOUND))
    board.succeeded(HAIKU, WORK)
    assert board.standing(HAIKU, [WORK]) == WELL


def test_keys_without_marks_come_first_then_those_that_recover_soonest() -> None:
    board, _ = a_board()
    third = Key("anthropic", "third", Secret("three"))
    fourth = Key("anthropic", "fourth", Secret("four"))
    board.failed(HAIKU, WORK, failing(FailureKind.RATE_LIMIT, 50))
    board.failed(HAIKU, HOME, failing(FailureKind.RATE_LIMIT, 10))
    assert board.usable_keys(HAIKU, [WORK, HOME, third, fourth]) == [third, fourth, HOME, WORK]
    assert board.usable_keys(OPUS, [WORK, HOME, third]) == [WORK, HOME, third]


def test_a_service_with_one_good_key_is_well_and_else_waits_for_its_soonest() -> None:
    board, clock = a_board()
    board.failed(HAIKU, WORK, failing(FailureKind.RATE_LIMIT, 50))
    assert board.standing(HAIKU, [WORK, HOME]) == WELL
    board.failed(HAIKU, HOME, failing(FailureKind.QUOTA, 10))
    assert board.standing(HAIKU, [WORK, HOME]).until == clock() + 10


@pytest.mark.parametrize("repeats", [0, 1, 2, 3])
def test_guessed_waits_double_from_limit_to_limit(repeats: int) -> None:
    board, clock = a_board()
    for _ in range(repeats):
        board.failed(HAIKU, WORK, failing(FailureKind.RATE_LIMIT))
        clock.pass_by(900)
    board.failed(HAIKU, WORK, failing(FailureKind.RATE_LIMIT))
    assert board.standing(HAIKU, [WORK]).until == clock() + 60 * 2**repeats


def test_no_guessed_wait_is_longer_than_a_quarter_of_an_hour() -> None:
    board, clock = a_board()
    for _ in range(50):
        board.failed(HAIKU, WORK, failing(FailureKind.RATE_LIMIT))
        clock.pass_by(900)
    board.failed(HAIKU, WORK, failing(FailureKind.RATE_LIMIT))
    assert board.standing(HAIKU, [WORK]).until == clock() + 900


def test_another_mark_on_the_same_place_does_not_hide_a_repeat() -> None:
    board, clock = a_board(rate_limit_seconds=400)
    board.failed(HAIKU, WORK, failing(FailureKind.RATE_LIMIT))
    clock.pass_by(400)
    board.failed(HAIKU, WORK, failing(FailureKind.FORBIDDEN))
    board.failed(HAIKU, WORK, failing(FailureKind.RATE_LIMIT))
    assert board.standing(HAIKU, [WORK]).until == clock() + 800


def test_limits_that_arrive_together_are_one() -> None:
    board, clock = a_board()
    for _ in range(5):
        board.failed(HAIKU, WORK, failing(FailureKind.RATE_LIMIT))
    assert board.standing(HAIKU, [WORK]).until == clock() + 60


def test_a_success_ends_the_doubling_but_not_the_wait() -> None:
    board, clock = a_board()
    board.failed(HAIKU, WORK, failing(FailureKind.RATE_LIMIT))
    board.succeeded(HAIKU, WORK)
    assert board.standing(HAIKU, [WORK]).until == clock() + 60
    clock.pass_by(60)
    board.failed(HAIKU, WORK, failing(FailureKind.RATE_LIMIT))
    assert board.standing(HAIKU, [WORK]).until == clock() + 60


def test_a_later_and_shorter_wait_does_not_cut_the_longer_one() -> None:
    board, clock = a_board()
    end = clock() + 500
    board.failed(HAIKU, WORK, failing(FailureKind.RATE_LIMIT, 500))
    board.failed(HAIKU, WORK, failing(FailureKind.RATE_LIMIT, 1))
    assert board.standing(HAIKU, [WORK]).until == end
