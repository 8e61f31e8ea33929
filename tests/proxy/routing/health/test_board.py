"""The board as a whole: what it shows, what it forgets, what others may write on it."""

import pytest

from proxy.config import HealthConfig
from proxy.routing.health.board import Board
from proxy.routing.health.breaker import State
from proxy.routing.health.key import Key
from proxy.routing.health.marks import SENTENCES, Mark, Place, Reason
from proxy.routing.health.sink import HealthSink
from proxy.routing.health.standing import WELL
from proxy.routing.service import Service
from proxy.wire.failure import FailureKind
from tests.proxy.routing.health.bench import ELSEWHERE, HAIKU, HOME, OPUS, WORK, Clock, a_board, failing


def broken(board: Board, service: Service, key: Key = WORK) -> None:
    for _ in range(3):
        board.failed(service, key, failing(FailureKind.SERVER))


def test_a_service_nobody_has_asked_is_well() -> None:
    board, _ = a_board()
    sink: HealthSink = board
    sink.cancelled(HAIKU, WORK, asker="a")
    assert board.standing(HAIKU, [WORK]) == WELL
    assert board.marked_until(HAIKU) is None
    assert board.admit(HAIKU, "a")


def test_the_worst_of_several_marks_counts() -> None:
    board, clock = a_board()
    broken(board, HAIKU)
    board.failed(HAIKU, WORK, failing(FailureKind.RATE_LIMIT, 500))
    standing = board.standing(HAIKU, [WORK])
    assert (standing.until, standing.reason) == (clock() + 500, Reason.RATE_LIMITED)
    assert board.standing(HAIKU, [HOME]).reason is Reason.BROKEN


def test_a_half_open_service_is_well_until_somebody_probes_it() -> None:
    board, clock = a_board()
    broken(board, HAIKU)
    clock.pass_by(30)
    assert board.standing(HAIKU, [WORK]) == WELL
    assert board.admit(HAIKU, "a")
    assert board.standing(HAIKU, [WORK]).reason is Reason.PROBED
    board.cancelled(HAIKU, WORK, asker="a")
    assert board.standing(HAIKU, [WORK]) == WELL


def test_a_new_configuration_looks_for_the_model_again_and_leaves_the_other_marks() -> None:
    board, _ = a_board()
    board.failed(HAIKU, WORK, failing(FailureKind.MODEL_NOT_FOUND))
    board.failed(OPUS, WORK, failing(FailureKind.FORBIDDEN))
    board.reconfigured(HealthConfig(failures=1))
    assert board.standing(HAIKU, [WORK]) == WELL
    assert board.standing(OPUS, [WORK]).reason is Reason.FORBIDDEN
    board.failed(HAIKU, WORK, failing(FailureKind.TIMEOUT))
    assert board.standing(HAIKU, [WORK]).reason is Reason.BROKEN


@pytest.mark.parametrize(
    ("of", "haiku", "opus", "with_another_key", "elsewhere"),
    [
        pytest.param(HAIKU, True, False, True, False, id="service"),
        pytest.param(WORK, True, True, False, False, id="key"),
        pytest.param("anthropic", True, True, True, False, id="provider"),
        pytest.param("openai", False, False, False, True, id="another provider"),
    ],
)
def test_what_is_used_up_is_marked_until_its_reset_and_no_success_changes_that(
    of: Service | Key | str, haiku: bool, opus: bool, with_another_key: bool, elsewhere: bool
) -> None:
    board, clock = a_board()
    board.quota_exhausted(of, clock() + 100)
    board.succeeded(HAIKU, WORK)
    asked = [(HAIKU, WORK), (OPUS, WORK), (HAIKU, HOME), (ELSEWHERE, Key("openai", "work"))]
    marked = [board.standing(service, [key]).reason is Reason.ALLOWANCE for service, key in asked]
    assert marked == [haiku, opus, with_another_key, elsewhere]
    clock.pass_by(100)
    assert all(board.standing(service, [key]) == WELL for service, key in asked)


def test_what_is_used_up_for_an_unknown_time_is_so_until_it_is_restored() -> None:
    board, clock = a_board()
    board.quota_exhausted("anthropic")
    clock.pass_by(1e9)
    assert board.standing(HAIKU, []).reason is Reason.ALLOWANCE
    board.quota_restored("anthropic")
    assert board.standing(HAIKU, []) == WELL


def test_what_is_last_said_of_an_allowance_counts() -> None:
    board, clock = a_board()
    board.quota_exhausted(WORK)
    board.quota_exhausted(WORK, clock() + 5)
    assert board.standing(HAIKU, [WORK]).until == clock() + 5


def test_without_keys_a_service_is_judged_by_those_its_provider_was_lately_asked_with() -> None:
    board, clock = a_board()
    board.failed(HAIKU, WORK, failing(FailureKind.RATE_LIMIT, 7200))
    assert board.marked_until(HAIKU) == 1000 + 7200
    board.succeeded(OPUS, HOME)
    assert board.marked_until(HAIKU) is None
    clock.pass_by(3600)
    assert board.marked_until(HAIKU) == 1000 + 7200
    assert board.marked_until(HAIKU, [HOME]) is None
    clock.pass_by(3600)
    assert board.marked_until(HAIKU) is None


def test_without_keys_a_service_never_asked_shares_the_marks_of_its_providers_keys() -> None:
    board, clock = a_board()
    board.failed(HAIKU, WORK, failing(FailureKind.QUOTA))
    assert board.marked_until(OPUS) == clock() + 3600
    assert board.marked_until(ELSEWHERE) is None


def test_without_keys_a_refused_one_does_not_count_because_it_may_have_been_renewed() -> None:
    board, clock = a_board()
    board.failed(HAIKU, WORK, failing(FailureKind.UNAUTHENTICATED))
    assert board.marked_until(HAIKU) is None
    board.failed(HAIKU, HOME, failing(FailureKind.RATE_LIMIT, 5))
    assert board.marked_until(HAIKU) == clock() + 5


def test_a_reset_forgets_one_service_or_all() -> None:
    board, clock = a_board()
    for service, key in ((HAIKU, WORK), (OPUS, HOME), (ELSEWHERE, Key("openai", "work"))):
        broken(board, service, key)
        board.failed(service, key, failing(FailureKind.RATE_LIMIT))
    board.failed(HAIKU, WORK, failing(FailureKind.UNAUTHENTICATED))
    board.reset(HAIKU)
    assert board.standing(HAIKU, [WORK]) == WELL
    assert board.standing(OPUS, [HOME]) != WELL
    clock.pass_by(60)
    board.failed(HAIKU, WORK, failing(FailureKind.RATE_LIMIT))
    assert board.standing(HAIKU, [WORK]).until == clock() + 60
    board.reset()
    assert board.snapshot().breakers == ()
    assert board.snapshot().marks == ()


def test_a_reset_of_a_provider_forgets_all_of_its_services_and_nobody_elses() -> None:
    board, clock = a_board()
    elsewhere = Key("openai", "work")
    for service, key in ((HAIKU, WORK), (OPUS, HOME), (ELSEWHERE, elsewhere)):
        broken(board, service, key)
        board.failed(service, key, failing(FailureKind.RATE_LIMIT))
    board.quota_exhausted("anthropic")
    board.reset("anthropic")
    assert board.standing(HAIKU, [WORK]) == WELL
    assert board.standing(OPUS, [HOME]) == WELL
    assert board.standing(ELSEWHERE, [elsewhere]) != WELL
    clock.pass_by(60)
    board.failed(OPUS, HOME, failing(FailureKind.RATE_LIMIT))
    assert board.standing(OPUS, [HOME]).until == clock() + 60


def test_the_view_shows_breakers_and_marks_and_no_secret() -> None:
    board, clock = a_board()
    broken(board, HAIKU)
    board.failed(OPUS, WORK, failing(FailureKind.UNAUTHENTICATED))
    clock.pass_by(5)
    view = board.snapshot()
    haiku, opus = view.breakers
    assert (haiku.service, haiku.state, haiku.failures) == (HAIKU, State.OPEN, 3)
    assert (haiku.since, haiku.opens_until, haiku.last_failure) == (1000, 1030, 1000)
    assert (opus.state, opus.opens_until, opus.failures) == (State.CLOSED, None, 0)
    assert view.at == 1005
    assert view.marks == (Mark(Place("anthropic", label="work"), Reason.REJECTED, float("inf")),)
    assert not hasattr(view.marks[0], "secret")


def test_every_reason_has_its_sentence() -> None:
    assert set(SENTENCES) == set(Reason)


def test_what_nobody_has_asked_for_a_day_is_forgotten() -> None:
    board, clock = a_board()
    broken(board, HAIKU)
    board.failed(HAIKU, WORK, failing(FailureKind.RATE_LIMIT))
    board.failed(HAIKU, WORK, failing(FailureKind.UNAUTHENTICATED))
    clock.pass_by(86401)
    board.succeeded(ELSEWHERE, Key("openai", "work"))
    assert [view.service for view in board.snapshot().breakers] == [ELSEWHERE]
    assert list(board._marks._at) == [Place("anthropic", label="work")]
    assert dict(board._marks._places) == {"anthropic": 1}


def test_memory_is_bounded_whatever_clients_call_models_and_themselves() -> None:
    board = Board(HealthConfig(), Clock())
    for number in range(5000):
        key = Key("anthropic", f"client:{number}")
        board.failed(Service("anthropic", f"model-{number}"), key, failing(FailureKind.RATE_LIMIT))
        board.failed(HAIKU, key, failing(FailureKind.SERVER))
    assert len(board.snapshot().breakers) == 2000
    assert len(board.snapshot().marks) == 4000
    assert len(board._marking._repeats._times) == 4000
    assert len(board._heard.keys("anthropic")) == 50
