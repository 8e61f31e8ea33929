"""How routing does: the tiers and their bands, how often they were too low, and how each provider answers."""

import sqlite3
from typing import Any

from proxy.config import Config
from proxy.ledger.queries.accuracy import accuracy
from proxy.ledger.queries.statistics import provider_statistics, statistics
from proxy.ledger.queries.usage import Filters
from proxy.routing.health.board import Board
from proxy.routing.health.marks import SENTENCES
from proxy.routing.rules import described, rule_findings
from proxy.routing.score.bands import ranges
from proxy.server.dashboard.overview import widest
from proxy.server.dashboard.parts import answered, part
from proxy.server.dashboard.state import State

_DESCRIPTIONS = {
    "SIMPLE": "Short questions and small chores.",
    "MEDIUM": "Ordinary work with few steps.",
    "COMPLEX": "Work across files, with many steps.",
    "REASONING": "What needs the most thought.",
}


async def routing(state: State, filters: Filters) -> dict[str, Any]:
    config, now = state.config(), state.now()
    until = int(now * 1000) + 1

    def in_window(connection: sqlite3.Connection) -> int:
        return widest(connection, now, filters.origin)[1]

    parts = await answered(
        state.ledger,
        {
            "accuracy": lambda connection: accuracy(connection, in_window(connection), filters.origin),
            "stats": lambda connection: statistics(connection, in_window(connection), until, filters),
            "providerStats": lambda connection: provider_statistics(
                connection, in_window(connection), until, filters
            ),
            "window": lambda connection: widest(connection, now, filters.origin)[0],
        },
    )
    return {
        "tierDefinitions": part("tiers", lambda: tier_definitions(config)),
        "rules": part("rules", lambda: rules(config)),
        "override": part("override", state.override),
        "scorer": "learned" if state.judges_texts else "none",
        **parts,
        "circuitBreakers": part("breakers", lambda: breakers(state.board)),
        "marks": part("marks", lambda: marks(state.board)),
        "shadow": part(
            "shadow", lambda: {"policy": config.shadow.policy or None, "sample": config.shadow.sample}
        ),
    }


def tier_definitions(config: Config) -> dict[str, Any]:
    """Each tier's band of scores under the profile that holds, and what is in it."""
    return {
        name: {
            "description": _DESCRIPTIONS[name],
            "range": list(band),
            "priority": place,
            "enabled": config.tier(name).enabled,
            "tactic": config.tier(name).tactic,
            "services": [entry.name for entry in config.tier(name).services if entry.active],
        }
        for place, (name, band) in enumerate(ranges(config.routing).items(), start=1)
    }


def rules(config: Config) -> list[dict[str, Any]]:
    """All rules in words, those of routes first; and what keeps some from ever being judged."""
    of_routes = [(route.name, rule) for route in config.routes for rule in route.rules]
    return [
        {
            "route": route,
            "name": rule.name,
            "text": described(rule),
            "strict": rule.strict,
            "broken": " ".join(finding.message for finding in rule_findings(rule)),
        }
        for route, rule in [*of_routes, *((None, rule) for rule in config.rules)]
    ]


def breakers(board: Board) -> list[dict[str, Any]]:
    """The breakers that are known of; times are seconds from now, those gone by negative."""
    view = board.snapshot()
    return [
        {
            "name": str(each.service),
            "service": str(each.service),
            "provider": each.service.provider,
            "model": each.service.model,
            "state": each.state.value,
            "since": round(each.since - view.at, 3),
            "opens_in": None if each.opens_until is None else round(each.opens_until - view.at, 3),
            "failures": each.failures,
            "failureCount": each.failures,
            "last_failure": None if each.last_failure is None else round(each.last_failure - view.at, 3),
            "is_probed": each.is_probed,
        }
        for each in view.breakers
    ]


def marks(board: Board) -> list[dict[str, Any]]:
    """What else keeps services from being asked."""
    view = board.snapshot()
    return [
        {
            "provider": each.place.provider,
            "model": each.place.model or None,
            "key": each.place.label or None,
            "reason": each.reason.value,
            "why": SENTENCES[each.reason],
            "ends_in": None if each.until == float("inf") else round(each.until - view.at, 3),
        }
        for each in view.marks
    ]
