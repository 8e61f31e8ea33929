"""How providers do, and how often a tier was too low."""

from pathlib import Path
from typing import Any

import pytest

from proxy.exchange import Exchange, Origin, Outcome, Purpose
from proxy.ledger.queries.accuracy import accuracy
from proxy.ledger.queries.statistics import provider_statistics, statistics
from proxy.ledger.queries.usage import Filters
from tests.proxy.ledger.made import NOW, attempt, exchange, failed, refused
from tests.proxy.ledger.queries.opened import opened

START, END = int(NOW - 86_400) * 1000, int(NOW + 1) * 1000


def timed(seconds: float, service: str = "anthropic/claude-haiku-4-5", **more: Any) -> Exchange:
    return exchange(
        attempt(service, began=0.0, first_byte=seconds / 2, ended=seconds), closed=seconds, **more
    )


def test_percentiles_are_a_twentieth_off_at_most(tmp_path: Path) -> None:
    with opened(tmp_path, [timed(n / 10) for n in range(1, 101)]) as connection:
        found = provider_statistics(connection, START, END, Filters())["anthropic"]
    assert found["p50"] == pytest.approx(5000, rel=0.05)
    assert found["p95"] == pytest.approx(9500, rel=0.05)
    assert found["p99"] == pytest.approx(9900, rel=0.05)
    assert found["first_byte_ms"]["p50"] == pytest.approx(2500, rel=0.05)
    assert found["total"] == 100
    assert found["avgLatency"] == pytest.approx(5050, abs=1)


def test_attempts_count_for_the_provider_they_were_made_at(tmp_path: Path) -> None:
    made = [
        exchange(refused("openai/gpt-5.4"), attempt()),
        exchange(attempt()),
        failed(refused("openai/gpt-5.4")),
    ]
    with opened(tmp_path, made) as connection:
        found = provider_statistics(connection, START, END, Filters())
    assert (found["openai"]["total"], found["openai"]["errorRate"]) == (2, 100.0)
    assert found["openai"]["errors"] == {"overloaded": 2}
    assert (found["openai"]["avgLatency"], found["openai"]["p50"], found["openai"]["totalCost"]) == (
        None,
        None,
        None,
    )
    assert (found["anthropic"]["total"], found["anthropic"]["errorRate"]) == (2, 0.0)
    assert found["anthropic"]["fallbackRate"] == 50.0
    assert found["anthropic"]["avgOutputTokens"] == 800
    assert found["anthropic"]["avgQuality"] is None


def test_a_client_that_hung_up_is_no_error_of_the_provider(tmp_path: Path) -> None:
    made = [exchange(attempt(outcome=Outcome.CANCELLED), outcome=Outcome.CANCELLED), exchange()]
    with opened(tmp_path, made) as connection:
        found = provider_statistics(connection, START, END, Filters())["anthropic"]
    assert (found["total"], found["cancelled"], found["errorRate"], found["errors"]) == (2, 1, 0.0, {})


def test_probes_and_tests_and_shadows_say_nothing_about_providers(tmp_path: Path) -> None:
    shadowed = exchange(attempt(), attempt("openai/gpt-5.4", purpose=Purpose.SHADOW))
    shadowed.serving = shadowed.attempts[0]
    with opened(
        tmp_path, [exchange(origin=Origin.PROBE), exchange(origin=Origin.TEST), shadowed]
    ) as connection:
        found = provider_statistics(connection, START, END, Filters())
    assert {name: line["total"] for name, line in found.items()} == {"anthropic": 1}


def test_attempts_can_be_narrowed_by_provider_and_model(tmp_path: Path) -> None:
    made = [timed(1.0), timed(3.0, "anthropic/claude-opus-4-8"), timed(9.0, "openai/gpt-5.4")]
    with opened(tmp_path, made) as connection:
        by_provider = provider_statistics(connection, START, END, Filters(provider="anthropic"))
        by_model = provider_statistics(connection, START, END, Filters(model="claude-opus-4-8"))
        unknown = provider_statistics(connection, START, END, Filters(provider="never heard of"))
    assert {name: line["total"] for name, line in by_provider.items()} == {"anthropic": 2}
    assert by_model["anthropic"]["p50"] == pytest.approx(3000, rel=0.05)
    assert unknown == {}


@pytest.mark.parametrize("narrowed", [{"client": "codex"}, {"tier": "COMPLEX"}, {"origin": "probe"}], ids=str)
def test_what_is_not_known_of_attempts_is_null_and_not_that_of_others(
    tmp_path: Path, narrowed: dict[str, str]
) -> None:
    wanted = {"client": "codex", "origin": Origin(narrowed.get("origin", "client"))}
    made = [timed(1.0), exchange(attempt(tier="COMPLEX", ended=3.0), closed=3.0, **wanted)]
    with opened(tmp_path, made) as connection:
        found = provider_statistics(connection, START, END, Filters(**narrowed))["anthropic"]
    assert found["avgLatency"] == 3000
    assert (found["total"], found["p50"], found["errorRate"]) == (None, None, None)


def test_rates_are_percent_with_one_decimal(tmp_path: Path) -> None:
    made = [exchange(refused(), attempt()), exchange(), failed(refused("openai/gpt-5.4"))]
    with opened(tmp_path, made) as connection:
        found = statistics(connection, START, END, Filters())
    assert (found["totalRequests"], found["errorRate"], found["fallbackRate"]) == (3, 33.3, 33.3)
    assert found["avgLatencyByProvider"] == {"anthropic": 2020}


def test_of_nothing_nothing_is_claimed(tmp_path: Path) -> None:
    with opened(tmp_path) as connection:
        assert provider_statistics(connection, START, END, Filters()) == {}
        assert statistics(connection, START, END, Filters()) == {
            "totalRequests": 0,
            "avgLatencyByProvider": {},
            "avgQualityByTier": {},
            "errorRate": None,
            "fallbackRate": None,
            "overProvisionedPct": None,
            "underProvisionedPct": None,
        }


def turn(tier: str, after: float, session: str | None = "s", **more: Any) -> Exchange:
    return exchange(attempt(tier=tier), received=NOW - 3600 + after, session=session, **more)


@pytest.mark.parametrize(
    ("turns", "low", "total"),
    [
        ([turn("SIMPLE", 0), turn("COMPLEX", 60)], 1, 2),
        ([turn("COMPLEX", 0), turn("SIMPLE", 60)], 0, 2),
        ([turn("SIMPLE", 0), turn("SIMPLE", 60)], 0, 2),
        ([turn("SIMPLE", 0), turn("COMPLEX", 601)], 0, 2),
        ([turn("SIMPLE", 0), turn("COMPLEX", 60, "another")], 0, 2),
        ([turn("SIMPLE", 0, None), turn("COMPLEX", 60, None)], 0, 0),
        ([turn("COMPLEX", 60), turn("SIMPLE", 0)], 1, 2),
        ([turn("SIMPLE", 0, origin=Origin.PROBE), turn("COMPLEX", 60)], 0, 1),
        ([turn("SIMPLE", 0), turn("MEDIUM", 1), turn("REASONING", 2)], 2, 3),
    ],
    ids=[
        "higher",
        "lower",
        "same",
        "much later",
        "another session",
        "no session",
        "a clock that stepped back",
        "a probe",
        "twice",
    ],
)
def test_a_tier_was_too_low_where_the_next_turn_soon_went_to_a_higher_one(
    tmp_path: Path, turns: list[Exchange], low: int, total: int
) -> None:
    with opened(tmp_path, turns) as connection:
        found = accuracy(connection, START)
    assert (found["underProvisioned"] or 0, found["totalRequests"]) == (low, total)
    assert found["underProvisionedPct"] == (round(100 * low / total, 1) if total else None)
    assert (found["overProvisioned"], found["overProvisionedPct"]) == (None, None)


def test_a_turn_that_failed_and_was_asked_again_is_told_apart(tmp_path: Path) -> None:
    made = [failed(refused(tier="MEDIUM"), received=NOW - 60), exchange(attempt(tier="MEDIUM"), received=NOW)]
    with opened(tmp_path, made) as connection:
        found = accuracy(connection, START)
    assert found["tiers"]["MEDIUM"] == {"requests": 2, "escalated": 0, "asked_again": 1}
