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
from benchmarks.desktop.surroundings import MODEL, Surroundings, cpu_seconds, megabytes, surroundings
from benchmarks.ledger import built
from benchmarks.made_exchanges import developers_year
from benchmarks.table import Table

TRAY_BAR_MB: Final = 140
CLOSED_BAR_MB: Final = 15
"""More than before the window was opened: modules stay loaded, widgets and rows do not."""
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
    """Seconds, and rounds."""

    at_rest: float
    idle: float
    slices: float
    stream: float
    rounds: int


THOROUGH: Final = Lengths(at_rest=10, idle=30, slices=6, stream=2.5, rounds=3)
QUICK: Final = Lengths(at_rest=3, idle=10, slices=3, stream=2, rounds=1)


def measure(folder: Path, lengths: Lengths) -> bool:
    table = Table(46)
    record = built(folder, "year", developers_year, RECORDED)
    with ExitStack() as stack:
        screen = stack.enter_context(best_screen())
        around = stack.enter_context(surroundings(folder, record.path))
        with around.program(screen) as tray:
            time.sleep(lengths.at_rest)
            tell_tray(table, megabytes(tray), lengths.at_rest)
            with around.driven(screen, home="windows") as driven:
                tell_pages(table, driven)
                tell_idle(table, tray, driven, lengths.idle)
        with around.driven(screen, "--watched", home="slices") as driven:
            tell_slices(table, driven, around.clients, lengths.slices)
        for each in (screen, OFFSCREEN) if screen is not OFFSCREEN else (OFFSCREEN,):
            with around.driven(each, home=each.name) as driven:
                tell_streams(table, each, driven, around, lengths)
    return table.is_met


# Memory, first paints, an idle core.


def tell_tray(table: Table, held: float, seconds: float) -> None:
    print()
    met = held <= TRAY_BAR_MB
    table.tell(f"tray only, after {seconds:g} s", f"{held:7.1f} MB", f"{TRAY_BAR_MB} MB", met=met)


def tell_pages(table: Table, driven: Child) -> None:
    """Each page for the first time in this process, one after the other; then each in a window just opened."""
    before = held = megabytes(driven.pid)
    cold, warm = {}, {}
    for page in PAGES:
        cold[page] = driven.ask("open", page=page)
        time.sleep(_SETTLED_SECONDS)
        now = megabytes(driven.pid)
        cold[page]["mb"], held = now - held, now
    driven.ask("close")
    time.sleep(_CLOSED_SECONDS)
    closed = megabytes(driven.pid)
    for page in PAGES:
        warm[page] = driven.ask("open", page=page)
        driven.ask("close")
        time.sleep(_SETTLED_SECONDS)
    again = megabytes(driven.pid)
    table.tell("  with a window and all pages", f"{held:7.1f} MB ({held - before:+.1f})")
    met = closed - before <= CLOSED_BAR_MB
    table.tell(
        "  after it was closed", f"{closed:7.1f} MB ({closed - before:+.1f})", f"+{CLOSED_BAR_MB} MB", met=met
    )
    table.tell("  after one more for each page", f"{again:7.1f} MB ({again - before:+.1f})")
    for page in PAGES:
        if "missing" in cold[page]:
            table.tell(f"page {page}", f"skipped: {cold[page]['missing']}")
        else:
            _tell_page(table, page, cold[page], warm[page])


def _tell_page(table: Table, page: str, cold: dict[str, Any], warm: dict[str, Any]) -> None:
    table.tell(f"page {page}", f"{cold['mb']:+7.1f} MB")
    for kind, took in (("first time", cold), ("new window", warm)):
        if "missing" in took:
            table.tell(f"  {kind}", f"failed: {took['missing']}", met=False)
            continue
        window = f", window {took['window']:.0f}" if "window" in took else ""
        value = f"{took['content']:7.0f} ms (page {took['page']:.0f}{window})"
        met = took["content"] < PAINT_BAR_MS
        table.tell(f"  content painted, {kind}", value, f"{PAINT_BAR_MS} ms", met=met)


def tell_idle(table: Table, tray: int, driven: Child, seconds: float) -> None:
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
    driven.ask("open", page="logs")
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
