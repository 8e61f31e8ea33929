"""Servers that do not run, as somebody else has seen: left alone, and well as soon as they are back."""

import pytest

from proxy.config import HealthConfig
from proxy.routing.health.board import Board
from proxy.routing.health.marks import SENTENCES, Reason
from proxy.routing.health.standing import WELL, Condition
from proxy.routing.service import Service
from proxy.wire.failure import FailureKind
from tests.proxy.routing.health.bench import ELSEWHERE, HAIKU, OPUS, WORK, Clock, a_board, failing


@pytest.mark.parametrize("reason", [Reason.AWAY, Reason.LOADING])
def test_all_of_its_services_are_marked_until_it_is_back(reason: Reason) -> None:
    board, clock = a_board()
    board.away("anthropic", reason)
    clock.pass_by(1_000_000)
    for service in (HAIKU, OPUS):
        standing = board.standing(service, [WORK])
        assert (standing.condition, standing.reason) == (Condition.MARKED, reason)
        assert standing.why == SENTENCES[reason]
    assert board.standing(ELSEWHERE, None) == WELL
    board.back("anthropic")
    assert board.standing(HAIKU, [WORK]) == WELL


def test_one_that_is_gone_counts_as_broken_and_one_that_loads_does_not() -> None:
    """A pin leaves the one at once, and waits for the other."""
    board, _ = a_board()
    board.away("anthropic")
    assert board.standing(HAIKU, [WORK]).is_broken
    board.away("anthropic", Reason.LOADING)
    standing = board.standing(HAIKU, [WORK])
    assert (standing.reason, standing.is_broken) == (Reason.LOADING, False)


def test_what_failed_before_it_came_back_says_nothing_any_more() -> None:
    board, _ = a_board()
    board.failed(HAIKU, WORK, failing(FailureKind.CONNECTION), is_local=True)
    assert board.is_open(HAIKU)
    board.away("anthropic")
    board.back("anthropic")
    assert not board.is_open(HAIKU)
    assert board.admit(HAIKU, "somebody")


def test_one_that_was_never_away_keeps_what_is_known_of_it() -> None:
    """It is told to be there at every look."""
    board, _ = a_board()
    for _ in range(3):
        board.failed(HAIKU, WORK, failing(FailureKind.SERVER))
    board.back("anthropic")
    assert board.is_open(HAIKU)


def test_other_marks_stay_when_it_comes_back() -> None:
    board, _ = a_board()
    board.failed(HAIKU, WORK, failing(FailureKind.RATE_LIMIT, 60))
    board.away("anthropic")
    board.back("anthropic")
    assert board.standing(HAIKU, [WORK]).reason is Reason.RATE_LIMITED


@pytest.mark.parametrize(
    ("kind", "is_local", "told"),
    [
        (FailureKind.CONNECTION, True, ["anthropic"]),
        (FailureKind.BROKEN_OFF, True, ["anthropic"]),
        (FailureKind.SERVER, True, []),
        (FailureKind.CONNECTION, False, []),
    ],
)
def test_only_the_crash_of_a_server_here_is_told(kind: FailureKind, is_local: bool, told: list[str]) -> None:
    crashed: list[str] = []
    board = Board(HealthConfig(), Clock(), crashed.append)
    board.failed(HAIKU, WORK, failing(kind), is_local=is_local)
    assert crashed == told


@pytest.mark.parametrize("reason", [Reason.AWAY, Reason.LOADING])
@pytest.mark.parametrize(
    "what", [HAIKU, "anthropic", None], ids=["of one service", "of a provider", "of everything"]
)
def test_a_reset_does_not_start_a_server(what: Service | str | None, reason: Reason) -> None:
    """Whoever has seen that it does not run tells so only once."""
    board, _ = a_board()
    board.failed(HAIKU, WORK, failing(FailureKind.RATE_LIMIT, 60))
    board.away("anthropic", reason)
    board.reset(what)
    assert board.standing(HAIKU, [WORK]).reason is reason
    board.back("anthropic")
    assert board.standing(HAIKU, [WORK]) == WELL
