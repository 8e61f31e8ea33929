"""Every field of an older dashboard's contract is there under its name, and means what it meant.

What nobody can measure has its name too, and is null.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from proxy.config import TIER_NAMES
from proxy.exchange import Exchange
from proxy.version import __version__
from tests.proxy.ledger.made import attempt, config_of, exchange, failed, refused
from tests.proxy.server.dashboard.stage import Dashboard, dashboard

CONFIG = config_of(
    savings={"reference": "anthropic/claude-opus-4-8"},
    tiers={
        "SIMPLE": {"services": [{"provider": "ollama", "model": "qwen3"}]},
        "COMPLEX": {"services": [{"provider": "gone", "model": "m"}]},
    },
)

Check = Callable[[Any], bool]


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def is_null(value: Any) -> bool:
    return value is None


def is_(expected: Any) -> Check:
    return lambda value: bool(value == expected)


def list_of(**fields: Check) -> Check:
    return lambda value: (
        bool(value)
        and all(name in each and check(each[name]) for each in value for name, check in fields.items())
    )


def by_name(**fields: Check) -> Check:
    return lambda value: list_of(**fields)(list(value.values()))


def made() -> list[Exchange]:
    """Three answered, one of them by the second provider asked, and one that nobody answered."""
    now = time.time()
    return [
        exchange(attempt("ollama/qwen3"), received=now),
        exchange(refused("openai/gpt-5.4"), attempt(tier="MEDIUM"), received=now),
        exchange(attempt(tier="COMPLEX"), received=now),
        failed(refused("openai/gpt-5.4"), received=now),
    ]


MONEY: Mapping[str, Check] = {
    "actualCost": is_number,  # what was paid, in dollars, other attempts included
    "flagshipCost": is_number,  # what the same tokens would have cost with what was asked for
    "saved": is_number,  # the difference
    "savedPercent": is_number,  # of flagshipCost
}
TOKENS: Mapping[str, Check] = {
    "inputTokens": is_count,  # the whole prompt, what came from a cache and what went into one included
    "outputTokens": is_count,
    "totalTokens": is_count,  # both together
}
GROUP = {"requests": is_count, **TOKENS}
TOTALS = {
    "requests": is_(4),  # of clients; probes and tests never count
    **TOKENS,
    **MONEY,
    "fallbacks": is_(1),  # requests with more than one attempt
    "errors": is_(1),  # requests that nobody answered, or whose answer broke off
}

OVERVIEW: Mapping[str, Check] = {
    "uptime": is_count,  # whole seconds
    "port": is_count,
    "version": is_(__version__),
    "modelProvider": is_text,  # who is asked first where nothing else is said, or "unknown"
    "providers": list_of(
        name=is_text, type=lambda v: v in ("local", "cloud"), tiers=lambda v: isinstance(v, list)
    ),
    "providerWarnings": list_of(name=is_("gone"), type=is_null, tiers=is_(["COMPLEX"]), missing=is_text),
    "statsWindow": is_("24h"),  # the narrowest of 24h, 7d, 30d and all time that has data
    "metrics.requestsTotal": is_(0),  # since the start; none of these were asked of this process
    "metrics.responsesSuccess": is_(0),
    "metrics.responsesError": is_(0),
    "today.requests": is_count,  # of the local day
    "today.totalTokens": is_count,
    "today.cost": is_number,
    "today.saved": is_number,
    "today.savedPercent": is_number,
    "stats.totalRequests": is_(4),  # in the window
    "stats.avgLatencyByProvider": is_({"anthropic": 2020, "ollama": 2020}),  # ms, of those it has answered
    "stats.avgQualityByTier": is_({}),  # nobody measures quality
    "stats.errorRate": is_(25.0),  # percent, one decimal
    "stats.overProvisionedPct": is_null,  # cannot be seen
    "stats.underProvisionedPct": is_number,  # turns soon followed by one of a higher tier
    "recentRequests": lambda rows: len(rows) == 4,  # the last ten, as rows of the log
}
USAGE: Mapping[str, Check] = {
    "window": is_("7d"),
    "since": is_count,  # milliseconds since 1970
    "flagship": is_("anthropic/claude-opus-4-8"),  # what is compared with where no priced model was asked for
    **{f"totals.{name}": check for name, check in TOTALS.items()},
    "byTier": by_name(**GROUP),
    "byProvider": by_name(**GROUP),
    "byModel": by_name(**GROUP),
    "byTier.SIMPLE.savedPercent": is_(100.0),
    "byModel.claude-haiku-4-5.actualCost": is_number,
    "byModel.claude-haiku-4-5.flagshipCost": is_number,
    "byModel.claude-haiku-4-5.saved": is_number,
    "daily": list_of(label=is_text, total=is_count, byTier=lambda v: isinstance(v, dict), cost=is_number),
}
ROUTING: Mapping[str, Check] = {
    **{
        f"tierDefinitions.{tier}.{field}": check
        for tier in TIER_NAMES
        for field, check in {
            "description": is_text,
            "range": lambda v: v[0] <= v[1],
            "priority": is_count,
        }.items()
    },
    "accuracy.totalRequests": is_count,
    "accuracy.overProvisioned": is_null,
    "accuracy.underProvisioned": is_count,
    "accuracy.overProvisionedPct": is_null,
    "accuracy.underProvisionedPct": is_number,
    "stats.totalRequests": is_(4),
    "stats.errorRate": is_(25.0),
    "providerStats.openai.total": is_(2),  # attempts
    "providerStats.openai.errorRate": is_(100.0),  # percent of the attempts
    "providerStats.openai.avgLatency": is_null,  # it has answered nothing
    "providerStats.anthropic.total": is_(2),
    "providerStats.anthropic.avgLatency": is_(2020),  # ms
    "providerStats.anthropic.avgQuality": is_null,
    "providerStats.anthropic.avgOutputTokens": is_(800),
    "providerStats.anthropic.errorRate": is_(0.0),
    "providerStats.anthropic.fallbackRate": is_(
        50.0
    ),  # percent of its answers that another was asked for first
    "providerStats.anthropic.avgTokensPerSecond": is_number,
    "providerStats.anthropic.totalCost": is_number,
    "providerStats.anthropic.p50": is_number,
    "providerStats.anthropic.p95": is_number,
    "providerStats.anthropic.p99": is_number,
    "circuitBreakers": is_([]),
    "window": is_("24h"),
}
ROW: Mapping[str, Check] = {
    "request_id": is_text,
    "session_id": is_text,  # what tells sessions apart, not what clients call them
    "timestamp": is_count,  # milliseconds since 1970
    "complexity_score": is_null,  # none was given
    "tier": is_("MEDIUM"),
    "input_tokens": is_(20),  # those that were neither read from a cache nor written to one
    "provider": is_("anthropic"),  # who answered
    "model": is_("claude-haiku-4-5"),
    "routing_method": is_("tier"),
    "was_fallback": is_(1),  # 1: somebody else was asked before
    "output_tokens": is_(800),
    "latency_ms": is_(2020),  # until the last byte
    "status_code": is_(200),  # what the client was answered
    "error_type": is_null,
    "cost_usd": is_number,
    "retry_count": is_(1),
    "tokens_per_second": is_number,
    "cache_read_tokens": is_(30_000),
    "cache_creation_tokens": is_(1_000),
}


@asynccontextmanager
async def shown(folder: Path) -> Any:
    async with dashboard(
        folder, CONFIG, made(), secrets={"provider/anthropic": "k", "provider/openai": "k"}
    ) as here:
        yield here


def at(page: Any, path: str) -> Any:
    for name in path.split(".") if "claude-haiku-4-5" not in path else _around(path, "claude-haiku-4-5"):
        assert name in page, f"{path}: {name} is not there"
        page = page[name]
    return page


def _around(path: str, name: str) -> Iterator[str]:
    before, _, after = path.partition(f".{name}.")
    yield from (before, name, after)


async def row_of(here: Dashboard) -> Any:
    rows = (await here.logs())["rows"]
    return next(row for row in rows if row["tier"] == "MEDIUM")


@pytest.mark.parametrize(
    ("page", "fields"),
    [
        (Dashboard.overview, OVERVIEW),
        (Dashboard.usage, USAGE),
        (Dashboard.routing, ROUTING),
        (row_of, ROW),
    ],
    ids=["overview", "usage", "routing", "a row of the log"],
)
async def test_every_field_is_there_and_means_what_it_says(
    tmp_path: Path, page: Callable[[Dashboard], Any], fields: Mapping[str, Check]
) -> None:
    async with shown(tmp_path) as here:
        answer = await page(here)
    wrong = {name: at(answer, name) for name, check in fields.items() if not check(at(answer, name))}
    assert not wrong


async def test_rows_of_the_overview_are_rows_of_the_log(tmp_path: Path) -> None:
    async with shown(tmp_path) as here:
        assert (await here.overview())["recentRequests"] == (await here.logs(limit=10))["rows"]
