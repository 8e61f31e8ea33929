"""`python -m benchmarks.savings.record [NAME...]` records these scenarios anew, or all."""

import sys
import time
from collections import Counter

from benchmarks.savings.record.packing import save
from benchmarks.savings.record.recording import recorded
from benchmarks.savings.record.scenario import names, scenario
from benchmarks.savings.session import ENDING, SESSIONS, Session
from tests.e2e.clients.npm import MISSING


def held() -> set[str]:
    """Every second scenario of each class and client, in the order of their names."""
    seen: Counter[tuple[str, str]] = Counter()
    kept = set()
    for told in map(scenario, names()):
        seen[told.cls, told.client] += 1
        if seen[told.cls, told.client] % 2 == 0:
            kept.add(told.name)
    return kept


def main(wanted: list[str]) -> None:
    if MISSING:
        raise SystemExit(MISSING)
    kept = held()
    failed = []
    for name in wanted or names():
        began = time.monotonic()
        try:
            session = recorded(scenario(name), name in kept)
        except Exception as error:  # noqa: BLE001 -- the others are recorded all the same
            failed.append(f"{name}: {error!r}")
            continue
        save(session, SESSIONS)
        took = time.monotonic() - began
        print(f"{_told(session)}  {took:4.1f} s", flush=True)
    if failed:
        raise SystemExit("\n".join(failed))


def _told(session: Session) -> str:
    kept = (SESSIONS / f"{session.name}{ENDING}").stat().st_size
    longest = max(len(one.body) for one in session.requests)
    calls = Counter(one.call for one in session.requests)
    counted = ", ".join(f"{count} {call}" for call, count in sorted(calls.items()))
    return f"{session.name:<26}{longest:>8} B at most {kept:>7} B kept  {counted:<40}"


main(sys.argv[1:])
