"""What a window costs the streams beside it.

Each scene has the same streams twice, one after the other and in turns first: through the program, and
`direct`, past it to the provider. All else is alike: the window, and the requests that go through the program
and become rows of its log. So the two differ by what the program adds.
"""

import statistics
from dataclasses import dataclass, field
from functools import reduce
from operator import add
from typing import Any, Final

from benchmarks.desktop.children import Child
from benchmarks.desktop.lengths import A_SECOND, Lengths
from benchmarks.desktop.readings import Traffic
from benchmarks.desktop.scenes import Scene, overview, scrolling_log, tray_only
from benchmarks.desktop.screen import Screen
from benchmarks.desktop.surroundings import MODEL, Surroundings
from benchmarks.table import NotMeasuredError, Table

STREAMS: Final = 12
_DIRECT: Final = "  direct, all else alike"


@dataclass(frozen=True, slots=True)
class Way:
    """`bar`: milliseconds of the 99th percentile."""

    name: str
    scene: Scene
    bar: float | None = None


@dataclass(frozen=True, slots=True)
class Rounds:
    """What was measured in one scene, round by round; `missing` has a reason for each that was not."""

    through: list[Traffic] = field(default_factory=list)
    direct: list[Traffic] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


WAYS: Final = (
    Way("tray only", tray_only),
    Way("Overview at 4 Hz", overview, 10),
    Way("Logs scrolls", scrolling_log, 20),
)


def tell_streams(table: Table, screen: Screen, driven: Child, around: Surroundings, lengths: Lengths) -> None:
    """The scenes take turns, so that what the machine does meanwhile meets them all."""
    print()
    measured = [(way, Rounds()) for way in WAYS]
    for number in range(lengths.rounds):
        for way, rounds in measured:
            try:
                with way.scene(driven):
                    _stream(rounds, driven, around, lengths.stream, number)
            except NotMeasuredError as error:
                rounds.missing.append(str(error))
    for way, rounds in measured:
        tell_way(table, f"token delay, {screen.name}, {way.name}", way.bar, rounds)


def tell_way(table: Table, figure: str, bar: float | None, rounds: Rounds) -> None:
    """A figure is the median of those of its rounds. With a fault in either kind of streams it is not met."""
    faults = reduce(add, (*rounds.through, *rounds.direct), Traffic()).in_words()
    with table.measuring(figure):
        if rounds.missing:
            raise NotMeasuredError(rounds.missing[0])
        p99 = statistics.median(each.percentile(99) for each in rounds.through)
        judged = f"p99 {bar:g} ms" if bar is not None else "no faults" * bool(faults)
        table.tell(figure, _spread(rounds.through), judged, met=not faults and (bar is None or p99 < bar))
        with table.measuring(_DIRECT):
            table.tell(_DIRECT, _spread(rounds.direct))
    if faults:
        print(f"    went wrong: {faults}")


def _stream(rounds: Rounds, driven: Child, around: Surroundings, seconds: float, number: int) -> None:
    alike: dict[str, Any] = {"at_once": STREAMS, "seconds": seconds, "a_second": A_SECOND}
    alike |= {"rows_url": driven.hello["url"], "rows_model": MODEL}
    kinds = [(rounds.through, driven.hello["url"], MODEL), (rounds.direct, around.provider, "m")]
    for kind, url, model in kinds if number % 2 else reversed(kinds):
        kind.append(Traffic(**around.clients.ask("stream", url=url, model=model, **alike)))


def _spread(rounds: list[Traffic]) -> str:
    p50 = statistics.median(each.percentile(50) for each in rounds)
    p99s = [each.percentile(99) for each in rounds]
    return f"p50 {p50:5.2f}  p99 {statistics.median(p99s):6.2f} ms ({min(p99s):.1f} to {max(p99s):.1f})"
