"""Whose word counts for a price: the user's, that of this machine, the catalogue's, nobody's."""

from typing import Any

import pytest

from proxy.money.book import PriceBook
from proxy.money.catalogue import FILE, Catalogue
from proxy.money.rates import FREE, Prices, PriceSource, Rate
from proxy.routing.service import Service
from resources import resource
from tests.proxy.configured import configured

CATALOGUE = Catalogue(resource(FILE).read_bytes())
NOW = 1_795_000_000.0
HAIKU = "claude-haiku-4-5"
HAIKUS = Prices(Rate(1.0), Rate(5.0), Rate(0.1), Rate(1.25), Rate(2.0))

PROVIDERS: dict[str, Any] = {
    "claude": {"kind": "anthropic"},
    "here": {"kind": "ollama"},
    "gateway": {"kind": "anthropic", "base_url": "http://127.0.0.1:9000"},
    "lan": {"kind": "ollama", "base_url": "http://10.0.0.7:11434"},
    "rented": {"kind": "openai-compatible", "base_url": "https://models.example/v1"},
    "deep": {"kind": "deepseek"},
}


def book(**prices: dict[str, float]) -> PriceBook:
    named = {name.replace("__", "/").replace("_", "-"): price for name, price in prices.items()}
    return PriceBook(configured(providers=PROVIDERS, prices=named), CATALOGUE)


@pytest.mark.parametrize(
    ("service", "source", "prices"),
    [
        (Service("claude", HAIKU), PriceSource.CATALOGUE, HAIKUS),
        (Service("here", "qwen3-coder:30b"), PriceSource.LOCAL, FREE),
        (Service("here", "claude-haiku-4-5-distilled"), PriceSource.LOCAL, FREE),
        (Service("gateway", HAIKU), PriceSource.LOCAL, FREE),
        (Service("here", "gpt-oss:120b-cloud"), PriceSource.UNPRICED, None),
        (Service("here", "glm-4.6:cloud"), PriceSource.UNPRICED, None),
        (Service("lan", "gpt-oss-120b"), PriceSource.UNPRICED, None),
        (Service("rented", HAIKU), PriceSource.UNPRICED, None),
        (Service("claude", "claude-of-next-year"), PriceSource.UNPRICED, None),
        (Service("removed", HAIKU), PriceSource.UNPRICED, None),
    ],
    ids=str,
)
def test_a_service_has_the_price_of_its_place(
    service: Service, source: PriceSource, prices: Prices | None
) -> None:
    priced = book().of(service, NOW)
    assert (priced.source, priced.prices) == (source, prices)


def test_a_price_of_the_catalogue_says_which_entry_it_is() -> None:
    assert book().of(Service("claude", "claude-haiku-4-5-20251001"), NOW).id == "anthropic/claude-haiku-4-5"


def test_the_user_has_the_first_word_and_the_catalogue_the_rest() -> None:
    priced = book(claude__claude_haiku_4_5={"output": 4.0, "cache_read": 0.0}).of(
        Service("claude", HAIKU), NOW
    )
    assert priced.source is PriceSource.USER
    assert priced.prices == Prices(Rate(1.0), Rate(4.0), Rate(0.0), Rate(1.25), Rate(2.0))


def test_a_users_price_of_writing_holds_for_an_hour_too() -> None:
    prices = book(claude__claude_haiku_4_5={"cache_write": 0.0}).of(Service("claude", HAIKU), NOW).prices
    assert prices is not None
    assert (prices.cache_write, prices.cache_write_1h) == (Rate(0.0), Rate(0.0))


def test_writing_for_an_hour_stays_as_much_dearer_as_it_is() -> None:
    prices = book(claude__claude_haiku_4_5={"cache_write": 2.5}).of(Service("claude", HAIKU), NOW).prices
    assert prices is not None
    assert (prices.cache_write, prices.cache_write_1h) == (Rate(2.5), Rate(4.0))


def test_a_user_may_price_what_the_catalogue_does_not_know() -> None:
    priced = book(rented__qwen={"input": 0.5, "output": 1.5}).of(Service("rented", "qwen"), NOW)
    assert (priced.source, priced.prices) == (PriceSource.USER, Prices(Rate(0.5), Rate(1.5)))


def test_what_runs_here_may_cost_what_the_user_says() -> None:
    priced = book(here__qwen={"output": 0.2}).of(Service("here", "qwen"), NOW)
    assert priced.source is PriceSource.USER
    assert priced.prices == Prices(output=Rate(0.2))  # what is not said is unknown: it costs something


@pytest.mark.parametrize("provider", ["claude", "here"])
def test_an_empty_table_of_prices_says_nothing(provider: str) -> None:
    table = configured(providers=PROVIDERS, prices={f"{provider}/{HAIKU}": {}})
    service = Service(provider, HAIKU)
    assert PriceBook(table, CATALOGUE).of(service, NOW) == book().of(service, NOW)


def test_a_price_for_a_provider_that_is_gone_has_no_effect() -> None:
    assert book(removed__m={"input": 1.0}).of(Service("removed", "m"), NOW).source is PriceSource.UNPRICED


def test_a_users_price_is_the_same_at_all_hours_and_the_rest_keeps_its_own() -> None:
    """DeepSeek charges twice as much from 01:00 to 04:00 UTC."""
    own = book(deep__deepseek_v4_pro={"input": 0.5})
    service = Service("deep", "deepseek-v4-pro")
    midnight = NOW - NOW % 86_400
    peak, quiet = (own.of(service, midnight + hour * 3600).prices for hour in (2, 12))
    assert peak is not None
    assert quiet is not None
    assert peak.input == quiet.input == Rate(0.5)
    assert peak.output is not None
    assert quiet.output is not None
    assert peak.output.base > quiet.output.base


def test_a_service_that_was_asked_for_by_name_has_its_own_price() -> None:
    assert book().of_requested("here/qwen3", NOW).source is PriceSource.LOCAL
    assert book(claude__claude_haiku_4_5={"input": 9.0}).of_requested(
        f"claude/{HAIKU}", NOW
    ).prices == Prices(Rate(9.0), Rate(5.0), Rate(0.1), Rate(1.25), Rate(2.0))


def test_a_model_that_was_asked_for_has_its_vendors_price() -> None:
    assert book().of_requested(HAIKU, NOW).prices == HAIKUS
    assert book().of_requested(f"anthropic/{HAIKU}", NOW).prices == HAIKUS


@pytest.mark.parametrize("model", ["auto", "simple", "reasoning", "claude-tierwise-auto", "", "qwen3:8b"])
def test_names_that_nobody_sells_have_no_price(model: str) -> None:
    assert book().of_requested(model, NOW).source is PriceSource.UNPRICED


def test_a_price_is_looked_up_once() -> None:
    class Counted(Catalogue):
        asked = 0

        def offer(self, kind: str, model: str, base_url: str = "") -> Any:
            Counted.asked += 1
            return super().offer(kind, model, base_url)

    counted = PriceBook(configured(providers=PROVIDERS), Counted(resource(FILE).read_bytes()))
    for later in range(50):
        counted.of(Service("claude", HAIKU), NOW + later)
    assert Counted.asked == 1
