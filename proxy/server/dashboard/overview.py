"""The first page: is it running, who can be used, what was done and spent today, and what is wrong."""

import asyncio
import sqlite3
from typing import Any

import msgspec

from proxy.exchange import Outcome
from proxy.ledger.queries.logs import LogFilters, logs
from proxy.ledger.queries.spans import today
from proxy.ledger.queries.statistics import statistics
from proxy.ledger.queries.usage import Filters, newest, total
from proxy.server.dashboard import referenced
from proxy.server.dashboard.parts import answered, part, part_to_come
from proxy.server.dashboard.state import State
from proxy.server.switched import told_routing
from proxy.version import __version__

_RECENT = 10
_DAY_MS = 86_400_000
_WIDTHS = (("24h", _DAY_MS), ("7d", 7 * _DAY_MS), ("30d", 30 * _DAY_MS))
ALL_TIME = "all time"


async def overview(state: State, filters: Filters) -> dict[str, Any]:
    """Every field of the reference has its name in camel case; what is beside it is ours."""
    config, counters = state.config(), state.counters
    default = part("default_provider", lambda: referenced.default_provider(config))
    (usable, warnings), parts = await asyncio.gather(_providers(state), _of_record(state, filters))
    return {
        "uptime": int(state.uptime()),
        "port": state.port(),
        "version": __version__,
        "modelProvider": default or "unknown",
        "default_provider": default,
        "providers": usable,
        "providerWarnings": warnings,
        "metrics": {
            "requestsTotal": counters.total,
            "responsesSuccess": counters.ended(Outcome.ANSWERED),
            "responsesError": counters.ended(Outcome.FAILED),
            "cancelled": counters.ended(Outcome.CANCELLED),
            "open": state.open_requests(),
        },
        **parts,
        "ledger": msgspec.to_builtins(state.ledger.condition),
        "budgets": part("budgets", state.budgets),
        "routing": part("routing", lambda: msgspec.to_builtins(told_routing(config, state.ends()))),
        "keep_bodies_days": config.ledger.keep_bodies_days,
    }


async def _providers(state: State) -> tuple[Any, Any]:
    """Those that can be used, and those that cannot; where that fails, what went wrong stands for both."""
    found = await part_to_come("providers", lambda: referenced.providers(state.config(), state.secrets))
    return found if isinstance(found, tuple) else (found, found)


async def _of_record(state: State, filters: Filters) -> dict[str, Any]:
    now = state.now()

    def stats(connection: sqlite3.Connection) -> dict[str, Any]:
        _, start = widest(connection, now, filters.origin)
        return statistics(connection, start, int(now * 1000) + 1, filters)

    return await answered(
        state.ledger,
        {
            "today": lambda connection: of_today(connection, now, filters),
            "window": lambda connection: _window(connection, now, filters),
            "stats": stats,
            "statsWindow": lambda connection: widest(connection, now, filters.origin)[0],
            "recentRequests": lambda connection: logs(connection, LogFilters(filters=filters), _RECENT)[
                "rows"
            ],
        },
    )


def widest(connection: sqlite3.Connection, now: float, origin: str) -> tuple[str, int]:
    """The narrowest of 24 hours, 7 days, 30 days and all time that has an exchange in it: name and start."""
    last = newest(connection, origin, now)
    now_ms = int(now * 1000)
    for label, width in _WIDTHS:
        if last is not None and last > now_ms - width:
            return label, now_ms - width
    return (_WIDTHS[0][0], now_ms - _DAY_MS) if last is None else (ALL_TIME, 0)


def of_today(connection: sqlite3.Connection, now: float, filters: Filters) -> dict[str, Any]:
    """The local day."""
    day = today(now)
    sums = total(connection, day.start, day.end, filters)
    return {"date": day.label, "since": day.start, "until": day.end, **sums, "cost": sums["cost_usd"]}


def _window(connection: sqlite3.Connection, now: float, filters: Filters) -> dict[str, Any]:
    label, start = widest(connection, now, filters.origin)
    end = int(now * 1000) + 1
    sums = total(connection, start, end, filters)
    return {"window": label, "since": start, "until": end, **sums, "cost": sums["cost_usd"]}
