"""A price for all of a prompt: steps begin above their start."""

import pytest

from proxy.money.rates import FREE, Prices, Rate

STEPPED = Rate(1.25, ((200_000, 2.5), (500_000, 4.0)))


@pytest.mark.parametrize(
    ("prompt", "price"),
    [
        (0, 1.25),
        (199_999, 1.25),
        (200_000, 1.25),
        (200_001, 2.5),
        (500_000, 2.5),
        (500_001, 4.0),
        (2_000_000, 4.0),
    ],
)
def test_a_prompt_above_the_start_of_a_step_pays_its_price(prompt: int, price: float) -> None:
    assert STEPPED.for_prompt(prompt) == price


def test_a_price_without_steps_is_the_same_for_every_prompt() -> None:
    assert Rate(3.0).for_prompt(1) == Rate(3.0).for_prompt(10**7) == 3.0


def test_free_is_a_price_of_nothing_and_not_an_unknown_one() -> None:
    kinds = (FREE.input, FREE.output, FREE.cache_read, FREE.cache_write, FREE.cache_write_1h)
    assert kinds == (Rate(0.0),) * 5
    assert Prices().input is None
