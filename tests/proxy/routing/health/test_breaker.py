"""When a breaker opens, whom it lets through, and when it closes."""

import pytest

from proxy.config import HealthConfig
from proxy.routing.health.breaker import Breaker, State

CONFIG = HealthConfig()


def opened(config: HealthConfig = CONFIG) -> Breaker:
    breaker = Breaker(0)
    for _ in range(config.failures):
        breaker.failed(config, 0)
    return breaker


def test_failures_in_a_row_open_it_and_a_success_between_them_does_not_let_them() -> None:
    breaker = Breaker(0)
    for outcome in (breaker.failed, breaker.failed, breaker.succeeded, breaker.failed, breaker.failed):
        outcome(CONFIG, 0)
        assert breaker.admits("a", 0)
    breaker.failed(CONFIG, 0)
    assert breaker.state(0) is State.OPEN
    assert not breaker.admits("a", 29.9)


@pytest.mark.parametrize(
    ("outcomes", "share", "opens"),
    [
        ("+-" * 4 + "-", 0.5, False),
        ("+-" * 5, 0.5, True),
        ("+-" * 5, 0.6, False),
        ("++-" * 10, 0.5, False),
        ("++-" * 10, 0.3, True),
        ("+" * 20, 0.01, False),
    ],
)
def test_a_share_of_failures_opens_it_from_ten_samples_on(outcomes: str, share: float, opens: bool) -> None:
    config = HealthConfig(failures=100, error_share=share)
    breaker = Breaker(0)
    for outcome in outcomes:
        (breaker.succeeded if outcome == "+" else breaker.failed)(config, 1)
    assert (breaker.state(1) is State.OPEN) == opens


def test_only_what_lies_within_the_window_is_counted() -> None:
    config = HealthConfig(failures=100, window=60)
    breaker = Breaker(0)
    for _ in range(9):
        breaker.failed(config, 0)
    for _ in range(9):
        breaker.succeeded(config, 60)
    breaker.failed(config, 60)
    assert breaker.state(60) is State.CLOSED


def test_what_was_before_it_opened_is_not_held_against_it_when_it_has_closed() -> None:
    config = HealthConfig(failures=10, open_seconds=1)
    breaker = opened(config)
    for _ in range(config.successes):
        breaker.succeeded(config, 1)
    breaker.failed(config, 2)
    assert breaker.state(2) is State.CLOSED


def test_good_probes_close_it_one_at_a_time() -> None:
    breaker = opened()
    assert breaker.admits("a", 30)
    assert not breaker.admits("b", 31)
    breaker.succeeded(CONFIG, 32)
    assert breaker.state(32) is State.HALF_OPEN
    assert breaker.admits("b", 32)
    assert not breaker.admits("c", 32)
    breaker.succeeded(CONFIG, 33)
    assert breaker.state(33) is State.CLOSED
    assert breaker.admits("a", 33)
    assert breaker.admits("a", 33)
    assert breaker.failures == 0


def test_a_bad_probe_opens_it_again_and_the_good_ones_before_count_no_more() -> None:
    breaker = opened()
    breaker.admits("a", 30)
    breaker.succeeded(CONFIG, 30)
    breaker.admits("a", 31)
    breaker.failed(CONFIG, 31)
    assert not breaker.admits("a", 60.9)
    assert breaker.admits("a", 61)
    breaker.succeeded(CONFIG, 61)
    assert breaker.state(61) is State.HALF_OPEN


def test_a_failure_while_it_is_open_does_not_keep_it_open_longer() -> None:
    breaker = opened()
    breaker.failed(CONFIG, 29)
    breaker.crashed(CONFIG, 29)
    assert breaker.admits("a", 30)


def test_a_success_while_it_is_open_lets_a_probe_through_at_once_and_does_not_close_it() -> None:
    config = HealthConfig(successes=1)
    breaker = opened(config)
    breaker.succeeded(config, 5)
    assert breaker.state(5) is State.HALF_OPEN
    assert breaker.admits("a", 5)
    assert not breaker.admits("b", 5)
    breaker.succeeded(config, 6)
    assert breaker.state(6) is State.CLOSED


def test_a_probe_that_is_not_answered_lapses_and_another_may_be() -> None:
    breaker = opened()
    assert not breaker.admits("a", 29)
    assert breaker.admits("a", 30)
    assert not breaker.admits("b", 30)
    assert not breaker.admits("b", 59)
    assert breaker.admits("b", 60)
    assert not breaker.admits("a", 60)


def test_the_probe_may_ask_again_and_gains_no_time_by_it() -> None:
    breaker = opened()
    assert breaker.admits("a", 30)
    assert breaker.admits("a", 50)
    assert not breaker.is_probed_by_others("a", 50)
    assert breaker.is_probed_by_others("b", 50)
    assert breaker.admits("b", 60)


def test_a_probe_whose_answer_has_begun_is_waited_for_but_not_for_ever() -> None:
    breaker = opened()
    assert breaker.admits("a", 30)
    breaker.begun("a", 59)
    assert not breaker.admits("b", 358)
    assert breaker.admits("b", 359)


def test_a_lapsed_probe_that_begins_late_counts_again_unless_another_took_its_place() -> None:
    breaker = opened()
    assert breaker.admits("a", 30)
    breaker.begun("a", 70)
    assert not breaker.admits("b", 71)
    other = opened()
    assert other.admits("a", 30)
    assert other.admits("b", 60)
    other.begun("a", 61)
    other.released("a")
    assert not other.admits("c", 62)
    assert other.admits("c", 90)


def test_the_answers_of_others_do_not_keep_a_probe_from_lapsing() -> None:
    breaker = opened()
    breaker.begun("x", 10)
    assert breaker.admits("a", 30)
    breaker.begun("x", 31)
    assert breaker.admits("b", 60)


def test_a_probe_of_a_crashed_server_has_as_long_as_any_to_be_answered() -> None:
    breaker = Breaker(0)
    breaker.crashed(CONFIG, 0)
    assert breaker.admits("a", 5)
    assert not breaker.admits("b", 34)
    assert breaker.admits("b", 35)


@pytest.mark.parametrize(("open_seconds", "seconds"), [(30, 5), (60, 10), (1, 2)])
def test_a_crash_opens_it_at_once_and_shortly(open_seconds: float, seconds: float) -> None:
    config = HealthConfig(open_seconds=open_seconds)
    breaker = Breaker(0)
    breaker.crashed(config, 0)
    assert not breaker.admits("a", seconds - 0.1)
    assert breaker.admits("a", seconds)
    breaker.crashed(config, seconds)
    assert not breaker.admits("a", 2 * seconds - 0.1)
    assert breaker.admits("a", 2 * seconds)


def test_it_says_since_when_it_is_what_it_is() -> None:
    breaker = opened()
    assert breaker.began(10) == 0
    assert breaker.began(40) == 30
    for now in (40, 41):
        breaker.succeeded(CONFIG, now)
    assert breaker.began(50) == 41
