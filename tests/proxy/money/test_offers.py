"""Prices that hold from a day on, and at certain hours."""

from datetime import UTC, datetime

import pytest

from proxy.money.offers import Offer, seasons
from proxy.money.rates import Priced, Prices, PriceSource, Rate


def priced(price: float) -> Priced:
    return Priced(Prices(Rate(price)), PriceSource.CATALOGUE)


def price_at(offer: Offer, moment: str) -> float | None:
    prices = offer.at(datetime.fromisoformat(moment).replace(tzinfo=UTC).timestamp()).prices
    return prices.input.base if prices is not None and prices.input is not None else None


def offer(*, since: str = "", hours: tuple[str, str] | None = None) -> Offer:
    return Offer(priced(1.0), tuple(seasons(priced(2.0), since, hours)))


@pytest.mark.parametrize(
    ("moment", "price"),
    [("2026-03-12T23:59:59", 1.0), ("2026-03-13T00:00:00", 2.0), ("2027-01-01T12:00:00", 2.0)],
)
def test_a_new_price_holds_from_midnight_utc_of_its_day(moment: str, price: float) -> None:
    assert price_at(offer(since="2026-03-13"), moment) == price


@pytest.mark.parametrize(
    ("moment", "price"),
    [
        ("2026-11-21T00:29:59", 1.0),
        ("2026-11-21T00:30:00", 2.0),
        ("2026-11-21T16:29:59", 2.0),
        ("2026-11-21T16:30:00", 1.0),
    ],
)
def test_hours_have_their_own_price_every_day(moment: str, price: float) -> None:
    assert price_at(offer(hours=("00:30", "16:30")), moment) == price


@pytest.mark.parametrize(
    ("moment", "price"),
    [
        ("2026-11-21T21:59:59", 1.0),
        ("2026-11-21T22:00:00", 2.0),
        ("2026-11-22T05:59:59", 2.0),
        ("2026-11-22T06:00:00", 1.0),
    ],
)
def test_hours_may_go_over_midnight(moment: str, price: float) -> None:
    assert price_at(offer(hours=("22:00", "06:00")), moment) == price


def test_hours_that_begin_on_a_day_wait_for_it() -> None:
    both = offer(since="2026-03-13", hours=("01:00", "04:00"))
    assert price_at(both, "2026-03-12T02:00:00") == 1.0
    assert price_at(both, "2026-03-13T02:00:00") == 2.0
    assert price_at(both, "2026-03-13T05:00:00") == 1.0


def test_of_two_seasons_the_first_counts() -> None:
    both = Offer(
        priced(1.0), (*seasons(priced(3.0), "2026-03-13", None), *seasons(priced(2.0), "2026-01-01", None))
    )
    assert [price_at(both, f"{day}T12:00:00") for day in ("2025-12-31", "2026-02-01", "2026-04-01")] == [
        1,
        2,
        3,
    ]
