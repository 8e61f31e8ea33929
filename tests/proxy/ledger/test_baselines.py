"""What an exchange is compared with: what was asked for, else the reference."""

from typing import Any

import pytest

from proxy.ledger.baselines import Baseline, Baselines
from proxy.money.book import PriceBook
from proxy.money.caching import cache_rules
from tests.proxy.ledger.made import NOW, catalogue, config_of

OPUS = "anthropic/claude-opus-4-8"
LISTED = {"SIMPLE": {"services": [{"provider": "anthropic", "model": "claude-haiku-4-5"}]}}


def found(requested: str | None, **tables: Any) -> Baseline | None:
    config = config_of(**tables)
    return Baselines(config, PriceBook(config, catalogue())).of(requested, NOW)


def dollars(baseline: Baseline | None) -> float | None:
    assert baseline is not None
    assert baseline.prices.input is not None
    return baseline.prices.input.base


@pytest.mark.parametrize(
    ("requested", "name", "price"),
    [
        ("claude-opus-4-8", "claude-opus-4-8", 5.0),
        ("claude-opus-4-8[1m]", "claude-opus-4-8", 5.0),
        ("claude-haiku-4-5", "anthropic/claude-haiku-4-5", 1.0),
        ("claude-haiku-4-5-20251001", "claude-haiku-4-5-20251001", 1.0),
        ("anthropic/claude-opus-4-8", "anthropic/claude-opus-4-8", 5.0),
        ("Anthropic/claude-opus-4-8", "anthropic/claude-opus-4-8", 5.0),
        ("ollama/qwen3", "ollama/qwen3", 0.0),
        ("gpt-5", "gpt-5", 1.25),
        ("vendor-of-old/gpt-5", "vendor-of-old/gpt-5", 1.25),
    ],
)
def test_what_was_asked_for_is_compared_with(requested: str, name: str, price: float) -> None:
    baseline = found(requested, tiers=LISTED, savings={"reference": "openai/gpt-4.1"})
    assert baseline is not None
    assert (baseline.name, dollars(baseline), baseline.is_reference) == (name, price, False)


@pytest.mark.parametrize(
    "requested",
    [None, "", "auto", "AUTO", "claude-tierwise-auto", "simple", "claude-tierwise-complex", "my-model"],
)
def test_a_name_that_cannot_be_compared_with_leaves_the_reference(requested: str | None) -> None:
    assert found(requested) is None
    baseline = found(requested, savings={"reference": OPUS})
    assert baseline is not None
    assert (baseline.name, dollars(baseline), baseline.is_reference) == (OPUS, 5.0, True)


def test_a_reference_without_a_price_is_none() -> None:
    assert found("auto", savings={"reference": "openai/unheard-of"}) is None


def test_a_reference_at_a_provider_that_is_not_configured_is_its_vendors_model() -> None:
    baseline = found("auto", savings={"reference": "elsewhere/claude-opus-4-8"})
    assert baseline is not None
    assert (baseline.name, dollars(baseline)) == ("elsewhere/claude-opus-4-8", 5.0)
    assert baseline.entry == "anthropic/claude-opus-4-8"


def test_the_users_price_holds_for_the_service_that_has_that_model() -> None:
    prices = {"anthropic/claude-haiku-4-5": {"input": 0.4}}
    assert dollars(found("claude-haiku-4-5", tiers=LISTED, prices=prices)) == 0.4
    assert dollars(found("claude-haiku-4-5", prices=prices)) == 1.0


@pytest.mark.parametrize(
    "tiers",
    [
        {"SIMPLE": {"services": [{"provider": "off", "model": "claude-haiku-4-5"}]}},
        {"SIMPLE": {"services": [{"provider": "ollama", "model": "claude-haiku-4-5", "active": False}]}},
        {"SIMPLE": {"services": [{"provider": "gone", "model": "claude-haiku-4-5"}]}},
    ],
    ids=["switched off", "inactive", "gone"],
)
def test_a_service_that_cannot_be_asked_is_not_what_was_meant(tiers: dict[str, Any]) -> None:
    providers = {"off": {"kind": "openai", "enabled": False}, "ollama": {"kind": "ollama"}}
    baseline = found("claude-haiku-4-5", tiers=tiers, providers=providers)
    assert baseline is not None
    assert (baseline.name, dollars(baseline)) == ("claude-haiku-4-5", 1.0)


@pytest.mark.parametrize(
    ("requested", "kind"),
    [
        ("claude-opus-4-8", "anthropic"),
        ("anthropic/claude-opus-4-8", "anthropic"),
        ("gpt-5", "openai"),
        ("deepseek-chat", "deepseek"),
        ("gemini-2.5-flash", "gemini"),
        ("ollama/qwen3", "ollama"),
    ],
)
def test_its_prompts_are_cached_as_its_vendor_does(requested: str, kind: str) -> None:
    baseline = found(requested)
    assert baseline is not None
    assert baseline.rules == cache_rules(kind)


def test_prices_of_a_baseline_are_those_of_the_moment() -> None:
    """DeepSeek charges twice as much from 01:00 to 04:00 UTC."""
    config = config_of()
    baselines = Baselines(config, PriceBook(config, catalogue()))
    midnight = NOW - NOW % 86_400
    peak, quiet = (dollars(baselines.of("deepseek-v4-pro", midnight + hour * 3600)) for hour in (2, 12))
    assert peak is not None
    assert quiet is not None
    assert peak > quiet
