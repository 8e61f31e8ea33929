"""What a window costs the streams beside it."""

import statistics
import time
from typing import Any, Final

from benchmarks.desktop.children import Child
from benchmarks.desktop.lengths import A_SECOND, SETTLED_SECONDS, Lengths
from benchmarks.desktop.screen import Screen
from benchmarks.desktop.surroundings import MODEL, Surroundings
from benchmarks.table import Table

BESIDE_BAR_MS, SCROLLED_BAR_MS = 10, 20
STREAMS: Final = 12


def tell_streams(table: Table, screen: Screen, driven: Child, around: Surroundings, lengths: Lengths) -> None:
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
    time.sleep(SETTLED_SECONDS)
    through_it("tray only")
    driven.ask("open", page="overview")
    time.sleep(SETTLED_SECONDS)
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
