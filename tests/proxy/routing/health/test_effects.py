"""What each class of failure does to the key, to the service, and to what is beside them."""

import math

import pytest

from proxy.routing.health.effects import COUNTED, CRASHES, UNCOUNTED, effect_of
from proxy.routing.health.marks import Reason
from proxy.routing.health.standing import WELL, Condition
from proxy.wire.failure import FailureKind
from tests.proxy.routing.health.bench import ELSEWHERE, HAIKU, HOME, OPUS, UNSEEN, WORK, a_board, failing

_OWN = {FailureKind.RATE_LIMIT}


@pytest.mark.parametrize("kind", FailureKind)
def test_every_kind_is_of_exactly_one_class(kind: FailureKind) -> None:
    marks = effect_of(kind, WORK) is not None
    assert [marks, kind in COUNTED, kind in UNCOUNTED, kind in _OWN].count(True) == 1


def test_only_counted_failures_can_be_crashes() -> None:
    assert CRASHES < COUNTED


@pytest.mark.parametrize(
    ("kind", "retry_after", "reason", "seconds", "with_the_other_key", "the_other_model"),
    [
        (FailureKind.FORBIDDEN, None, Reason.FORBIDDEN, 600, False, False),
        (FailureKind.FORBIDDEN, 5, Reason.FORBIDDEN, 600, False, False),
        (FailureKind.QUOTA, None, Reason.EXHAUSTED, 3600, False, True),
        (FailureKind.QUOTA, 90000, Reason.EXHAUSTED, 90000, False, True),
        (FailureKind.QUOTA, 0, Reason.EXHAUSTED, 3600, False, True),
        (FailureKind.NOT_FOUND, None, Reason.NOT_FOUND, 600, True, False),
        (FailureKind.MODEL_NOT_FOUND, None, Reason.NOT_FOUND, 600, True, False),
        (FailureKind.RATE_LIMIT, None, Reason.RATE_LIMITED, 60, False, False),
        (FailureKind.RATE_LIMIT, 7, Reason.RATE_LIMITED, 7, False, False),
        (FailureKind.RATE_LIMIT, 0, Reason.RATE_LIMITED, 60, False, False),
        (FailureKind.RATE_LIMIT, math.inf, Reason.RATE_LIMITED, 8 * 86400, False, False),
        (FailureKind.RATE_LIMIT, math.nan, Reason.RATE_LIMITED, 60, False, False),
        (FailureKind.OVERLOADED, 20, Reason.OVERLOADED, 20, True, False),
    ],
)
def test_a_mark_lies_where_the_failure_belongs_and_ends_in_time(
    kind: FailureKind,
    retry_after: float | None,
    reason: Reason,
    seconds: float,
    with_the_other_key: bool,
    the_other_model: bool,
) -> None:
    board, clock = a_board()
    board.failed(HAIKU, WORK, failing(kind, retry_after))
    standing = board.standing(HAIKU, [WORK])
    assert (standing.condition, standing.reason) == (Condition.MARKED, reason)
    assert standing.until == clock() + seconds
    assert standing.why.endswith(".")
    assert (board.standing(HAIKU, [HOME]) != WELL) == with_the_other_key
    assert (board.standing(OPUS, [WORK]) != WELL) == the_other_model
    assert board.standing(ELSEWHERE, []) == WELL
    clock.pass_by(seconds - 0.5)
    assert board.standing(HAIKU, [WORK]).condition is Condition.MARKED
    clock.pass_by(0.5)
    assert board.standing(HAIKU, [WORK]) == WELL


@pytest.mark.parametrize("kind", sorted(UNCOUNTED))
def test_what_is_about_the_request_leaves_no_trace(kind: FailureKind) -> None:
    board, _ = a_board(failures=1)
    for _ in range(20):
        board.failed(HAIKU, WORK, failing(kind, 30), is_local=True)
    assert board.standing(HAIKU, [WORK]) == WELL
    assert board.admit(HAIKU, "a")


@pytest.mark.parametrize("kind", sorted(COUNTED))
def test_what_is_about_the_service_opens_its_breaker_and_no_other(kind: FailureKind) -> None:
    board, clock = a_board()
    for key in (WORK, HOME):
        board.failed(HAIKU, key, failing(kind))
        assert board.standing(HAIKU, [WORK]) == WELL
    board.failed(HAIKU, WORK, failing(kind))
    standing = board.standing(HAIKU, [WORK, HOME])
    assert (standing.reason, standing.until) == (Reason.BROKEN, clock() + 30)
    assert not board.admit(HAIKU, "a")
    assert board.standing(OPUS, [WORK]) == WELL
    assert board.admit(OPUS, "a")


@pytest.mark.parametrize("kind", sorted(set(FailureKind) - COUNTED))
def test_what_is_not_about_the_service_opens_no_breaker_but_gives_the_probe_back(kind: FailureKind) -> None:
    board, clock = a_board(failures=1)
    board.failed(HAIKU, WORK, failing(FailureKind.SERVER))
    clock.pass_by(30)
    assert board.admit(HAIKU, "a")
    assert not board.admit(HAIKU, "b")
    board.failed(HAIKU, WORK, failing(kind), asker="b")
    assert not board.admit(HAIKU, "b")
    board.failed(HAIKU, WORK, failing(kind), asker="a")
    assert board.admit(HAIKU, "b")


@pytest.mark.parametrize("kind", sorted(COUNTED))
def test_a_local_server_that_is_gone_is_left_alone_shortly_and_at_once(kind: FailureKind) -> None:
    board, clock = a_board()
    board.failed(HAIKU, WORK, failing(kind), is_local=True)
    assert board.admit(HAIKU, "a") == (kind not in CRASHES)
    clock.pass_by(5)
    assert board.admit(HAIKU, "a")


def test_an_unseen_credential_that_is_refused_may_be_renewed_and_so_is_only_marked() -> None:
    board, clock = a_board()
    board.failed(HAIKU, UNSEEN, failing(FailureKind.UNAUTHENTICATED))
    assert board.usable_keys(HAIKU, [UNSEEN]) == [UNSEEN]
    assert board.standing(OPUS, [UNSEEN]).until == clock() + 600
