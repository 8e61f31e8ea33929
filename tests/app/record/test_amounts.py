import pytest

from app.record.amounts import dollars, milliseconds, percent, tokens


@pytest.mark.parametrize(
    ("amount", "told"),
    [
        (None, "unknown"),
        (0.0, "$0.00"),
        (0.01, "$0.01"),
        (1234.5, "$1,234.50"),
        (-3.1, "-$3.10"),
        (0.0083, "$0.0083"),
        (-0.002, "-$0.0020"),
        (0.00001, "under $0.0001"),
        (-0.00001, "over -$0.0001"),
    ],
)
def test_dollars_are_told_to_the_cent_and_never_as_nothing_when_they_are_something(
    amount: float | None, told: str
) -> None:
    assert dollars(amount) == told


@pytest.mark.parametrize(
    ("count", "told"),
    [(None, "unknown"), (0, "0"), (999, "999"), (1000, "1.0k"), (2_500_000, "2.5M"), (3_000_000_000, "3.0G")],
)
def test_tokens_are_told_in_few_characters(count: int | None, told: str) -> None:
    assert tokens(count) == told


def test_what_is_unknown_says_so() -> None:
    assert (percent(None), milliseconds(None)) == ("unknown", "unknown")
    assert (percent(12.34), milliseconds(12.3), milliseconds(2100)) == ("12.3 %", "12 ms", "2.1 s")
