"""Counts since the start in the text form that monitoring programs read."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from proxy.server.dashboard.state import State
from proxy.version import __version__

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

Sample = tuple[Mapping[str, str], float]


def metrics(state: State) -> str:
    counters, condition = state.counters, state.ledger.condition
    view = state.board.snapshot()
    families: Iterable[tuple[str, str, str, Iterable[Sample]]] = (
        ("info", "gauge", "The program that runs.", [({"version": __version__}, 1)]),
        ("uptime_seconds", "gauge", "Seconds since the start.", [({}, round(state.uptime(), 1))]),
        ("open_requests", "gauge", "Requests under way.", [({}, state.open_requests())]),
        (
            "requests_total",
            "counter",
            "Requests that are over, by who served them.",
            (
                ({"provider": provider, "tier": tier, "outcome": outcome}, n)
                for (provider, tier, outcome), n in counters.requests.items()
            ),
        ),
        (
            "attempts_total",
            "counter",
            "Tries at providers, by how they ended.",
            (
                ({"provider": provider, "result": result}, n)
                for (provider, result), n in counters.attempts.items()
            ),
        ),
        (
            "tokens_total",
            "counter",
            "Tokens of served requests, as providers count them.",
            (({"provider": provider, "kind": kind}, n) for (provider, kind), n in counters.tokens.items()),
        ),
        (
            "breaker_open",
            "gauge",
            "Whether a service is left alone for a while.",
            (({"service": str(each.service)}, float(each.state.value == "open")) for each in view.breakers),
        ),
        ("ledger_ok", "gauge", "Whether the record is being written.", [({}, float(condition.ok))]),
        ("ledger_waiting", "gauge", "Records that wait to be written.", [({}, condition.waiting)]),
        ("ledger_written_total", "counter", "Records that were written.", [({}, condition.written)]),
        ("ledger_dropped_total", "counter", "Records that were lost.", [({}, condition.dropped)]),
    )
    return "".join(line for family in families for line in _lines(*family))


def _lines(name: str, kind: str, help_text: str, samples: Iterable[Sample]) -> Iterator[str]:
    name = f"tierwise_{name}"
    yield f"# HELP {name} {help_text}\n# TYPE {name} {kind}\n"
    for labels, value in samples:
        told = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels.items())
        yield f"{name}{{{told}}} {value:.15g}\n" if told else f"{name} {value:.15g}\n"


def _escaped(text: Any) -> str:
    return str(text).replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
