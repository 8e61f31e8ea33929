"""Prices that a proposal goes by: those of a whole day, and unknown ones as unknown."""

import pytest

from app.proposal.here import shipped_prices
from app.proposal.prices import cost_of_turn, distance, in_words
from app.settings import Settings
from proxy.config import ProviderConfig
from proxy.money.rates import FREE, Prices, Rate

NOON = 1_790_000_000.0


def test_a_price_that_holds_for_some_hours_only_is_not_the_one_that_counts() -> None:
    deepseek = ProviderConfig(kind="deepseek")
    every_hour = {
        shipped_prices(NOON + hour * 3600).of(Settings(), "deepseek", deepseek, "deepseek-v4-pro")
        for hour in range(24)
    }
    assert len(every_hour) == 1
    assert None not in every_hour


def test_what_is_not_known_is_no_price_and_not_free() -> None:
    assert shipped_prices(NOON).of(Settings(), "x", ProviderConfig(kind="openai"), "nobody-knows") is None
    assert cost_of_turn(None) is None
    assert cost_of_turn(Prices(input=Rate(1.0))) is None
    assert in_words(None) == "its price is not known"
    assert cost_of_turn(FREE) == 0.0


def test_a_turn_has_a_long_prompt_and_a_short_answer() -> None:
    assert cost_of_turn(Prices(input=Rate(1.0), output=Rate(10.0))) == pytest.approx(0.04)


def test_what_is_free_is_as_far_as_can_be_from_what_costs() -> None:
    assert distance(1.0, 2.0) == pytest.approx(distance(2.0, 1.0))
    assert distance(0.0, 1.0) == float("inf")
