"""Scorers side by side on the same rows: by source, and over all sources with paired draws."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.routing_quality import baselines
from benchmarks.routing_quality.fitting import tabled
from benchmarks.routing_quality.leaving import by_family, by_fold, by_source, left_out
from benchmarks.routing_quality.metrics import (
    Array,
    Outcomes,
    apgr,
    auc_need,
    auc_within,
    interval,
    resampled,
    strong_share,
)
from benchmarks.routing_quality.rows import PAIRS, Pair, Row
from benchmarks.routing_quality.score import score

HONEST = "unseen sources"
MIXED = ("routellm-mmlu", "routellm-gsm8k")
"""Marked for the same two models, so their questions can be mixed: then tasks have to be told apart too."""


def scorers(rows: Sequence[Row]) -> dict[str, Array]:
    """Each scorer's scores of all rows."""
    prompts = [row.prompt for row in rows]
    table = tabled(rows)
    return {
        HONEST: left_out(rows, table, by_source),
        "unseen tasks": left_out(rows, table, by_family),
        "unseen questions": left_out(rows, table, by_fold),
        "shipped (seen data)": np.array([score(prompt) for prompt in prompts]),
        "length": baselines.length(prompts),
        "keywords": baselines.keywords(prompts),
        "chance": baselines.chance(prompts),
    }


@dataclass(frozen=True, slots=True)
class OnSource:
    """What one scorer is worth on one source."""

    apgr: float
    auc_need: float
    auc_within: float
    kept_weak_95: float
    """The share of calls that stay with the weak model while 95 % of the strong one's quality is held."""
    kept_weak_99: float
    cost_95: float
    """Dollars for a thousand questions at that share."""


@dataclass(frozen=True, slots=True)
class OverAll:
    """What one scorer is worth over all sources, which count alike."""

    apgr: float
    apgr_95: tuple[float, float]
    auc_need: float
    ahead: float
    """Of length, in APGR, averaged over paired draws."""
    ahead_95: tuple[float, float]
    won: float
    """In which share of the draws it was ahead."""


def of_source(rows: Sequence[Row], source: str) -> tuple[NDArray[np.int64], Outcomes]:
    """Where the rows of a source stand, and what its pair got for them."""
    return of_sources(rows, [source])


def of_sources(rows: Sequence[Row], sources: Sequence[str]) -> tuple[NDArray[np.int64], Outcomes]:
    """Of several together, which were marked for one pair."""
    pair = PAIRS[sources[0]]
    places = np.array([place for place, row in enumerate(rows) if row.source in sources])
    weak = np.array([rows[place].scores[pair.weak] for place in places])
    strong = np.array([rows[place].scores[pair.strong] for place in places])
    return places, Outcomes(weak, strong)


def sources_of(rows: Sequence[Row]) -> list[str]:
    """The known sources that the data has."""
    present = {row.source for row in rows}
    return [source for source in PAIRS if source in present]


def by_sources(rows: Sequence[Row], scores: Array) -> dict[str, OnSource]:
    found = {}
    for source in sources_of(rows):
        places, outcomes = of_source(rows, source)
        found[source] = _on_source(scores[places], outcomes, _groups(rows, places), PAIRS[source])
    return found


def mixed(rows: Sequence[Row], scores: Array) -> OnSource:
    """The questions of `MIXED` in one heap."""
    places, outcomes = of_sources(rows, MIXED)
    return _on_source(scores[places], outcomes, _groups(rows, places), PAIRS[MIXED[0]])


def _groups(rows: Sequence[Row], places: NDArray[np.int64]) -> list[str]:
    return [rows[place].group for place in places]


def _on_source(scores: Array, outcomes: Outcomes, groups: Sequence[str], pair: Pair) -> OnSource:
    to_strong = strong_share(scores, outcomes, 0.95)
    return OnSource(
        apgr=apgr(scores, outcomes),
        auc_need=auc_need(scores, outcomes),
        auc_within=auc_within(scores, outcomes, groups),
        kept_weak_95=1 - to_strong,
        kept_weak_99=1 - strong_share(scores, outcomes, 0.99),
        cost_95=to_strong * pair.strong_price + (1 - to_strong) * pair.weak_price,
    )


def over_all(rows: Sequence[Row], all_scores: Mapping[str, Array], draws: int) -> dict[str, OverAll]:
    known = [of_source(rows, source) for source in sources_of(rows)]
    outcomes = [outcome for _, outcome in known]
    split = {name: [scores[places] for places, _ in known] for name, scores in all_scores.items()}
    macros = dict(zip(split, resampled(outcomes, list(split.values()), draws).T, strict=True))
    found = {}
    for name, parts in split.items():
        ahead = macros[name] - macros["length"]
        found[name] = OverAll(
            apgr=_mean([apgr(part, outcome) for part, outcome in zip(parts, outcomes, strict=True)]),
            apgr_95=interval(macros[name]),
            auc_need=_mean([auc_need(part, outcome) for part, outcome in zip(parts, outcomes, strict=True)]),
            ahead=_mean(ahead),
            ahead_95=interval(ahead),
            won=float(np.mean(ahead > 0)),
        )
    return found


def _mean(values: Sequence[float] | Array) -> float:
    return float(np.nanmean(values))


def as_json(
    sources: Mapping[str, Mapping[str, OnSource]], whole: Mapping[str, OverAll]
) -> dict[str, dict[str, Any]]:
    return {
        "sources": {
            name: {source: asdict(value) for source, value in by_source.items()}
            for name, by_source in sources.items()
        },
        "all": {name: asdict(value) for name, value in whole.items()},
    }
