"""The four figures and what has saved it, as words and lengths."""

from proxy.money.cost import NANO
from tests.ui.windows.usage.lines import line
from ui.windows.usage.figures import in_percent, share, told
from ui.windows.usage.levers import against, extent, levers


def test_what_is_unknown_is_a_dash() -> None:
    numbers = told(line(requests=2, served=2, unknown_cost=2, uncounted=2, unpriced=2))
    assert [numbers[name].figure for name in ("tokens", "cost", "saved")] == ["–", "–", "–"]
    assert dict(numbers["tokens"].parts)["Cache read"] == "–"
    assert dict(numbers["saved"].parts) == {"Of the baseline": "–", "Measured": "–", "Estimated": "–"}


def test_measured_and_estimated_are_told_apart_and_a_loss_has_a_minus() -> None:
    sums = line(
        requests=3,
        served=3,
        compared=3,
        compared_cost=5 * NANO,
        baseline=2 * NANO,
        estimated=1,
        estimated_cost=4 * NANO,
        estimated_baseline=NANO // 2,
    )
    saved = told(sums)["saved"]
    assert saved.figure == "−$3.00"
    assert dict(saved.parts) == {"Of the baseline": "−150 %", "Measured": "$0.50", "Estimated": "−$3.50"}


def test_a_subscription_stands_apart() -> None:
    assert dict(told(line(requests=5, subscription=4))["requests"].parts)["On a subscription"] == "4"


def test_the_levers_are_all_there_and_add_up() -> None:
    sums = line(
        requests=1,
        served=1,
        compared=1,
        baseline=6 * NANO,
        compared_cost=2 * NANO,
        saved_routing=5 * NANO,
        saved_local=NANO,
        saved_caching=-2 * NANO,
    )
    found = levers(sums)
    assert len(found) == 5
    assert sum(lever.dollars for lever in found) == sums["saved_usd"] == 4.0
    assert "1 out of 1 requests" in against(sums)


def test_a_gain_lies_right_of_zero_and_a_loss_left_of_it() -> None:
    gain, loss = extent(3, -1, 3, 100, 10), extent(-1, -1, 3, 100, 10)
    assert (gain.left(), gain.right()) == (25, 100)
    assert (loss.left(), loss.right()) == (0, 25)


def test_the_least_bar_is_seen_and_lies_within() -> None:
    least = extent(0.0001, -1, 0.0001, 100, 10)
    assert least.width() == 2
    assert least.right() <= 100


def test_a_loss_that_rounds_to_nothing_has_no_minus_and_few_hits_are_not_none() -> None:
    assert (in_percent(-0.3), in_percent(-0.7), share(0.004)) == ("0 %", "−1 %", "< 1 %")
