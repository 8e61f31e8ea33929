"""How soon pages are painted with their content."""

import time
from typing import Any, Final

from benchmarks.desktop.lengths import PAGES, SETTLED_SECONDS, STARTED_SECONDS
from benchmarks.desktop.screen import Screen
from benchmarks.desktop.surroundings import Surroundings
from benchmarks.table import Table

PAINT_BAR_MS: Final = 150


def tell_paints(table: Table, around: Surroundings, screen: Screen, times: int) -> None:
    """In processes whose start is over: each page for the first time, then each in a window just opened."""
    first: dict[str, list[dict[str, Any]]] = {page: [] for page in PAGES}
    later: dict[str, list[dict[str, Any]]] = {page: [] for page in PAGES}
    for _ in range(times):
        with around.driven(screen, home="windows") as driven:
            time.sleep(STARTED_SECONDS)
            for how in (first, later):
                for page in PAGES:
                    how[page].append(driven.ask("open", page=page))
                    time.sleep(SETTLED_SECONDS)
                    if how is later:
                        driven.ask("close")
                driven.ask("close")
                time.sleep(SETTLED_SECONDS)
    print(f"\nContent painted (of {times} processes the least disturbed; CPU of all threads until then):")
    for page in PAGES:
        for kind, each in (("first time", first[page]), ("in a new window", later[page])):
            _tell_paint(table, f"{page}, {kind}", each)


def _tell_paint(table: Table, what: str, told: list[dict[str, Any]]) -> None:
    took = [each for each in told if "missing" not in each]
    if not took:
        table.tell(what, f"failed: {told[0]['missing']}", f"{PAINT_BAR_MS} ms", met=False)
        return
    best = min(took, key=lambda each: float(each["content"]))
    most = max(each["content"] for each in took)
    window = f", window {best['window']:.0f}" if "window" in best else ""
    more = f"CPU {best['cpu']:.0f}; page {best['page']:.0f}{window}"
    value = f"{best['content']:4.0f} ms (to {most:.0f}; {more})"
    table.tell(what, value, f"{PAINT_BAR_MS} ms", met=best["content"] < PAINT_BAR_MS)
