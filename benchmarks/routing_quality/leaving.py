"""Scores rows by fits that never saw them, nor anything like them.

By source is the honest measure of new work; by family also holds out the same task in other sources; by fold
tells of new questions of known tasks, with whole topics of the topical source held out.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from benchmarks.routing_quality.fitting import Fit, Table, fitted
from benchmarks.routing_quality.metrics import Array
from benchmarks.routing_quality.rows import Row, near_duplicates

_FOLDS = 6
_TOPICAL = "routellm-mmlu"

By = Callable[[Sequence[Row], Sequence[int]], list[str]]


def by_source(rows: Sequence[Row], _alike: Sequence[int]) -> list[str]:
    return [row.source for row in rows]


def by_family(rows: Sequence[Row], _alike: Sequence[int]) -> list[str]:
    return [row.family for row in rows]


def by_fold(rows: Sequence[Row], alike: Sequence[int]) -> list[str]:
    units = [
        row.group if row.source == _TOPICAL else str(like) for row, like in zip(rows, alike, strict=True)
    ]
    names = sorted(set(units))
    fold = dict(zip(names, np.random.default_rng(7).permutation(len(names)) % _FOLDS, strict=True))
    return [str(fold[unit]) for unit in units]


def left_out(rows: Sequence[Row], table: Table, by: By) -> Array:
    """The score of each row. What is nearly a held-out row is not trained on either."""
    alike = near_duplicates([row.prompt for row in rows])
    part = np.array(by(rows, alike))
    likes = np.array(alike)
    scores = np.zeros(len(rows))
    for name in sorted(set(part)):
        held = part == name
        scores[held] = _without(table, held, likes).score(table.features[held])
    return scores


def _without(table: Table, held: NDArray[np.bool_], likes: NDArray[np.int64]) -> Fit:
    return fitted(table, np.flatnonzero(~held & ~np.isin(likes, likes[held])))
