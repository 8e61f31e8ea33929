"""The bars of the desktop, in one run.

    python -m benchmarks.desktop [--quick]

The real program stands in a real tray, or the real face of a real application is driven from outside: pages are
opened, scrolled and closed while a provider and its clients, in processes of their own, stream through it. All
of it happens on loopback and in temporary homes, over a record of 100,000 exchanges.

Other programs on the machine make times longer; memory and CPU they hardly change. So a delay means something
beside those of the same round: `direct` is the delay without any proxy, which is the noise of the machine.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.desktop.children import Child
from benchmarks.desktop.screen import OFFSCREEN, Screen, best_screen
from benchmarks.desktop.surroundings import MODEL, Held, Surroundings, cpu_seconds, held, surroundings
from benchmarks.ledger import built
from benchmarks.made_exchanges import developers_year
from benchmarks.table import Table

TRAY_BAR_MB: Final = 140
IDLE_BAR_PERCENT: Final = 0.3
PAINT_BAR_MS: Final = 150
BESIDE_BAR_MS, SCROLLED_BAR_MS = 10, 20

RECORDED: Final = 100_000
PAGES: Final = ("overview", "usage", "routing", "logs", "providers", "tiers", "settings")
A_SECOND: Final = 20
STREAMS: Final = 12
_SETTLED_SECONDS: Final = 0.7
_CLOSED_SECONDS: Final = 3.0
_TOLD: Final = 8


@dataclass(frozen=True, slots=True)
class Lengths:
    """Seconds, and how often."""

    at_rest: float
    idle: float
    slices: float
    stream: float
    rounds: int
    processes: int


THOROUGH: Final = Lengths(at_rest=10, idle=30, slices=6, stream=2.5, rounds=3, processes=3)
QUICK: Final = Lengths(at_rest=3, idle=10, slices=3, stream=2, rounds=1, processes=1)


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
            tell_memory(table, driven)
        tell_paints(table, around, screen, lengths.processes)
        with around.program(screen) as tray, around.driven(screen, home="windows") as driven:
            tell_idle(table, tray, driven, lengths.idle)
        with around.driven(screen, "--watched", home="slices") as driven:
            tell_slices(table, driven, around.clients, lengths.slices)
        for each in (screen, OFFSCREEN) if screen is not OFFSCREEN else (OFFSCREEN,):
            with around.driven(each, home=each.name) as driven:
                tell_streams(table, each, driven, around, lengths)
    return table.is_met


# Memory, first paints, an idle core.


def tell_tray(table: Table, when: str, now: Held) -> None:
    value = f"{now.pss:7.1f} MB PSS ({now.rss:.1f} RSS)"
    table.tell(when, value, f"{TRAY_BAR_MB} MB", met=now.pss <= TRAY_BAR_MB)


def tell_memory(table: Table, driven: Child) -> None:
    """Each page once, one after the other, then the tray alone again; twice, so that leaks would show."""
    tell_tray(table, "  driven from outside", before := held(driven.pid))
    for which in ("closed again", "closed a second time"):
        for page in PAGES:
            last = held(driven.pid).rss
            told = driven.ask("open", page=page)
            time.sleep(_SETTLED_SECONDS)
            if which == "closed again":
                more = f"{held(driven.pid).rss - last:+7.1f} MB RSS"
                table.tell(f"  page {page}", f"skipped: {told['missing']}" if "missing" in told else more)
        most = held(driven.pid)
        driven.ask("close")
        time.sleep(_CLOSED_SECONDS)
        now = held(driven.pid)
        print(f"  window {which}: {now.rss - most.rss:+.1f} MB RSS, {now.rss - before.rss:+.1f} since the start")
        tell_tray(table, f"tray only, {which}", now)


def tell_paints(table: Table, around: Surroundings, screen: Screen, times: int) -> None:
    """In processes of their own: each page for the first time, then each in a window just opened."""
    first: dict[str, list[dict[str, Any]]] = {page: [] for page in PAGES}
    later: dict[str, list[dict[str, Any]]] = {page: [] for page in PAGES}
    for _ in range(times):
        with around.driven(screen, home="windows") as driven:
            for how in (first, later):
                for page in PAGES:
                    how[page].append(driven.ask("open", page=page))
                    time.sleep(_SETTLED_SECONDS)
                    if how is later:
                        driven.ask("close")
                driven.ask("close")
                time.sleep(_SETTLED_SECONDS)
    print(f"\nContent painted (of {times} processes the least disturbed; CPU of all threads until then):")
    for page in PAGES:
        for kind, each in (("first time", first[page]), ("in a new window", later[page])):
            _tell_paint(table, f"{page}, {kind}", each)


def _tell_paint(table: Table, what: str, told: list[dict[str, Any]]) -> None:
    took = [each for each in told if "missing" not in each]
    if not took:
        table.tell(what, f"skipped: {told[0]['missing']}")
        return
    best = min(took, key=lambda each: float(each["content"]))
    most = max(each["content"] for each in took)
    window = f", window {best['window']:.0f}" if "window" in best else ""
    value = f"{best['content']:4.0f} ms (to {most:.0f}; CPU {best['cpu']:.0f}; page {best['page']:.0f}{window})"
    table.tell(what, value, f"{PAINT_BAR_MS} ms", met=best["content"] < PAINT_BAR_MS)


def tell_idle(table: Table, tray: int, driven: Child, seconds: float) -> None:
    print()
    driven.ask("open", page="overview")
    time.sleep(_CLOSED_SECONDS)
    programs = {"tray only": tray, "Overview on show": driven.pid}
    before = {name: cpu_seconds(pid) for name, pid in programs.items()}
    time.sleep(seconds)
    for name, pid in programs.items():
        share = (cpu_seconds(pid) - before[name]) / seconds * 100
        met = share < IDLE_BAR_PERCENT
        table.tell(f"idle CPU over {seconds:g} s, {name}", f"{share:7.2f} %", f"{IDLE_BAR_PERCENT} %", met=met)


# Slices of the one thread.


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
        time.sleep(_SETTLED_SECONDS)
        _tell_slices(table, f"{page} opens", driven)
    for page, name in (("overview", "Overview at 4 Hz"), ("logs", "Logs follows")):
        driven.ask("open", page=page)
        time.sleep(_SETTLED_SECONDS)
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
    time.sleep(_SETTLED_SECONDS)
    _tell_slices(table, "the window closes", driven)
    driven.ask("count")
    driven.ask("menu", is_open=True)
    under_traffic()
    driven.ask("menu", is_open=False)
    _tell_slices(table, f"menu open, {A_SECOND} requests/s", driven)


def _tell_slices(table: Table, when: str, driven: Child) -> None:
    slices = driven.ask("counted")["slices"]
    ours = [each for each in slices if _is_ours(each)]
    limit = max((each["limit_ms"] for each in slices), default=5.0)
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


# Streams beside a window.


def tell_streams(
    table: Table, screen: Screen, driven: Child, around: Surroundings, lengths: Lengths
) -> None:
    """The ways take turns; a figure is the median of those of its rounds."""
    print()
    rounds = [_stream_round(driven, around, lengths.stream) for _ in range(lengths.rounds)]
    bars = {"Overview at 4 Hz": BESIDE_BAR_MS, "Logs scrolls": SCROLLED_BAR_MS}
    for way in rounds[0]:
        p50 = statistics.median(_percentile(each[way], 50) for each in rounds)
        p99s = [_percentile(each[way], 99) for each in rounds]
        p99, bar = statistics.median(p99s), bars.get(way)
        value = f"p50 {p50:5.2f}  p99 {p99:6.2f} ms ({min(p99s):.1f} to {max(p99s):.1f})"
        judged = f"p99 {bar} ms" if bar else ""
        table.tell(f"token delay, {screen.name}, {way}", value, judged, met=bar is None or p99 < bar)


def _stream_round(driven: Child, around: Surroundings, seconds: float) -> dict[str, list[float]]:
    how = {"at_once": STREAMS, "seconds": seconds}
    through: dict[str, Any] = {"url": driven.hello["url"], "streamed": MODEL, "whole": MODEL, **how}
    delays = {"direct": around.clients.ask("stream", url=around.provider, model="m", **how)["delays"]}

    def through_it(way: str) -> None:
        delays[way] = around.clients.ask("both", a_second=A_SECOND, **through)["delays"]

    driven.ask("close")
    time.sleep(_SETTLED_SECONDS)
    through_it("tray only")
    driven.ask("open", page="overview")
    time.sleep(_SETTLED_SECONDS)
    through_it("Overview at 4 Hz")
    if "missing" in (told := driven.ask("open", page="logs")):
        print(f"Logs is skipped: {told['missing']}")
        return delays
    driven.ask("scroll", page="logs")
    through_it("Logs scrolls")
    steps = driven.ask("stand")["steps"]
    assert steps > seconds, f"the log was hardly scrolled: {steps} steps"
    return delays


def _percentile(values: list[float], percent: int) -> float:
    return sorted(values)[len(values) * percent // 100]


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
