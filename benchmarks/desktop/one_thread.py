"""What keeps the one thread for too long, and where."""

import time
from typing import Any, Final

from benchmarks.desktop.children import Child
from benchmarks.desktop.lengths import A_SECOND, PAGES, SETTLED_SECONDS
from benchmarks.desktop.surroundings import MODEL
from benchmarks.table import Table
from ui.watchdog import LIMIT_MS, LIMIT_WHILE_OPENING_MS

_TOLD: Final = 8


def tell_slices(table: Table, driven: Child, clients: Child, seconds: float) -> None:
    print()
    url = driven.hello["url"]

    def under_traffic() -> None:
        clients.ask("ask", url=url, model=MODEL, a_second=A_SECOND, seconds=seconds)

    driven.ask("count")
    time.sleep(seconds)
    _tell_slices(table, "tray only, idle", driven)
    for page in PAGES:
        driven.ask("count")
        driven.ask("open", page=page)
        time.sleep(SETTLED_SECONDS)
        _tell_slices(table, f"{page} opens", driven, LIMIT_WHILE_OPENING_MS)
    for page, name in (("overview", "Overview at 4 Hz"), ("logs", "Logs follows")):
        driven.ask("open", page=page)
        time.sleep(SETTLED_SECONDS)
        driven.ask("count")
        under_traffic()
        _tell_slices(table, f"{name}, {A_SECOND} requests/s", driven)
    if "missing" not in driven.ask("open", page="logs"):
        driven.ask("count")
        driven.ask("scroll", page="logs")
        under_traffic()
        driven.ask("stand")
        _tell_slices(table, f"Logs scrolls, {A_SECOND} requests/s", driven)
    driven.ask("count")
    driven.ask("close")
    time.sleep(SETTLED_SECONDS)
    _tell_slices(table, "the window closes", driven)
    driven.ask("count")
    driven.ask("menu", is_open=True)
    under_traffic()
    driven.ask("menu", is_open=False)
    _tell_slices(table, f"menu open, {A_SECOND} requests/s", driven)


def _tell_slices(table: Table, when: str, driven: Child, limit: float = LIMIT_MS) -> None:
    slices = driven.ask("counted")["slices"]
    ours = [each for each in slices if _is_ours(each)]
    longest = max((each["ms"] for each in ours), default=0.0)
    value = f"{len(ours):7} too long" + (f", longest {longest:.1f} ms" if ours else "")
    others = len(slices) - len(ours)
    value += f" ({others} the machine's)" if others else ""
    table.tell(f"slices, {when}", value, f"none > {limit:g} ms", met=not ours)
    for each in sorted(ours, key=lambda each: -float(each["ms"]))[:_TOLD]:
        why = "computed" if each["cpu_ms"] > each["limit_ms"] else "waited"
        print(f"    {each['ms']:6.1f} ms ({why}, CPU {each['cpu_ms']:.1f}): {each['what']} ({each['where']})")


def _is_ours(slice_: dict[str, Any]) -> bool:
    return bool(slice_["cpu_ms"] > slice_["limit_ms"] or not slice_["was_interrupted"])
