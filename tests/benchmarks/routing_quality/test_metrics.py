"""What the figures of routing quality mean, on outcomes small enough to count by hand."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.routing_quality.metrics import (
    Array,
    Outcomes,
    apgr,
    auc,
    auc_need,
    auc_within,
    curve,
    resampled,
    strong_share,
    tier_skill,
)


def array(*values: float) -> Array:
    return np.array(values, dtype=float)


MIXED = Outcomes(weak=array(1, 1, 0, 0, 0, 1), strong=array(1, 1, 1, 1, 0, 0))


def test_chance_recovers_half() -> None:
    random = np.random.default_rng(3)
    outcomes = Outcomes(random.random(20_000), np.ones(20_000))
    assert apgr(random.random(20_000), outcomes) == pytest.approx(0.5, abs=0.01)


def test_equal_scores_recover_exactly_half() -> None:
    assert apgr(np.zeros(6), MIXED) == pytest.approx(0.5)


def test_who_knows_the_outcomes_recovers_more_than_all() -> None:
    assert apgr(MIXED.strong - MIXED.weak, MIXED) > 1.0


def test_the_curve_is_the_one_counted_by_hand() -> None:
    share, quality = curve(array(0, 0, 3, 2, 1, 0), MIXED)
    assert share.tolist() == pytest.approx([0, 1 / 6, 2 / 6, 3 / 6, 1])
    assert quality.tolist() == pytest.approx([3 / 6, 4 / 6, 5 / 6, 5 / 6, 4 / 6])


@given(st.permutations(range(6)))
def test_the_order_of_rows_with_equal_scores_does_not_matter(order: list[int]) -> None:
    score = array(0, 1, 1, 0, 1, 0)
    turned = MIXED.at(np.array(order))
    assert apgr(score[order], turned) == pytest.approx(apgr(score, MIXED))


@given(st.lists(st.integers(0, 3), min_size=6, max_size=6))
def test_the_opposite_score_gets_the_rest(values: list[int]) -> None:
    score = array(*values)
    assert apgr(score, MIXED) + apgr(-score, MIXED) == pytest.approx(1.0)


def test_models_that_are_alike_leave_nothing_to_recover() -> None:
    assert math.isnan(apgr(array(1, 2), Outcomes(array(1, 0), array(0, 1))))


@pytest.mark.parametrize(
    ("score", "expected"),
    [
        (array(0, 1, 2, 3), 1.0),
        (array(3, 2, 1, 0), 0.0),
        (array(1, 1, 1, 1), 0.5),
        (array(0, 1, 1, 2), 0.875),
    ],
)
def test_auc_counts_pairs_and_half_of_ties(score: Array, expected: float) -> None:
    assert auc(score, array(0, 0, 1, 1)) == pytest.approx(expected)


def test_auc_of_one_kind_alone_is_unknown() -> None:
    assert math.isnan(auc(array(1, 2), array(1, 1)))


def test_need_looks_only_at_what_the_strong_model_can_do() -> None:
    score = array(0, 0, 1, 1, -9, 9)
    assert auc_need(score, MIXED) == 1.0


def test_recognising_topics_is_no_skill_within_them() -> None:
    topic = np.repeat([0.0, 1.0], 100)
    failed = np.concatenate([np.tile([0, 0, 0, 1], 25), np.tile([1, 1, 1, 0], 25)])
    outcomes = Outcomes(1.0 - failed, np.ones(200))
    assert auc(topic, failed) > 0.7
    assert auc_within(topic, outcomes, [str(t) for t in topic]) == pytest.approx(0.5)


def test_small_topics_do_not_count() -> None:
    outcomes = Outcomes(np.tile([0.0, 1.0], 12), np.ones(24))
    groups = ["small"] * 4 + ["large"] * 20
    score = np.where(outcomes.weak > 0, 0.0, 1.0)
    score[:4] = 0.5
    assert auc_within(score, outcomes, groups) == 1.0


@pytest.mark.parametrize(("quality", "expected"), [(0.75, 0.0), (1.0, 1 / 6), (1.125, 0.25), (2.0, 1.0)])
def test_the_share_of_strong_calls_is_found_between_the_rows(quality: float, expected: float) -> None:
    assert strong_share(array(0, 0, 3, 2, 1, 0), MIXED, quality) == pytest.approx(expected)


def test_draws_are_paired_and_repeatable() -> None:
    random = np.random.default_rng(1)
    outcomes = [Outcomes(random.integers(0, 2, 300).astype(float), np.ones(300)) for _ in range(2)]
    good = [1.0 - outcome.weak for outcome in outcomes]
    blind = [random.random(300) for _ in outcomes]
    macros = resampled(outcomes, [good, good, blind], draws=30)
    assert (macros[:, 0] == macros[:, 1]).all()
    assert (macros[:, 0] > macros[:, 2]).all()
    assert (macros == resampled(outcomes, [good, good, blind], draws=30)).all()


def test_a_score_that_follows_the_labels_is_right() -> None:
    skill = tier_skill(array(0.1, 0.1, 0.9, 0.9, 0.5), [0, 0, 2, 2, 1])
    assert (skill.auc, skill.accuracy) == (1.0, 1.0)


def test_a_score_against_the_labels_is_wrong() -> None:
    skill = tier_skill(array(0.9, 0.8, 0.1, 0.2, 0.5), [0, 0, 2, 2, 1])
    assert skill.auc == 0.0
    assert skill.accuracy <= 0.5
