"""What the ledger costs: recording, room on disk, and its answers over a year of a developer's exchanges.

    python -m benchmarks.ledger [--quick]

A million exchanges are priced and written as the program does it; then every page asks its questions, each
over a connection of its own. Beside the year stands a harder record of the same size, in which any client
asks for any model at any time; it has no bars. At the end exchanges are recorded onto the year's. CPU is
counted by thread or process, so other programs disturb it less than they disturb the times of the answers.
"""

import argparse
import asyncio
import gc
import json
import os
import platform
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

import aiohttp

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:  # run as a file
    sys.path.insert(0, str(ROOT))

from benchmarks.made_exchanges import (  # noqa: E402 -- after the path is set
    RARE_PROVIDER,
    config,
    developers_year,
    hard_mix,
    written_config,
)
from benchmarks.table import Table  # noqa: E402
from proxy.exchange import Exchange, Origin  # noqa: E402
from proxy.ledger.accounting import Accounting  # noqa: E402
from proxy.ledger.housekeeping import Housekeeping  # noqa: E402
from proxy.ledger.ledger import Ledger  # noqa: E402
from proxy.ledger.queries.logs import LogFilters, Place, exchange, logs  # noqa: E402
from proxy.ledger.queries.usage import Filters, usage  # noqa: E402
from proxy.ledger.record import recorded  # noqa: E402
from proxy.ledger.rows import id_of, session_number  # noqa: E402
from proxy.ledger.scribe import Scribe, Settled  # noqa: E402
from proxy.ledger.store.database import Database, connection_of  # noqa: E402
from proxy.ledger.store.migrations import migrate  # noqa: E402
from proxy.money.catalogue import FILE, Catalogue  # noqa: E402
from proxy.routing.health.board import Board  # noqa: E402
from proxy.secret import Secret  # noqa: E402
from proxy.server.dashboard.counters import Counters  # noqa: E402
from proxy.server.dashboard.overview import overview  # noqa: E402
from proxy.server.dashboard.routing import routing  # noqa: E402
from proxy.server.dashboard.state import State  # noqa: E402
from resources import resource  # noqa: E402

MILLION: Final = 1_000_000
QUICK: Final = 100_000
RECORDED: Final = 20_000
A_SECOND: Final = 2000
AT_ONCE: Final = 10
MOST_WAITING: Final = 15_000
"""Fewer than the line holds, so that nothing is dropped."""
ROUNDS: Final = 5
ASKED: Final = 20
BATCH: Final = 1000
GATHERED: Final = 400
"""What comes together at that pace until the writer writes it."""
PAGE: Final = 100

LOOP_BAR_US, CPU_BAR_US, RATE_BAR = 15, 40, 2000
SIZE_BAR_MB: Final = 450
OVERVIEW_BAR_MS, USAGE_BAR_MS, LOG_BAR_MS = 50, 150, 20


@dataclass(frozen=True, slots=True)
class Record:
    """A database of made-up exchanges."""

    path: Path
    count: int
    now: float


class Keys:
    async def get(self, _name: str) -> Secret | None:
        return Secret("none")


# A record is built as the writer builds it, but in one go.


def new_accounting() -> Accounting:
    return Accounting(config(), Catalogue(resource(FILE).read_bytes()))


def settled(accounting: Accounting, exchanges: Iterable[Exchange]) -> Iterator[Settled]:
    for each in exchanges:
        record = recorded(each)
        session = session_number(record.session)
        yield Settled(record, session, accounting.settled(record, session))


@contextmanager
def writing(path: Path, now: float) -> Iterator[Scribe]:
    connected = Database(path).writer()
    try:
        migrate(connection_of(connected), path.parent, now)
        yield Scribe(connected, lambda: None)
    finally:
        connected.close()


def build(path: Path, exchanges: Iterable[Exchange], now: float) -> None:
    with writing(path, now) as scribe:
        rest = settled(new_accounting(), exchanges)
        while batch := list(islice(rest, BATCH)):
            scribe.write(batch)
        house = Housekeeping(lambda: now)
        while not house.keep(scribe, config()):
            pass


def built(folder: Path, name: str, make: Callable[[int, float], Iterable[Exchange]], count: int) -> Record:
    record = Record(folder / name / "tierwise.db", count, time.time())
    began = time.process_time()
    build(record.path, make(count, record.now), record.now)
    print(f"{name}: {count:,} exchanges, built in {time.process_time() - began:.0f} s of CPU", flush=True)
    return record


# The answers.


def state_of(record: Record, ledger: Ledger) -> State:
    settings = config()
    return State(
        config=lambda: settings,
        secrets=Keys(),
        ledger=ledger,
        board=Board(settings.health, time.monotonic),
        counters=Counters(Origin.CLIENT),
        origin=Origin.CLIENT,
        port=lambda: 0,
        uptime=lambda: 0.0,
        open_requests=lambda: 0,
        budgets=dict,
        repricing=lambda: None,
        override=lambda: None,
        leaves=lambda _service: False,
        judges_texts=False,
        now=lambda: record.now,
    )


def middle(connection: sqlite3.Connection) -> tuple[Place, str]:
    """The place and the id of an exchange that is neither old nor new."""
    received, seq, number = connection.execute(
        "select received, seq, id from exchanges where seq = (select max(seq) / 2 from exchanges)"
    ).fetchone()
    return Place(received, seq), id_of(number)


Asking = tuple[str, float | None, Callable[[], Awaitable[Any]]]


def questions(record: Record) -> list[Asking]:
    ledger = Ledger(record.path, record.path.parent, config())
    state = state_of(record, ledger)
    place, id_ = ledger.ask_blocking(middle)

    def page(**wanted: Any) -> Callable[[], Awaitable[Any]]:
        return lambda: ledger.ask(lambda connection: logs(connection, LogFilters(**wanted), PAGE))

    def used(window: Any) -> Callable[[], Awaitable[Any]]:
        return lambda: ledger.ask(lambda connection: usage(connection, window, record.now))

    rare, named = Filters(provider=RARE_PROVIDER), Filters(tier="REASONING", client="script")
    return [
        ("overview", OVERVIEW_BAR_MS, lambda: overview(state, Filters())),
        ("usage, 30 days", USAGE_BAR_MS, used("30d")),
        ("usage, all", None, used("all")),
        ("routing", None, lambda: routing(state, Filters())),
        ("log", LOG_BAR_MS, page()),
        ("log, a rare provider", LOG_BAR_MS, page(filters=rare)),
        ("log, a tier of a client", LOG_BAR_MS, page(filters=named)),
        ("log, errors", LOG_BAR_MS, page(errors_only=True)),
        ("log, errors of a rare provider", LOG_BAR_MS, page(filters=rare, errors_only=True)),
        ("log, a page far back", LOG_BAR_MS, page(before=place)),
        ("log, a rare provider, far back", LOG_BAR_MS, page(filters=rare, before=place)),
        ("one exchange", None, lambda: ledger.ask(lambda connection: exchange(connection, id_))),
    ]


async def timed(ask: Callable[[], Awaitable[Any]]) -> list[float]:
    """Milliseconds, the first time included: the system has the file in memory, nobody else has."""
    times = []
    for _ in range(ASKED):
        began = time.perf_counter()
        await ask()
        times.append((time.perf_counter() - began) * 1000)
    return times


def shown(times: Sequence[float]) -> str:
    return f"{statistics.median(times):7.1f} ms (most {max(times):.1f})"


async def tell_answers(table: Table, year: Record, hard: Record) -> None:
    print(f"\n{'':<42}{'  year':<23}{'  hard'}")
    for (name, bar, ask), (_, _, ask_hard) in zip(questions(year), questions(hard), strict=True):
        times, hard_times = await timed(ask), await timed(ask_hard)
        table.tell(
            name,
            f"{shown(times):<23}{shown(hard_times)}",
            "" if bar is None else f"{bar} ms",
            met=bar is None or statistics.median(times) < bar,
        )


# The overview as a program gets it: from a gateway that is a process of its own.


@contextmanager
def gateway(home: Path) -> Iterator[dict[str, str]]:
    (home / "config.toml").write_text(written_config())
    environ = {"PATH": os.environ["PATH"], "HOME": str(home), "PYTHONPATH": str(ROOT)}
    options = ["--home", str(home), "serve", "--port", "0", "--log-level", "error"]
    command = [sys.executable, "-m", "app", *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, env=environ, text=True)
    try:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())
    finally:
        process.terminate()
        process.wait(10)


async def tell_overview(table: Table, year: Record) -> None:
    with gateway(year.path.parent) as ready:
        headers = {"x-tierwise-token": ready["admin_token"]}
        async with aiohttp.ClientSession(headers=headers) as session:

            async def ask() -> None:
                async with session.get(ready["url"] + "/api/overview") as answer:
                    told = await answer.json()
                    assert answer.status == 200, told
                    assert told["window"]["requests"], told["window"]

            times = await timed(ask)
    met = statistics.median(times) < OVERVIEW_BAR_MS
    table.tell("overview over HTTP", shown(times), f"{OVERVIEW_BAR_MS} ms", met=met)


# Recording.


def todays(now: float) -> Iterator[Exchange]:
    return developers_year(RECORDED, now, days=1)


@dataclass(frozen=True, slots=True)
class Paced:
    """What so many calls at a steady pace took: each of them on the loop, and the process in all."""

    on_loop: list[float]
    cpu: float


async def all_written(ledger: Ledger, *, but: int = 0) -> None:
    while ledger.condition.waiting > but:  # noqa: ASYNC110 -- to be told of it would be work for the writer
        await asyncio.sleep(0.001)


async def paced(record: Callable[[Exchange], None], exchanges: Iterable[Exchange], ledger: Ledger) -> Paced:
    """Each is made when its time has come: one that ends was at hand a moment before, too."""
    times = []
    process_began, began = time.process_time(), time.perf_counter()
    for number, each in enumerate(exchanges):
        if number % AT_ONCE == 0:
            await asyncio.sleep(max(0.0, began + number / A_SECOND - time.perf_counter()))
        call_began = time.thread_time()
        record(each)
        times.append(time.thread_time() - call_began)
    await all_written(ledger)
    return Paced(times, time.process_time() - process_began)


async def tell_recording(table: Table, ledger: Ledger, now: float) -> None:
    medians, slow, cpus = [], [], []
    for _ in range(ROUNDS):
        idle = await paced(lambda _exchange: None, todays(now), ledger)
        busy = await paced(ledger.record, todays(now), ledger)
        watch = statistics.median(idle.on_loop)
        on_loop = sorted((each - watch) * 1e6 for each in busy.on_loop)
        medians.append(statistics.median(on_loop))
        slow.append(on_loop[len(on_loop) * 99 // 100])
        cpus.append((busy.cpu - idle.cpu) / RECORDED * 1e6)
    loop, cpu = statistics.median(medians), statistics.median(cpus)
    spread = f"{loop:7.1f} us (99 of 100 below {statistics.median(slow):.1f})"
    table.tell("recording, on the loop", spread, f"{LOOP_BAR_US} us", met=loop < LOOP_BAR_US)
    spread = f"{cpu:7.1f} us ({min(cpus):.1f} to {max(cpus):.1f})"
    table.tell(f"recording, CPU in all, at {A_SECOND}/s", spread, f"{CPU_BAR_US} us", met=cpu < CPU_BAR_US)


def tell_work(table: Table, year: Record) -> None:
    """The same work without a loop, without pauses, and as if nobody else had a machine here."""
    accounting, rest, times = new_accounting(), todays(year.now), []
    with writing(year.path, year.now) as scribe:
        while exchanges := list(islice(rest, GATHERED)):
            began = time.thread_time()
            scribe.write(list(settled(accounting, exchanges)))
            times.append((time.thread_time() - began) / len(exchanges) * 1e6)
    least, *_ = statistics.quantiles(times, n=10)
    table.tell("recording, its work alone, in one go", f"{least:7.1f} us (the quickest tenth of the batches)")


async def ticking(gaps: list[float]) -> None:
    """How much later than asked for the loop comes back."""
    while True:
        began = time.perf_counter()
        await asyncio.sleep(0.001)
        gaps.append((time.perf_counter() - began) * 1000 - 1)


async def tell_rate(table: Table, ledger: Ledger, now: float) -> None:
    exchanges = [*todays(now), *todays(now)]
    gc.collect()
    gc.freeze()  # a program holds few exchanges at a time; nobody should look through these again and again
    gaps: list[float] = []
    ticks = asyncio.create_task(ticking(gaps))
    before, began = ledger.condition.written, time.perf_counter()
    for start in range(0, len(exchanges), AT_ONCE):
        await all_written(ledger, but=MOST_WAITING)
        for each in exchanges[start : start + AT_ONCE]:
            ledger.record(each)
        await asyncio.sleep(0)
    await all_written(ledger)
    seconds = time.perf_counter() - began
    ticks.cancel()
    written = ledger.condition.written - before
    assert written == len(exchanges), ledger.condition
    assert not ledger.condition.dropped, ledger.condition
    rate = written / seconds
    table.tell("written, as fast as they come", f"{rate:7.0f}/s", f"{RATE_BAR}/s", met=rate > RATE_BAR)
    told = f"{statistics.median(gaps):7.2f} ms (most {max(gaps):.1f}, of {len(gaps)} ticks)"
    table.tell("  the loop meanwhile comes late by", told)


async def tell_writing(table: Table, year: Record) -> None:
    """Onto the record of the year, whose indexes are large by now."""
    tell_work(table, year)
    ledger = Ledger(year.path, year.path.parent, config())
    ledger.start()
    try:
        ledger.record(next(todays(year.now)))  # loads the prices
        await asyncio.wrap_future(ledger.change(lambda _scribe: None))
        await tell_recording(table, ledger, year.now)
        await tell_rate(table, ledger, year.now)
    finally:
        await ledger.stop()


async def measure(folder: Path, count: int) -> bool:
    table = Table(46)
    year = built(folder, "year", developers_year, count)
    hard = built(folder, "hard", hard_mix, count)
    print()
    bar = SIZE_BAR_MB * count / MILLION
    for record in (year, hard):
        size = Database(record.path).size / 1e6
        is_judged = record is year
        table.tell(
            f"on disk, {record.path.parent.name}",
            f"{size:7.1f} MB ({size * 1e6 / count:.0f} bytes each)",
            f"{bar:g} MB" if is_judged else "",
            met=size < bar or not is_judged,
        )
    await tell_answers(table, year, hard)
    await tell_overview(table, year)
    print()
    await tell_writing(table, year)
    return table.is_met


def noise() -> str:
    """How much others compute here, which makes all times longer."""
    versions = f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    return f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {versions}"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help=f"with {QUICK:,} exchanges")
    chosen = parser.parse_args()
    print(noise())
    with tempfile.TemporaryDirectory(prefix="ledger-") as folder:
        met = asyncio.run(measure(Path(folder), QUICK if chosen.quick else MILLION))
    print(noise())
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
