"""What the program holds and burns while nothing happens: in the tray, and with a window."""

import time
from typing import Final

from benchmarks.desktop.children import Child
from benchmarks.desktop.lengths import PAGES, SETTLED_SECONDS, STARTED_SECONDS
from benchmarks.desktop.surroundings import Held, cpu_seconds, held
from benchmarks.table import Table

TRAY_BAR_MB: Final = 140
IDLE_BAR_PERCENT: Final = 0.3
_CLOSED_SECONDS: Final = 2.0


def tell_tray(table: Table, when: str, now: Held) -> None:
    value = f"{now.pss:7.1f} MB PSS ({now.rss:.1f} RSS)"
    table.tell(when, value, f"{TRAY_BAR_MB} MB", met=now.pss <= TRAY_BAR_MB)


def tell_memory(table: Table, driven: Child, windows: int) -> None:
    """Each page once, one after the other, then the tray alone again; with a second window a leak shows."""
    tell_tray(table, "  driven from outside", before := held(driven.pid))
    for which in ("closed again", "closed a second time")[:windows]:
        for page in PAGES:
            with table.measuring(f"  page {page}"):
                last = held(driven.pid).rss
                driven.ask("open", page=page)
                time.sleep(SETTLED_SECONDS)
                if which == "closed again":
                    table.tell(f"  page {page}", f"{held(driven.pid).rss - last:+7.1f} MB RSS")
        with table.measuring(f"tray only, {which}"):
            most = held(driven.pid)
            driven.ask("close")
            time.sleep(_CLOSED_SECONDS)
            now = held(driven.pid)
            change = f"{now.rss - most.rss:+.1f} MB RSS, {now.rss - before.rss:+.1f} since the start"
            table.tell(f"  window {which}", change)
            tell_tray(table, f"tray only, {which}", now)


def tell_idle(table: Table, tray: int, driven: Child, seconds: float) -> None:
    print()
    driven.ask("open", page="overview")
    time.sleep(STARTED_SECONDS)
    programs = {"tray only": tray, "Overview on show": driven.pid}
    before = {name: cpu_seconds(pid) for name, pid in programs.items()}
    time.sleep(seconds)
    for name, pid in programs.items():
        what = f"idle CPU over {seconds:g} s, {name}"
        with table.measuring(what):
            share = (cpu_seconds(pid) - before[name]) / seconds * 100
            table.tell(what, f"{share:7.2f} %", f"{IDLE_BAR_PERCENT} %", met=share < IDLE_BAR_PERCENT)
