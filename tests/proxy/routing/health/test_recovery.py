"""What those who choose ask of a service that has failed: since when it is well, and who may try it."""

from math import inf

import pytest

from proxy.config import HealthConfig
from proxy.routing.health.board import Board
from proxy.routing.health.effects import UNCOUNTED
from proxy.routing.health.key import Key
from proxy.routing.health.marks import Reason
from proxy.routing.health.standing import WELL, Condition, Standing
from proxy.wire.failure import FailureKind
from tests.proxy.routing.health.bench import ELSEWHERE, HAIKU, HOME, OPUS, WORK, Clock, a_board, failing

ELSEWHERES = Key("openai", "work")
WALL = 1_800_000_000.0


def a_broken_board() -> tuple[Board, Clock]:
    board, clock = a_board()
    for _ in range(3):
        board.failed(HAIKU, WORK, failing(FailureKind.SERVER))
    return board, clock


def test_an_open_service_is_probed_after_half_a_minute_and_again_half_a_minute_later() -> None:
    board, clock = a_broken_board()
    clock.pass_by(29)
    assert board.is_open(HAIKU)
    assert not board.admit(HAIKU, "a")
    clock.pass_by(1)
    assert not board.is_open(HAIKU)
    assert board.admit(HAIKU, "a")
    assert not board.admit(HAIKU, "b")
    clock.pass_by(30)
    assert board.admit(HAIKU, "b")


def test_a_probe_with_a_long_answer_is_not_taken_for_lost() -> None:
    board, clock = a_broken_board()
    clock.pass_by(30)
    assert board.admit(HAIKU, "a")
    clock.pass_by(20)
    board.begun(HAIKU, asker="a")
    clock.pass_by(200)
    assert not board.admit(HAIKU, "b")
    board.succeeded(HAIKU, WORK)
    assert board.admit(HAIKU, "b")


def test_that_a_service_nobody_asked_before_answers_is_nothing_to_keep() -> None:
    board, _ = a_board()
    board.begun(HAIKU, asker="a")
    assert board.snapshot().breakers == ()


def test_who_probes_a_service_is_not_in_its_own_way() -> None:
    board, clock = a_broken_board()
    clock.pass_by(30)
    assert board.admit(HAIKU, "a")
    assert board.standing(HAIKU, [WORK], asker="a") == WELL
    assert board.marked_until(HAIKU, asker="a") is None
    assert board.standing(HAIKU, [WORK], asker="b").reason is Reason.PROBED
    assert board.marked_until(HAIKU, asker="b") == clock()
    assert board.admit(HAIKU, "a")


def test_who_never_failed_has_always_been_well() -> None:
    board, _ = a_board()
    assert board.well_since(HAIKU, WALL) == -inf
    board.succeeded(HAIKU, WORK)
    assert board.well_since(HAIKU, WALL) == -inf
    assert board.last_failure(HAIKU) is None
    assert not board.is_open(HAIKU)


def test_who_failed_once_is_well_since_then_by_the_clock_of_whoever_asks() -> None:
    board, clock = a_board()
    board.failed(HAIKU, WORK, failing(FailureKind.SERVER))
    assert board.last_failure(HAIKU) == clock()
    clock.pass_by(7)
    assert board.well_since(HAIKU, WALL) == WALL - 7
    board.succeeded(HAIKU, WORK)
    assert board.well_since(HAIKU, clock()) == clock() - 7


def test_who_was_left_alone_is_well_since_requests_may_pass_again() -> None:
    board, clock = a_broken_board()
    assert board.well_since(HAIKU, WALL) is None
    clock.pass_by(30)
    assert board.well_since(HAIKU, WALL) == WALL
    clock.pass_by(10)
    assert board.well_since(HAIKU, WALL) == WALL - 10
    assert board.admit(HAIKU, "a")
    assert board.well_since(HAIKU, WALL) is None
    board.succeeded(HAIKU, WORK)
    clock.pass_by(5)
    board.succeeded(HAIKU, WORK)
    clock.pass_by(2)
    assert board.well_since(HAIKU, WALL) == WALL - 2


def test_a_rate_limit_is_a_failure_that_opens_no_breaker() -> None:
    board, clock = a_board()
    board.failed(HAIKU, WORK, failing(FailureKind.RATE_LIMIT, 40))
    assert board.well_since(HAIKU, WALL) is None
    assert not board.is_open(HAIKU)
    clock.pass_by(40)
    assert board.well_since(HAIKU, WALL) == WALL - 40


@pytest.mark.parametrize("kind", sorted(UNCOUNTED))
def test_a_bad_request_is_no_failure_of_the_service(kind: FailureKind) -> None:
    board, _ = a_board()
    board.failed(HAIKU, WORK, failing(kind))
    assert board.last_failure(HAIKU) is None
    assert board.well_since(HAIKU, WALL) == -inf


def test_what_was_known_of_a_provider_is_forgotten_when_it_is_another() -> None:
    board, clock = a_broken_board()
    for kind in (FailureKind.RATE_LIMIT, FailureKind.UNAUTHENTICATED, FailureKind.QUOTA):
        board.failed(OPUS, WORK, failing(kind))
        board.failed(ELSEWHERE, ELSEWHERES, failing(kind))
    board.reconfigured(HealthConfig(), changed=["anthropic"])
    assert board.standing(HAIKU, [WORK]) == WELL
    assert board.standing(OPUS, [WORK]) == WELL
    assert board.standing(ELSEWHERE, [ELSEWHERES]) != WELL
    assert board.well_since(HAIKU, WALL) == -inf
    board.failed(OPUS, WORK, failing(FailureKind.RATE_LIMIT))
    assert board.standing(OPUS, [WORK]).until == clock() + 60


def test_what_others_know_of_a_providers_allowances_is_theirs_to_take_back() -> None:
    board, _ = a_board()
    board.quota_exhausted(WORK)
    board.reconfigured(HealthConfig(), changed=["anthropic"])
    assert board.standing(HAIKU, [WORK]).reason is Reason.ALLOWANCE


def test_a_mark_that_came_and_went_leaves_nothing_to_look_through() -> None:
    board, clock = a_board()
    board.failed(HAIKU, WORK, failing(FailureKind.FORBIDDEN))
    board.failed(HAIKU, WORK, failing(FailureKind.UNAUTHENTICATED))
    board.failed(HAIKU, WORK, failing(FailureKind.RATE_LIMIT, 5))
    assert board._marks.has_any("anthropic")
    board.succeeded(HAIKU, WORK)
    assert board._marks.has_any("anthropic")
    clock.pass_by(600)
    board.succeeded(HAIKU, WORK)
    assert not board._marks.has_any("anthropic")


def test_without_keys_the_standing_is_that_of_the_keys_lately_used() -> None:
    board, clock = a_board()
    board.succeeded(HAIKU, HOME)
    board.failed(HAIKU, WORK, failing(FailureKind.UNAUTHENTICATED))
    assert board.lately(HAIKU) == [HOME]
    assert board.standing(HAIKU, None) == WELL
    board.failed(HAIKU, HOME, failing(FailureKind.RATE_LIMIT, 20))
    assert board.standing(HAIKU, None) == Standing(Condition.MARKED, clock() + 20, Reason.RATE_LIMITED)
