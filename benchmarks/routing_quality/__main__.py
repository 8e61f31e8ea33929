"""How well the text prior chooses between a weak and a strong model, side by side with what it must beat.

    python -m benchmarks.routing_quality --data DIR [--json FILE] [--draws 400]

"unseen sources", "unseen tasks" and "unseen questions" score each row by weights that were fitted without it
and its like. "shipped" has seen all of this data, so its figures are no promise.

    APGR     share of the gap between the models that is recovered, over all shares of strong calls; chance .5
    need     among what the strong model can do: is what the weak one cannot do ranked above? chance .5
    within   how failures of the weak model are ranked inside each topic; chance .5
    kept     share of calls that stay with the weak model at 95 or 99 % of the strong one's quality
    $        for a thousand questions at 95 %
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks.routing_quality.comparing import (
    HONEST,
    MIXED,
    OnSource,
    OverAll,
    as_json,
    by_sources,
    mixed,
    over_all,
    scorers,
    sources_of,
)
from benchmarks.routing_quality.metrics import tier_skill
from benchmarks.routing_quality.robustness import shifts
from benchmarks.routing_quality.rows import PAIRS, Pair, Row, load, marked
from benchmarks.routing_quality.score import score
from benchmarks.routing_quality.timing import memory_mb, timings
from benchmarks.table import Table
from resources import resource

MACRO_BAR: Final = 0.59
WON_BAR: Final = 0.9
WORST_BAR: Final = 0.45
TIER_AUC_BAR: Final = 0.95
TIER_RIGHT_BAR: Final = 0.89
SIZE_BAR: Final = 100_000
TIME_BARS_MS: Final = {"words met before": 0.15, "no word met before": 1.5}


def print_sources(rows: Sequence[Row], found: Mapping[str, Mapping[str, OnSource]]) -> None:
    for source in sources_of(rows):
        print_one(source, PAIRS[source], {name: by_source[source] for name, by_source in found.items()})


def print_one(title: str, pair: Pair, found: Mapping[str, OnSource]) -> None:
    print(f"\n{title}: {pair.weak} or {pair.strong}")
    print(f"{'':<22}   APGR     need   within  kept@95  kept@99        $")
    for name, on in found.items():
        print(
            f"{name:<22}{on.apgr:>7.3f}{on.auc_need:>9.3f}{on.auc_within:>9.3f}"
            f"{on.kept_weak_95:>9.3f}{on.kept_weak_99:>9.3f}{on.cost_95:>9.2f}"
        )


def print_all(whole: Mapping[str, OverAll]) -> None:
    print(
        f"\n{'all sources alike':<22}   APGR  (95 % of draws)   need  ahead of length  (95 % of draws)    won"
    )
    for name, on in whole.items():
        print(
            f"{name:<22}{on.apgr:>7.3f}{on.apgr_95[0]:>9.3f} -{on.apgr_95[1]:>6.3f}{on.auc_need:>9.3f}"
            f"{on.ahead:>+14.3f}{on.ahead_95[0]:>+12.3f} -{on.ahead_95[1]:>+7.3f}{on.won:>8.0%}"
        )
    print()


def tell_skill(table: Table, honest: OverAll, worst: float) -> None:
    table.tell("APGR, unseen sources", f"{honest.apgr:.3f}", f">= {MACRO_BAR}", met=honest.apgr >= MACRO_BAR)
    table.tell("need, unseen sources", f"{honest.auc_need:.3f}")
    table.tell("ahead of length, draws", f"{honest.won:.0%}", f">= {WON_BAR:.0%}", met=honest.won >= WON_BAR)
    table.tell("worst unseen source", f"{worst:.3f}", f">= {WORST_BAR}", met=worst >= WORST_BAR)


def tell_tiers(table: Table, rows: Sequence[Row]) -> None:
    """Labels by hand are a check of sanity: length alone passes it."""
    labelled = [(score(row.prompt), row.tier) for row in rows if row.tier is not None]
    if not labelled:
        return
    skill = tier_skill(np.array([value for value, _ in labelled]), [tier for _, tier in labelled])
    bars = f">= {TIER_AUC_BAR}", f">= {TIER_RIGHT_BAR}"
    table.tell("labels by hand, AUC", f"{skill.auc:.3f}", bars[0], met=skill.auc >= TIER_AUC_BAR)
    table.tell(
        "labels by hand, right", f"{skill.accuracy:.3f}", bars[1], met=skill.accuracy >= TIER_RIGHT_BAR
    )


def tell_cost(table: Table, prompts: Sequence[str]) -> None:
    data = resource("prior.bin").read_bytes()
    table.tell("weights", f"{len(data):,} bytes", f"<= {SIZE_BAR:,}", met=len(data) <= SIZE_BAR)
    for name, taken in timings(data, prompts).items():
        bar = TIME_BARS_MS.get(name)
        met = bar is None or taken <= bar
        table.tell(f"time, {name}", f"{taken:.3f} ms", f"<= {bar} ms" if bar else "", met=met)
    table.tell("memory of words, full", f"{memory_mb():.1f} MB")


def tell_robustness(table: Table, prompts: Sequence[str]) -> None:
    for name, (mean, most) in shifts(prompts, score).items():
        table.tell(f"rank moved by {name}", f"{mean:.4f}, 95 % of prompts by less than {most:.4f}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="a folder of JSON lines")
    parser.add_argument("--json", type=Path, help="where the figures are written")
    parser.add_argument("--draws", type=int, default=400)
    asked = parser.parse_args()
    read = load(asked.data)
    rows = marked(read)
    prompts = [row.prompt for row in rows]
    all_scores = scorers(rows)
    found = {name: by_sources(rows, scores) for name, scores in all_scores.items()}
    whole = over_all(rows, all_scores, asked.draws)
    print_sources(rows, found)
    if set(MIXED) <= set(sources_of(rows)):
        heap = {name: mixed(rows, scores) for name, scores in all_scores.items()}
        print_one(" and ".join(MIXED) + " mixed", PAIRS[MIXED[0]], heap)
    print_all(whole)
    table = Table(16)
    tell_skill(table, whole[HONEST], min(on.apgr for on in found[HONEST].values()))
    tell_tiers(table, read)
    tell_cost(table, prompts)
    tell_robustness(table, prompts)
    if asked.json:
        asked.json.write_text(json.dumps(as_json(found, whole), indent=1), encoding="utf-8")
    return 0 if table.is_met else 1


if __name__ == "__main__":
    raise SystemExit(main())
