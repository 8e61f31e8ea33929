"""Sources that are judged apart and in one heap."""

import numpy as np

from benchmarks.routing_quality.comparing import MIXED, by_sources, mixed
from benchmarks.routing_quality.metrics import Array
from benchmarks.routing_quality.rows import PAIRS, Row

PAIR = PAIRS[MIXED[0]]


def rows(source: str, needs: list[int]) -> list[Row]:
    return [
        Row(f"{source} {place}", source, "topic", "", {PAIR.weak: float(not need), PAIR.strong: 1.0})
        for place, need in enumerate(needs)
    ]


EASY, HARD = rows(MIXED[0], [0, 0, 0, 1]), rows(MIXED[1], [0, 1, 1, 1])


def needs(score: Array) -> tuple[float, float, float]:
    """AUC of need in each source, and mixed."""
    made = EASY + HARD
    apart = by_sources(made, score)
    return apart[MIXED[0]].auc_need, apart[MIXED[1]].auc_need, mixed(made, score).auc_need


def test_who_takes_the_easy_source_for_the_hard_one_is_found_out_by_the_mixture() -> None:
    assert needs(np.array([5.0, 5, 5, 6, 0, 1, 1, 1])) == (1.0, 1.0, 7 / 16)


def test_who_tells_the_sources_apart_gains_by_the_mixture() -> None:
    assert needs(np.array([0.0, 0, 0, 0, 1, 1, 1, 1])) == (0.5, 0.5, 12 / 16)
