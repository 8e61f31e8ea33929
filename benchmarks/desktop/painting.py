"""How soon pages are painted with their content."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from benchmarks.desktop.children import Child
from benchmarks.desktop.lengths import PAGES, SETTLED_SECONDS, STARTED_SECONDS
from benchmarks.desktop.screen import Screen
from benchmarks.desktop.surroundings import Surroundings
from benchmarks.table import NotMeasuredError, Table

PAINT_BAR_MS: Final = 150


@dataclass(frozen=True, slots=True)
class Paints:
    """Of one page; `missing` has a reason for each time at which it was not painted."""

    took: list[dict[str, Any]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    def add(self, driven: Child, page: str) -> None:
        try:
            self.took.append(driven.ask("open", page=page))
        except NotMeasuredError as error:
            self.missing.append(str(error))
        time.sleep(SETTLED_SECONDS)


def tell_paints(table: Table, around: Surroundings, screen: Screen, times: int) -> None:
    """In processes whose start is over: each page for the first time, then each in a window just opened."""
    first = {page: Paints() for page in PAGES}
    later = {page: Paints() for page in PAGES}
    for _ in range(times):
        with around.driven(screen, home="windows") as driven:
            time.sleep(STARTED_SECONDS)
            for page in PAGES:
                first[page].add(driven, page)
            for page in PAGES:
                driven.ask("close")
                time.sleep(SETTLED_SECONDS)
                later[page].add(driven, page)
    print(f"\nContent painted (the least disturbed of {times} processes; CPU of all threads until then):")
    for page in PAGES:
        for kind, paints in (("first time", first[page]), ("in a new window", later[page])):
            tell_paint(table, f"{page}, {kind}", paints.took, paints.missing)


def tell_paint(table: Table, what: str, took: Sequence[dict[str, Any]], missing: Sequence[str]) -> None:
    """A page that one process has failed to paint is none that others have painted soon."""
    with table.measuring(what):
        if missing:
            raise NotMeasuredError(missing[0])
        best = min(took, key=lambda each: float(each["content"]))
        most = max(each["content"] for each in took)
        window = f", window {best['window']:.0f}" if "window" in best else ""
        more = f"all {best['all']:.0f}, CPU {best['cpu']:.0f}{window}"
        value = f"{best['content']:4.0f} ms (to {most:.0f}; {more})"
        table.tell(what, value, f"{PAINT_BAR_MS} ms", met=best["content"] < PAINT_BAR_MS)
