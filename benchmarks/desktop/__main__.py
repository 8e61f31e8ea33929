"""The bars of the desktop, in one run.

    python -m benchmarks.desktop [--quick]

The real program stands in a real tray, or the real face of a real application is driven from outside: pages
are opened, scrolled and closed while a provider and its clients, in processes of their own, stream through
it. All of it happens on loopback and in temporary homes, over a record of 100,000 exchanges.

How to read the table
- A line is a figure, its value and, where there is one, its bar with `met` or `NOT met`. The command succeeds
  only if all bars were met and nothing is missing.
- `NOT measured` stands where there is no figure, with the reason; it counts as a bar that was missed. So does
  a scene in which nothing happened: a page that was hardly painted, a log that hardly moved, a closed menu.
- Other programs on the machine make times longer; memory they hardly change. The number of cores, the load
  and how long the same work takes again and again, at the start and at the end, say how much of that to
  expect: on a core that is shared with others, CPU times are longer, too.
- Megabytes: PSS splits what several processes hold among them, and the bar is on it; with RSS two moments of
  one process can be compared.
- Content painted: what a page shows first, with what it asked the record for; `all` of a long page is there
  a little later. Of several processes the least disturbed one is judged; `to` is the most disturbed one.
- Slices: those longer than the bar, of all that were seen. One is excused only if its own CPU time is under
  the bar, and so is all of it but the time for which the kernel had no core for it. What is not excused is
  listed with its time by the clock, its CPU, its time without a core, and why it counts: it `computed` for
  too long or `waited` by itself, for a lock, a file or another thread. Where others compute much, that may be
  a wait for the X server, which had no core either: a quiet machine tells.
- Token delay: from the sending of a token to its receiving, as the median of the rounds, with the best and
  the worst one in brackets. `direct` is the delay past the program, with the same number of streams, the same
  requests and the same window beside it, in turns with those through it: the noise of the machine. The bar is
  on the whole delay, noise included.
- `went wrong`: streams and requests that failed, ended early or had other tokens than asked for. The figures
  above it are of what did arrive, and miss their bars.
"""

import argparse
import os
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from statistics import median
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
_SAMPLES: Final = 200
_NUMBERS: Final = 400_000


def measure(folder: Path, lengths: Lengths) -> bool:
    """Where one part cannot be measured, the others still are."""
    table = Table(52)
    record = built(folder, "year", developers_year, RECORDED)
    with table.measuring("the desktop"), ExitStack() as stack:
        screen = stack.enter_context(best_screen())
        around = stack.enter_context(surroundings(folder, record.path))
        print()
        with table.measuring("tray only"), around.program(screen) as tray:
            time.sleep(lengths.at_rest)
            tell_tray(table, f"tray only, after {lengths.at_rest:g} s", held(tray))
        with table.measuring("memory"), around.driven(screen, home="windows") as driven:
            tell_memory(table, driven, lengths.windows)
        with table.measuring("content painted"):
            tell_paints(table, around, screen, lengths.processes)
        with (
            table.measuring("idle CPU"),
            around.program(screen) as tray,
            around.driven(screen, home="windows") as driven,
        ):
            tell_idle(table, tray, driven, lengths.idle)
        with table.measuring("slices"), around.driven(screen, "--watched", home="slices") as driven:
            tell_slices(table, driven, around.clients, lengths.slices)
        screens = (screen, OFFSCREEN) if screen is not OFFSCREEN else (OFFSCREEN,)
        for each in screens[: lengths.screens]:
            with table.measuring(f"token delay, {each.name}"), around.driven(each, home=each.name) as driven:
                tell_streams(table, each, driven, around, lengths)
    return table.is_met


def noise() -> str:
    """How much others compute here, and how steady a core is."""
    times = sorted(_some_work() for _ in range(_SAMPLES))
    steady = f"{times[0]:.1f} to {times[-1]:.1f} ms of CPU, as a median {median(times):.1f}"
    return f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; the same work takes {steady}"


def _some_work() -> float:
    began = time.thread_time()
    sum(range(_NUMBERS))
    return (time.thread_time() - began) * 1000


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
