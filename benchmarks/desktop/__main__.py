"""The bars of the desktop, in one run.

    python -m benchmarks.desktop [--quick]

The real program stands in a real tray, or the real face of a real application is driven from outside: pages
are opened, scrolled and closed while a provider and its clients, in processes of their own, stream through
it. All of it happens on loopback and in temporary homes, over a record of 100,000 exchanges.

Other programs on the machine make times longer; memory and CPU they hardly change. So a delay means something
beside those of the same round: `direct` is the delay without any proxy, which is the noise of the machine.
"""

import argparse
import os
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from benchmarks.desktop.at_rest import tell_idle, tell_memory, tell_tray
from benchmarks.desktop.lengths import QUICK, THOROUGH, Lengths
from benchmarks.desktop.one_thread import tell_slices
from benchmarks.desktop.painting import tell_paints
from benchmarks.desktop.screen import OFFSCREEN, best_screen
from benchmarks.desktop.streaming import tell_streams
from benchmarks.desktop.surroundings import held, surroundings
from benchmarks.ledger import built
from benchmarks.made_exchanges import developers_year
from benchmarks.table import Table

RECORDED: Final = 100_000


def measure(folder: Path, lengths: Lengths) -> bool:
    table = Table(52)
    record = built(folder, "year", developers_year, RECORDED)
    with ExitStack() as stack:
        screen = stack.enter_context(best_screen())
        around = stack.enter_context(surroundings(folder, record.path))
        print()
        with around.program(screen) as tray:
            time.sleep(lengths.at_rest)
            tell_tray(table, f"tray only, after {lengths.at_rest:g} s", held(tray))
        with around.driven(screen, home="windows") as driven:
            tell_memory(table, driven, lengths.windows)
        tell_paints(table, around, screen, lengths.processes)
        with around.program(screen) as tray, around.driven(screen, home="windows") as driven:
            tell_idle(table, tray, driven, lengths.idle)
        with around.driven(screen, "--watched", home="slices") as driven:
            tell_slices(table, driven, around.clients, lengths.slices)
        screens = (screen, OFFSCREEN) if screen is not OFFSCREEN else (OFFSCREEN,)
        for each in screens[: lengths.screens]:
            with around.driven(each, home=each.name) as driven:
                tell_streams(table, each, driven, around, lengths)
    return table.is_met


def noise() -> str:
    """How much others compute here, which makes all times longer."""
    return f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="shorter, with one round of streams")
    chosen = parser.parse_args()
    print(noise())
    with tempfile.TemporaryDirectory(prefix="desktop-") as folder:
        met = measure(Path(folder), QUICK if chosen.quick else THOROUGH)
    print(noise())
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
