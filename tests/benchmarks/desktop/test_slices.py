"""Which long slices are excused, what is said of them, and what a watchdog that saw nothing proves."""

import time
from collections.abc import Callable

import pytest

from benchmarks.desktop.one_thread import judge_slices
from benchmarks.desktop.slices import CountingWatchdog, Slice, Verdict
from benchmarks.table import NotMeasuredError, Table


def slice_(ms: float, cpu_ms: float, without_core_ms: float) -> Slice:
    return Slice(ms, cpu_ms, without_core_ms, 5.0, "QTimer Timer", "page.py:1 build")


COMPUTED = slice_(9.0, 8.0, 0.5)
COMPUTED_AND_HELD_UP = slice_(40.0, 8.0, 32.0)
WAITED = slice_(50.0, 1.0, 0.1)
HELD_UP = slice_(12.0, 1.5, 9.0)


@pytest.mark.parametrize(
    ("long", "verdict"),
    [
        (COMPUTED, Verdict.COMPUTED),
        (COMPUTED_AND_HELD_UP, Verdict.COMPUTED),
        (WAITED, Verdict.WAITED),
        (slice_(12.0, 1.5, 6.0), Verdict.WAITED),
        (HELD_UP, Verdict.EXCUSED),
    ],
)
def test_only_the_time_without_a_core_excuses_and_never_a_long_computation(
    long: Slice, verdict: Verdict
) -> None:
    assert long.verdict is verdict


def test_ours_are_told_with_clock_and_cpu_and_the_excused_are_counted(
    capsys: pytest.CaptureFixture[str],
) -> None:
    table = Table(52)
    judge_slices(table, "slices", 400, [HELD_UP, WAITED, COMPUTED], 5.0)
    summary, waited, computed, excused = capsys.readouterr().out.splitlines()
    assert not table.is_met
    assert "2 too long of 400, 1 excused" in summary
    assert "50.0 ms, CPU 1.0, without a core 0.1 (waited): QTimer Timer" in waited
    assert "9.0 ms, CPU 8.0, without a core 0.5 (computed)" in computed
    assert "excused, with the longest: 12.0 ms, CPU 1.5, without a core 9.0 (had no core)" in excused


def test_with_excused_ones_only_the_bar_is_met() -> None:
    table = Table(52)
    judge_slices(table, "slices", 400, [HELD_UP], 5.0)
    assert table.is_met


def test_a_watchdog_that_saw_nothing_proves_nothing() -> None:
    with pytest.raises(NotMeasuredError, match="no slice"):
        judge_slices(Table(52), "slices", 0, [], 5.0)


def _busy_for(seconds: float) -> None:
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


@pytest.mark.parametrize(("spend", "verdict"), [(time.sleep, Verdict.WAITED), (_busy_for, Verdict.COMPUTED)])
def test_a_real_slice_that_slept_or_computed_is_not_excused(
    spend: Callable[[float], None], verdict: Verdict
) -> None:
    watchdog = CountingWatchdog()
    watchdog.start()
    watchdog.is_counting = True
    watchdog.begin("work")
    spend(0.03)
    watchdog.end()
    watchdog.stop()
    taken = watchdog.taken()
    (long,) = (Slice(**each) for each in taken["slices"])
    assert (taken["seen"], long.verdict) == (1, verdict)
    assert long.cpu_ms + long.without_core_ms <= long.ms + 1
