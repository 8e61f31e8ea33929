"""The figures of a service are those of its latest answers, and of no others."""

from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.routing.balance.figures import NO_FIGURES
from proxy.routing.balance.statistics import MOST_SAMPLES, WINDOW, Sample, Statistics
from proxy.routing.service import Service

A, B = Service("anthropic", "a"), Service("anthropic", "b")
NOW = 1_800_000_000.0


def noted(*samples: Sample, now: float = NOW) -> Statistics:
    statistics = Statistics()
    for sample in samples:
        statistics.note(A, sample, now)
    return statistics


def test_of_a_service_nobody_asked_there_are_none() -> None:
    statistics = noted(Sample(NOW, 1))
    assert statistics.figures(B, NOW) == NO_FIGURES


def test_one_answer_is_its_own_mean() -> None:
    figures = noted(Sample(NOW, 3, 1, output_tokens=101, tokens=500)).figures(A, NOW)
    assert (figures.latency_ms, figures.first_byte_ms) == (3000, 1000)
    assert (figures.latency_p99_ms, figures.first_byte_p99_ms) == (3000, 1000)
    assert (figures.speed, figures.samples, figures.speed_samples, figures.tokens) == (50, 1, 1, 500)


@pytest.mark.parametrize(
    ("sample", "speed"),
    [
        pytest.param(Sample(NOW, 2, 1, output_tokens=8), 7, id="just enough"),
        pytest.param(Sample(NOW, 2, 1, output_tokens=7), None, id="too few tokens"),
        pytest.param(Sample(NOW, 2, None, output_tokens=800), None, id="it came in one piece"),
        pytest.param(Sample(NOW, 1.05, 1, output_tokens=800), None, id="it was written elsewhere before"),
        pytest.param(Sample(NOW, 1, 2, output_tokens=800), None, id="it ended before it began"),
    ],
)
def test_the_speed_is_that_of_writing(sample: Sample, speed: float | None) -> None:
    figures = noted(sample).figures(A, NOW)
    assert (figures.speed, figures.speed_samples) == (speed, int(speed is not None))
    assert figures.samples == 1


def test_answers_older_than_the_window_are_gone() -> None:
    statistics = noted(Sample(NOW, 1, tokens=5), Sample(NOW + 100, 3, tokens=7), now=NOW + 100)
    assert statistics.figures(A, NOW + WINDOW - 1).latency_ms == 2000
    later = statistics.figures(A, NOW + WINDOW)
    assert (later.latency_ms, later.samples, later.tokens) == (3000, 1, 7)
    assert statistics.figures(A, NOW + WINDOW + 100) == NO_FIGURES


def test_only_the_newest_are_kept() -> None:
    samples = [Sample(NOW, float(number), tokens=1) for number in range(MOST_SAMPLES + 50)]
    figures = noted(*samples).figures(A, NOW)
    assert (figures.samples, figures.tokens) == (MOST_SAMPLES, MOST_SAMPLES)
    assert figures.latency_ms == pytest.approx(1000 * sum(range(50, 250)) / 200)
    assert figures.latency_p99_ms == 247_000


def test_when_the_clock_was_set_back_the_answers_of_the_future_are_forgotten() -> None:
    statistics = noted(Sample(NOW, 9))
    statistics.note(A, Sample(NOW - 86400, 1), NOW - 86400)
    assert statistics.figures(A, NOW - 86400).latency_ms == 1000


def test_a_service_whose_answers_are_over_is_forgotten() -> None:
    statistics = noted(Sample(NOW, 1))
    statistics.note(B, Sample(NOW + WINDOW, 1), NOW + WINDOW)
    assert list(statistics._of) == [B]


def test_an_answer_that_is_told_too_late_counts_no_more() -> None:
    statistics = noted(Sample(NOW - WINDOW, 1))
    assert statistics.figures(A, NOW) == NO_FIGURES
    assert not statistics._of


def test_memory_is_bounded_whatever_models_are_called() -> None:
    statistics = Statistics()
    for number in range(2100):
        statistics.note(Service("p", f"m{number}"), Sample(NOW, 1), NOW)
    assert len(statistics._of) == 2000


def test_figures_are_made_once_until_something_changes() -> None:
    statistics = noted(Sample(NOW, 1))
    assert statistics.figures(A, NOW) is statistics.figures(A, NOW + 1)
    statistics.note(A, Sample(NOW, 2), NOW)
    assert statistics.figures(A, NOW).samples == 2


_SECONDS = st.floats(0, 1000, allow_nan=False)
_STEPS = st.tuples(st.floats(0, 200), _SECONDS, st.none() | _SECONDS, st.integers(0, 500))


@given(st.lists(_STEPS, max_size=40))
def test_they_are_those_that_counting_all_anew_would_give(
    steps: list[tuple[float, float, float | None, int]],
) -> None:
    statistics, now, told = Statistics(), NOW, []
    for passed, latency, first_byte, tokens in steps:
        now += passed
        told.append(Sample(now, latency, first_byte, tokens, tokens))
        statistics.note(A, told[-1], now)
    left = [sample for sample in told if now - sample.ended < WINDOW]
    speeds = [sample.speed for sample in left if sample.speed is not None]
    figures = statistics.figures(A, now)
    assert (figures.samples, figures.speed_samples) == (len(left), len(speeds))
    assert figures.tokens == sum(sample.tokens for sample in left)
    if left:
        latencies = sorted(sample.latency_s for sample in left)
        assert figures.latency_ms == pytest.approx(1000 * sum(latencies) / len(left))
        assert figures.latency_p99_ms == 1000 * latencies[ceil(0.99 * len(left)) - 1]
    assert figures.speed == (pytest.approx(sum(speeds) / len(speeds)) if speeds else None)
