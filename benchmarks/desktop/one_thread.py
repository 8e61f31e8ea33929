"""What keeps the one thread for too long, and where."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from benchmarks.desktop.children import Child
from benchmarks.desktop.lengths import A_SECOND, PAGES, SETTLED_SECONDS
from benchmarks.desktop.readings import Traffic
from benchmarks.desktop.scenes import following_log, open_menu, overview, scrolling_log
from benchmarks.desktop.slices import Slice, Verdict
from benchmarks.desktop.surroundings import MODEL
from benchmarks.table import NotMeasuredError, Table
from ui.watchdog import LIMIT_MS, LIMIT_WHILE_OPENING_MS

_TOLD: Final = 8


def tell_slices(table: Table, driven: Child, clients: Child, seconds: float) -> None:
    print()
    with _told(table, "tray only, idle", driven):
        time.sleep(seconds)
    for page in PAGES:
        with _told(table, f"{page} opens", driven, LIMIT_WHILE_OPENING_MS):
            driven.ask("open", page=page)
            time.sleep(SETTLED_SECONDS)
    scenes = {"Overview at 4 Hz": overview, "Logs follows": following_log, "Logs scrolls": scrolling_log}
    for name, scene in scenes.items():
        with _told(table, f"{name}, {A_SECOND} requests/s", driven), scene(driven):
            driven.ask("count")  # from here on: it has opened
            _under_traffic(driven, clients, seconds)
    with _told(table, "the window closes", driven):
        driven.ask("close")
        time.sleep(SETTLED_SECONDS)
    with _told(table, f"menu open, {A_SECOND} requests/s", driven), open_menu(driven):
        _under_traffic(driven, clients, seconds)


def _under_traffic(driven: Child, clients: Child, seconds: float) -> None:
    url = driven.hello["url"]
    made = Traffic(**clients.ask("ask", url=url, model=MODEL, a_second=A_SECOND, seconds=seconds))
    if faults := made.in_words():
        raise NotMeasuredError(faults)


@contextmanager
def _told(table: Table, when: str, driven: Child, limit: float = LIMIT_MS) -> Iterator[None]:
    figure = f"slices, {when}"
    with table.measuring(figure):
        driven.ask("count")
        yield
        counted = driven.ask("counted")
        judge_slices(table, figure, counted["seen"], [Slice(**each) for each in counted["slices"]], limit)


def judge_slices(table: Table, figure: str, seen: int, slices: Sequence[Slice], limit: float) -> None:
    if not seen:
        raise NotMeasuredError("the watchdog has seen no slice")
    ours = [each for each in slices if each.verdict is not Verdict.EXCUSED]
    excused = [each for each in slices if each.verdict is Verdict.EXCUSED]
    value = f"{len(ours):7} too long of {seen}" + (f", {len(excused)} excused" if excused else "")
    table.tell(figure, value, f"none > {limit:g} ms", met=not ours)
    for each in sorted(ours, key=_longest_first)[:_TOLD]:
        print(f"    {each.in_words()}" + (f" (at {each.where})" if each.where else ""))
    if excused:
        print(f"    excused, with the longest: {min(excused, key=_longest_first).in_words().lstrip()}")


def _longest_first(slice_: Slice) -> float:
    return -slice_.ms
