"""What the pick costs beside the next tier up, or beside the next candidate."""

from random import Random
from typing import Any

import pytest

from proxy.config import TierName
from proxy.routing.health.marks import Reason as Mark
from proxy.routing.health.standing import Condition, Standing
from proxy.routing.selection.comparison import comparison, comparison_text
from proxy.routing.selection.context import SelectionContext
from proxy.routing.selection.failover import in_order
from proxy.routing.selection.reasons import reason
from proxy.routing.selection.selector import Selector
from proxy.routing.selection.snapshot import Snapshot
from proxy.routing.service import Candidate, Service
from proxy.routing.signals import Signals
from tests.proxy.configured import configured
from tests.proxy.routing.selection.judging import Says

PROVIDERS = {"p": {"kind": "openai-compatible", "base_url": "http://p.example/v1", "key": "none"}}
TIERS = {
    "SIMPLE": {"services": ["p/s"]},
    "MEDIUM": {"services": ["p/m", "p/m2"]},
    "COMPLEX": {"services": ["p/c"]},
    "REASONING": {"services": ["p/r"]},
}


def context(prices: dict[str, float], *marked: str, tiers: Any = TIERS) -> SelectionContext:
    route = Selector(configured(providers=PROVIDERS, tiers=tiers)).routes[0]
    return SelectionContext(
        route=route,
        signals=Signals(said="words"),
        snapshot=Snapshot(prices={Service("p", model): price for model, price in prices.items()}),
        random=Random(1),
        healthy=route.able,
        judge=Says({}, otherwise=60),
        thresholds=(20, 50, 75),
        marks={Service("p", model): Standing(Condition.MARKED, 1.0, Mark.RATE_LIMITED) for model in marked},
    )


def compared(found: SelectionContext, model: str, tier: TierName | None) -> str | None:
    pick = Candidate(Service("p", model), tier=tier)
    told = comparison(found, pick, in_order(found, pick, ()))
    return None if told is None else comparison_text(told)


@pytest.mark.parametrize(
    ("prices", "told"),
    [
        ({"s": 1.0, "m": 12.0}, "medium tier would cost 12x"),
        ({"s": 1.0, "m": 1.5}, "medium tier would cost 1.5x"),
        ({"s": 1.0, "m": 3.0}, "medium tier would cost 3x"),
        ({"s": 1.0, "m": 1234.4}, "medium tier would cost 1,234x"),
        ({"s": 2.0, "m": 1.0}, "medium tier would cost only 0.5x"),
        ({"s": 2.0, "m": 2.001}, "medium tier would cost the same"),
        ({"s": 0.0, "m": 2.5}, "medium tier would cost money ($2.5 per million tokens)"),
        ({"s": 2.5, "m": 0.0}, "medium tier would cost nothing"),
        ({"s": 0.0, "m": 0.0}, None),
        ({"s": 1.0}, None),
        ({"m": 1.0}, None),
    ],
)
def test_the_next_tier_up_is_compared(prices: dict[str, float], told: str | None) -> None:
    assert compared(context(prices), "s", "SIMPLE") == told


def test_the_one_the_tier_would_begin_with_counts() -> None:
    prices = {"s": 1.0, "m": 5.0, "m2": 7.0}
    assert compared(context(prices), "s", "SIMPLE") == "medium tier would cost 5x"
    assert compared(context(prices, "m"), "s", "SIMPLE") == "medium tier would cost 7x"
    assert compared(context(prices, "m", "m2"), "s", "SIMPLE") == "medium tier would cost 5x"


def test_a_tier_that_is_empty_is_passed_over() -> None:
    found = context({"s": 1.0, "c": 8.0}, tiers={"SIMPLE": TIERS["SIMPLE"], "COMPLEX": TIERS["COMPLEX"]})
    assert compared(found, "s", "SIMPLE") == "complex tier would cost 8x"


def test_from_the_top_it_is_the_next_candidate() -> None:
    assert compared(context({"r": 10.0, "c": 5.0}), "r", "REASONING") == "p/c would cost only 0.5x"


def test_outside_all_tiers_it_is_the_next_candidate_by_the_score() -> None:
    assert compared(context({"x": 1.0, "c": 5.0}), "x", None) == "p/c would cost 5x"


def test_who_is_alone_is_compared_with_nobody() -> None:
    found = context({"s": 1.0}, tiers={"SIMPLE": TIERS["SIMPLE"]})
    assert compared(found, "s", "SIMPLE") is None


def test_words_of_another_version_are_none() -> None:
    assert comparison_text(reason("comparison.of_tomorrow", 1)) == ""
    assert comparison_text(reason("comparison.dearer", "medium tier")) == ""
