"""Each request by itself at the price of its day, of its length, and of the model that it names."""

import json

import pytest

from app.estimate.pricing import at_list_prices, shipped_catalogue
from app.estimate.request import Request
from proxy.money.catalogue import Catalogue
from proxy.wire.canonical import Usage
from tests.app.estimate.logs import NOW

USD = 1_000_000_000
CATALOGUE = {
    "date": "2026-11-14",
    "source": "a list",
    "licence": "none",
    "url": "http://127.0.0.1/",
    "providers": {
        "anthropic": {
            "models": [
                {
                    "id": "claude-made-up",
                    "prices": [[2, [[200_000, 4]]], [10]],
                    "later": [{"since": "2026-11-21", "prices": [[1], [10]]}],
                }
            ]
        }
    },
}


def cost(model: str, usage: Usage, at: float = 0.0) -> int | None:
    pricing = at_list_prices(Catalogue(json.dumps(CATALOGUE).encode()))
    return pricing(Request("Claude Code", model, at, "s", usage))


@pytest.mark.parametrize(
    ("usage", "at", "expected"),
    [
        (Usage(input=100_000, output=100_000), 0.0, 1.2 * USD),
        (Usage(input=100_000, cache_read=100_001, output=0), 0.0, 0.800004 * USD),
        (Usage(input=100_000, output=100_000), NOW.timestamp(), 1.1 * USD),
    ],
    ids=["a short prompt", "a long prompt", "later"],
)
def test_a_request_has_the_price_of_its_length_and_its_day(usage: Usage, at: float, expected: float) -> None:
    assert cost("claude-made-up", usage, at) == expected


def test_a_model_that_nobody_sells_has_no_price() -> None:
    assert cost("mystery-9", Usage(input=1, output=1)) is None
    assert cost("unknown", Usage(input=1, output=1)) is None


def test_the_prices_that_tierwise_brings_along_know_the_models_of_both_clients() -> None:
    pricing = at_list_prices(shipped_catalogue())
    for model in ("claude-opus-4-5-20251101", "claude-haiku-4-5", "gpt-5.1-codex", "gpt-5-codex"):
        assert pricing(Request("", model, NOW.timestamp(), "s", Usage(input=1_000, output=1_000))), model
