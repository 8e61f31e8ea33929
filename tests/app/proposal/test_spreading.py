"""How the models of several vendors share the tiers, by what they cost or else by their names."""

import pytest

from app.proposal.hosted import HostedModel, Vendor, ladder
from app.proposal.prices import in_words
from app.proposal.spreading import spread
from proxy.config import TIER_NAMES, TierName
from proxy.money.rates import Prices, Rate


def one(name: str, cost: float | None, family: TierName = "COMPLEX", vendor: str = "v") -> HostedModel:
    return HostedModel(provider=vendor, model=name, cost=cost, price="some dollars", family=family)


def of(name: str, *costs: float, **said: object) -> Vendor:
    models = tuple(one(f"m{cost:g}", cost, vendor=name) for cost in costs)
    return Vendor(name=name, label=name, models=models, **said)  # type: ignore[arg-type] # a test says what it means


def spread_names(*vendors: Vendor) -> dict[str, list[str]]:
    return {tier: [choice.service.name for choice in choices] for tier, choices in spread(vendors).items()}


@pytest.mark.parametrize(
    ("count", "rungs"),
    [(1, (0, 0, 0, 0)), (2, (0, 0, 1, 1)), (3, (0, 0, 1, 2)), (4, (0, 1, 2, 3)), (6, (0, 1, 4, 5))],
)
def test_few_models_fill_several_tiers(count: int, rungs: tuple[int, ...]) -> None:
    models = [one(str(place), float(place)) for place in range(count)]
    assert [int(ladder(models)[tier].model) for tier in TIER_NAMES] == list(rungs)


def test_without_vendors_there_is_nothing() -> None:
    assert spread([]) == {}


def test_the_strongest_leads_and_others_stand_where_theirs_cost_about_the_same() -> None:
    found = spread_names(of("small", 1.0, 12.0), of("big", 10.0, 30.0, 100.0))
    assert found == {
        "SIMPLE": ["small/m1", "big/m10"],
        "MEDIUM": ["big/m10", "small/m12"],
        "COMPLEX": ["big/m30"],
        "REASONING": ["big/m100"],
    }


def test_of_equals_the_one_that_the_tiers_name_first_leads_then_whose_models_they_are() -> None:
    a, b = of("a", 1.0, 10.0), of("b", 1.0, 10.0)
    assert spread_names(b, a)["REASONING"] == ["a/m10"]
    assert spread_names(a, of("b", 1.0, 10.0, mention=2))["COMPLEX"] == ["b/m10", "a/m10"]
    assert spread_names(of("a", 1.0, 10.0, passes_on=True), b)["COMPLEX"] == ["b/m10", "a/m10"]


def test_three_are_enough_for_a_tier() -> None:
    found = spread_names(*(of(name, 10.0) for name in "abcde"))
    assert found["MEDIUM"] == ["a/m10", "b/m10", "c/m10"]


def test_without_a_price_the_name_decides_and_who_has_one_leads() -> None:
    unpriced = Vendor(
        name="u",
        label="u",
        models=(one("lite", None, "SIMPLE", "u"), one("pro", None, "REASONING", "u")),
    )
    found = spread_names(unpriced, of("p", 1.0, 3.0, 9.0))
    assert found["MEDIUM"] == ["p/m1", "u/lite"]
    assert found["REASONING"] == ["p/m9", "u/pro"]
    assert spread_names(unpriced)["COMPLEX"] == ["u/pro"]


@pytest.mark.parametrize(
    ("prices", "words"),
    [
        (None, "its price is not known"),
        (Prices(Rate(1.0), None), "its price is not known"),
        (Prices(Rate(0.075), Rate(12.5)), "$0.075 in, $12.50 out per million tokens"),
        (Prices(Rate(3.0), Rate(15.0)), "$3.00 in, $15.00 out per million tokens"),
    ],
)
def test_a_price_is_told_in_dollars(prices: Prices | None, words: str) -> None:
    assert in_words(prices) == words
