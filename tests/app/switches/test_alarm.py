"""It rings when the wall clock has come to the moment: after a sleep, and with a clock that is set anew."""

import asyncio
from collections.abc import Callable
from typing import cast

from app.switches.alarm import Alarm
from tests.app.switches.stage import Clock


class Timer:
    """Set by one alarm, and run out when the test says so."""

    def __init__(self) -> None:
        self.seconds: float | None = None
        self._action: Callable[[], None] = lambda: None

    def later(self, seconds: float, action: Callable[[], None]) -> asyncio.TimerHandle:
        self.seconds, self._action = seconds, action
        return cast("asyncio.TimerHandle", self)

    def cancel(self) -> None:
        self.seconds = None

    def runs_out(self) -> None:
        assert self.seconds is not None
        self.seconds = None
        self._action()


class Stage:
    def __init__(self) -> None:
        self.clock, self.timer, self.rings = Clock(1000.0), Timer(), 0
        self.alarm = Alarm(self._ring, self.clock, self.timer.later)

    def _ring(self) -> None:
        self.rings += 1


def test_it_waits_no_longer_than_it_has_to() -> None:
    stage = Stage()
    stage.alarm.set(1003.0)
    assert stage.timer.seconds == 3.0
    stage.clock.at = 1003.0
    stage.timer.runs_out()
    assert (stage.rings, stage.timer.seconds) == (1, None)


def test_a_timer_that_runs_out_early_is_set_again() -> None:
    stage = Stage()
    stage.alarm.set(1003.0)
    stage.clock.at = 1002.5
    stage.timer.runs_out()
    assert (stage.rings, stage.timer.seconds) == (0, 0.5)


def test_the_clock_is_looked_at_on_the_way_so_that_a_sleep_of_the_machine_is_noticed() -> None:
    stage = Stage()
    stage.alarm.set(4600.0)
    assert stage.timer.seconds is not None
    assert stage.timer.seconds <= 30
    stage.clock.at = 9000.0
    stage.timer.runs_out()
    assert stage.rings == 1


def test_a_clock_that_is_set_back_puts_it_off() -> None:
    stage = Stage()
    stage.alarm.set(1003.0)
    stage.clock.at = 500.0
    stage.timer.runs_out()
    assert stage.rings == 0
    assert stage.timer.seconds is not None


def test_it_rings_for_the_last_moment_it_was_given() -> None:
    stage = Stage()
    stage.alarm.set(1003.0)
    stage.alarm.set(1010.0)
    assert stage.timer.seconds == 10.0
    stage.alarm.set(None)
    assert stage.timer.seconds is None
