"""Whether model servers are told from each other and from all else, and how long a sweep over them takes.

    python -m benchmarks.detection [--rounds 5]

A second process holds everything that may be found on a port, all awake at once: servers of every sort, and
what only looks like one, stalls, floods or breaks. A sweep looks at all of them and at the usual ports, as it
would on a machine. Beside it, what a sweep costs on an ordinary one: three servers, a web page and an
application.
"""

import argparse
import asyncio
import multiprocessing
import socket
import statistics
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Final

from benchmarks.table import Table
from proxy.local.asking import asking_session
from proxy.local.glancing import glances
from proxy.local.kinds import SORTS
from proxy.local.place import IPV4, IPV6, Place
from tests.fakes.local.zoo import Animal, Finding, Resident, census, everyone, precision, recall, zoo

SWEEP_BAR_SECONDS: Final = 1.5
ORDINARY_BAR_SECONDS: Final = 0.5
ORDINARY: Final = ("Ollama", "LM Studio", "vLLM", "a page that is missing", "somebody's application")
_MS: Final = 1000


@dataclass(frozen=True)
class Address:
    """An animal in the other process."""

    animal: Animal
    place: Place


@contextmanager
def kept() -> Iterator[tuple[list[Address], Connection]]:
    """The whole zoo in a process of its own. Whatever is sent to it is answered with who was disturbed."""
    spawning = multiprocessing.get_context("spawn")
    here, there = spawning.Pipe()
    keeper = spawning.Process(target=_keep, args=(there,), daemon=True)
    keeper.start()
    there.close()
    try:
        yield [Address(*each) for each in zip(everyone(), here.recv(), strict=True)], here
    finally:
        keeper.terminate()
        keeper.join()


def _keep(connection: Connection) -> None:
    asyncio.run(_kept(connection))


async def _kept(connection: Connection) -> None:
    async with zoo() as residents:
        connection.send([each.place for each in residents])
        while await asyncio.to_thread(connection.recv):
            connection.send(disturbed(residents))


def disturbed(residents: Iterable[Resident]) -> list[str]:
    return [each.animal.name for each in residents if not each.was_left_in_peace]


def usual_ports() -> list[int]:
    return sorted({port for sort in SORTS.values() for port in sort.ports})


def vacant(ports: Iterable[int]) -> list[Place]:
    """Where nobody listens now, at both addresses."""
    places = [Place(host, port) for host in (IPV4, IPV6) for port in ports]
    return [each for each in places if _is_free(each)]


def _is_free(place: Place) -> bool:
    family = socket.AF_INET6 if ":" in place.host else socket.AF_INET
    with socket.socket(family) as tried:
        return tried.connect_ex(place.socket) != 0


async def swept(places: Iterable[Place]) -> float:
    """Seconds of one sweep, from its first question to its last answer."""
    begun = time.perf_counter()
    async with asking_session() as session:
        async for _ in glances(session, [(place, None) for place in places]):
            pass
    return time.perf_counter() - begun


def tell_findings(rounds: Sequence[Sequence[Finding]]) -> None:
    """A line for each animal: what it is, what it was taken for, and the usual time of that."""
    print(f"{'animal':<46}{'expected':<23}{'found':<23}{'ms':>6}")
    for each in zip(*rounds, strict=True):
        animal = each[0].animal
        found = " or ".join(sorted({str(finding.kind or "-") for finding in each}))
        wrong = "" if all(finding.is_right for finding in each) else "  WRONG"
        usual = statistics.median(finding.seconds for finding in each) * _MS
        print(f"{animal.name:<46}{animal.expected or '-':<23}{found:<23}{usual:>6.0f}{wrong}")


def tell_figures(
    table: Table,
    findings: Sequence[Finding],
    sweeps: Sequence[float],
    ordinary: Sequence[float],
    touched: int,
) -> None:
    right, found = precision(findings), recall(findings)
    table.tell("looks", f"{len(findings)}")
    table.tell("precision", f"{right:.3f}", "1.000", met=right == 1.0)
    table.tell("recall", f"{found:.3f}", "1.000", met=found == 1.0)
    table.tell("disturbed", f"{touched}", "0", met=not touched)
    _tell_time(table, "sweep over everything", sweeps, SWEEP_BAR_SECONDS)
    _tell_time(table, "sweep over an ordinary machine", ordinary, ORDINARY_BAR_SECONDS)


def _tell_time(table: Table, figure: str, seconds: Sequence[float], bar: float) -> None:
    usual, worst = statistics.median(seconds) * _MS, max(seconds) * _MS
    value = f"{usual:.0f} ms, worst {worst:.0f} ms"
    table.tell(figure, value, f"<= {bar * _MS:.0f} ms", met=worst <= bar * _MS)


async def measured(rounds: int) -> bool:
    with kept() as (addresses, keeper):
        empty = vacant(usual_ports())
        crowd = [each.place for each in addresses] + empty
        plain = [each.place for each in addresses if each.animal.name in ORDINARY] + empty
        await census(addresses)  # warms both processes up
        findings = [await census(addresses) for _ in range(rounds)]
        sweeps = [await swept(crowd) for _ in range(rounds)]
        ordinary = [await swept(plain) for _ in range(rounds)]
        keeper.send("who was disturbed?")
        touched = keeper.recv()
    tell_findings(findings)
    print()
    table = Table(width=28)
    tell_figures(table, [each for one in findings for each in one], sweeps, ordinary, len(touched))
    if touched:
        print("disturbed:", ", ".join(touched))
    return table.is_met


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    return 0 if asyncio.run(measured(parser.parse_args().rounds)) else 1


if __name__ == "__main__":
    sys.exit(main())
