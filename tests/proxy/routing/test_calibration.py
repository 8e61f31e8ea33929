"""How many tokens a model counts where we estimate one."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.routing.calibration import Calibration
from proxy.routing.service import Service

ONE, OTHER = Service("p", "one"), Service("p", "other")


def ratio(calibration: Calibration, service: Service = ONE) -> float | None:
    return calibration.ratios([service]).get(service)


def test_of_whom_nothing_was_reported_nothing_is_known() -> None:
    calibration = Calibration()
    calibration.note(OTHER, 1000, 1500)
    assert calibration.ratios([ONE]) == {}
    assert set(calibration.ratios([ONE, OTHER])) == {OTHER}


@pytest.mark.parametrize(
    ("estimated", "counted", "counts"),
    [
        (499, 700, False),
        (500, 700, True),
        (1000, 399, False),
        (1000, 400, True),
        (1000, 2500, True),
        (1000, 2501, False),
        (0, 0, False),
    ],
)
def test_what_counts_something_else_is_left_out(estimated: int, counted: int, counts: bool) -> None:
    calibration = Calibration()
    calibration.note(ONE, estimated, counted)
    assert (ratio(calibration) is not None) == counts


def test_the_first_report_is_half_believed_and_the_second_a_third() -> None:
    calibration = Calibration()
    calibration.note(ONE, 1000, 2000)
    assert ratio(calibration) == pytest.approx(1.5)
    calibration.note(ONE, 1000, 2000)
    assert ratio(calibration) == pytest.approx(1.5 + 0.5 / 3)


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 3 * 10**6)), max_size=60))
def test_it_never_leaves_the_bounds_of_what_is_believable(reports: list[tuple[int, int]]) -> None:
    calibration = Calibration()
    for estimated, counted in reports:
        calibration.note(ONE, estimated, counted)
    found = ratio(calibration)
    assert found is None or 0.4 <= found <= 2.5


@given(st.floats(0.45, 2.3), st.integers(0, 2**31))
def test_it_comes_near_the_true_ratio_and_stays_there(true: float, seed: int) -> None:
    random, calibration = Random(seed), Calibration()
    for _ in range(200):
        estimated = random.randint(2000, 50_000)
        calibration.note(ONE, estimated, round(estimated * true * random.uniform(0.95, 1.05)))
    assert ratio(calibration) == pytest.approx(true, rel=0.05)


@given(st.floats(0.5, 2.0), st.floats(0.5, 2.0))
def test_it_follows_a_model_that_counts_otherwise_from_one_day_on(before: float, after: float) -> None:
    calibration = Calibration()
    for true in (before, after):
        for _ in range(150):
            calibration.note(ONE, 10_000, round(10_000 * true))
    assert ratio(calibration) == pytest.approx(after, rel=0.02)


def test_each_model_is_steady_by_itself() -> None:
    calibration = Calibration()
    for _ in range(50):
        calibration.note(ONE, 1000, 1300)
        calibration.note(OTHER, 1000, 800)
    assert ratio(calibration) == pytest.approx(1.3, abs=0.02)
    assert ratio(calibration, OTHER) == pytest.approx(0.8, abs=0.02)


def test_the_one_that_was_noted_longest_ago_is_forgotten_first() -> None:
    calibration = Calibration()
    several = [Service("p", f"m{number}") for number in range(1000)]
    for service in several:
        calibration.note(service, 1000, 1300)
    calibration.note(several[0], 1000, 1300)
    calibration.note(ONE, 1000, 1300)
    known = calibration.ratios([ONE, *several])
    assert len(known) == 1000
    assert several[1] not in known
    assert {ONE, several[0]} <= set(known)
