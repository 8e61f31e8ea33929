"""What is said of a tier as a whole, without a window."""

from typing import Any

import pytest

from ui.windows.tiers.traffic import accuracy_words, share_words


def usage(requests: int, cost: float | None, of_simple: int, cost_of_simple: float | None) -> dict[str, Any]:
    simple = {"name": "SIMPLE", "requests": of_simple, "cost_usd": cost_of_simple}
    return {"totals": {"requests": requests, "cost_usd": cost}, "by_tier": [simple]}


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (None, ""),
        (usage(0, 0.0, 0, 0.0), "No requests in the last 7 days"),
        (usage(10, 4.0, 5, 1.0), "50 % of requests (5) · 25 % of cost in 7 days"),
        (usage(10, None, 5, None), "50 % of requests (5) · – of cost in 7 days"),
        (usage(10, 0.0, 5, 0.0), "50 % of requests (5) · – of cost in 7 days"),
    ],
)
def test_the_share_of_a_tier(told: dict[str, Any] | None, words: str) -> None:
    assert share_words(told, "SIMPLE") == words


def test_how_often_a_tier_was_too_low() -> None:
    told = {"tiers": {"SIMPLE": {"requests": 20, "escalated": 3, "asked_again": 1}}}
    assert accuracy_words(told, "SIMPLE") == "15 % went on in a higher tier · 5 % were asked again"


def test_nothing_is_higher_than_the_highest_tier() -> None:
    told = {"tiers": {"REASONING": {"requests": 4, "escalated": 0, "asked_again": 1}}}
    assert accuracy_words(told, "REASONING") == "25 % were asked again"


def test_nothing_is_said_of_a_tier_that_had_no_turn() -> None:
    told = {"tiers": {"SIMPLE": {"requests": 0, "escalated": 0, "asked_again": 0}}}
    assert accuracy_words(told, "SIMPLE") == ""
    assert accuracy_words(None, "SIMPLE") == ""
