"""Whoever listens to the board hears of what has changed, and of nothing else."""

from collections.abc import Callable

from proxy.config import HealthConfig
from proxy.routing.health.board import Board
from proxy.routing.health.key import Key
from proxy.routing.service import Service
from proxy.wire.failure import Failure, FailureKind

SERVICE, KEY = Service("openai", "gpt-5"), Key("openai", "main")


class Heard:
    def __init__(self, config: HealthConfig) -> None:
        self.now = 1000.0
        self.times = 0
        self.board = Board(config, lambda: self.now)
        self.stop = self.board.listen(self._heard)

    def _heard(self) -> None:
        self.times += 1

    def anew(self, act: Callable[[], None]) -> int:
        before = self.times
        act()
        return self.times - before

    def fails(self, kind: FailureKind, times: int = 1) -> None:
        for _ in range(times):
            self.board.failed(SERVICE, KEY, Failure(kind, "It failed."))


def test_successes_and_single_failures_are_no_news() -> None:
    heard = Heard(HealthConfig())
    assert heard.anew(lambda: heard.board.succeeded(SERVICE, KEY)) == 0
    assert heard.anew(lambda: heard.fails(FailureKind.SERVER)) == 0


def test_a_breaker_that_opens_and_one_that_closes_are_news() -> None:
    config = HealthConfig(failures=3, successes=1)
    heard = Heard(config)
    assert heard.anew(lambda: heard.fails(FailureKind.SERVER, 3)) == 1
    assert heard.board.snapshot().next_end == heard.now + config.open_seconds
    heard.now += config.open_seconds
    assert heard.board.snapshot().next_end is None
    assert heard.anew(lambda: heard.board.succeeded(SERVICE, KEY)) == 1


def test_a_mark_that_is_put_and_one_that_is_taken_away_are_news() -> None:
    heard = Heard(HealthConfig())
    assert heard.anew(lambda: heard.fails(FailureKind.UNAUTHENTICATED)) == 1
    assert heard.anew(lambda: heard.board.succeeded(SERVICE, KEY)) == 1
    assert heard.anew(lambda: heard.board.away("ollama")) == 1
    assert heard.anew(lambda: heard.board.back("ollama")) >= 1
    assert heard.anew(lambda: heard.board.back("ollama")) == 0


def test_what_is_reset_is_news_and_who_has_stopped_hears_nothing() -> None:
    heard = Heard(HealthConfig())
    heard.fails(FailureKind.UNAUTHENTICATED)
    assert heard.anew(lambda: heard.board.reset(SERVICE)) >= 1
    heard.stop()
    heard.stop()
    assert heard.anew(heard.board.reset) == 0
