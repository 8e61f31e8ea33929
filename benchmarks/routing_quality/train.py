"""Trains the weights that ship: the same data gives the same bytes.

python -m benchmarks.routing_quality.train --data DIR [--out resources/prior.bin]
"""

import argparse
from pathlib import Path

import numpy as np

from benchmarks.routing_quality.fitting import calibrated, fitted, tabled
from benchmarks.routing_quality.leaving import by_fold, left_out
from benchmarks.routing_quality.rows import load, marked
from proxy.routing.prior.features import FEATURES


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="a folder of JSON lines")
    parser.add_argument("--out", type=Path, default=Path("resources/prior.bin"))
    asked = parser.parse_args()
    rows = marked(load(asked.data))
    table = tabled(rows)
    fit = fitted(table, np.arange(len(rows)))
    weights = calibrated(fit, table, left_out(rows, table, by_fold))
    written = weights.written()
    asked.out.write_bytes(written)
    spreads = table.features.std(axis=0)
    print(f"{'feature':<18}{'weight':>10}{'centre':>10}{'x spread':>10}")
    for name, weight, centre, spread in zip(FEATURES, weights.weights, weights.centres, spreads, strict=True):
        print(f"{name:<18}{weight:>10.4f}{centre:>10.4f}{weight * spread:>10.4f}")
    least, most = weights.quantiles[1], weights.quantiles[-2]
    print(f"bias {weights.bias:.4f}; from 5 % to 95 % of prompts: {least:.3f} to {most:.3f}")
    print(f"{asked.out}: {len(written):,} bytes from {len(rows):,} rows")


if __name__ == "__main__":
    main()
