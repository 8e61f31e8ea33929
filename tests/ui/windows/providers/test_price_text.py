"""A price as people write it: what can be read in two ways is asked about, and never a thousand times off."""

import pytest

from ui.windows.providers.price_text import price_in, why_no_price


@pytest.mark.parametrize(
    ("text", "price"),
    [
        ("3", 3.0),
        ("0.25", 0.25),
        (".5", 0.5),
        ("1.250", 1.25),
        ("$1.25", 1.25),
        (" $ 1.25 ", 1.25),
        ("0,25", 0.25),
        ("12,5", 12.5),
        ("0,125", 0.125),
        ("1,2505", 1.2505),
        ("1,250.50", 1250.5),
        ("1.250,50", 1250.5),
        ("1,000,000", 1_000_000.0),
        ("1.000.000", 1_000_000.0),
    ],
)
def test_what_can_be_read_in_one_way_is_read(text: str, price: float) -> None:
    assert why_no_price(text) == ""
    assert price_in(text) == price


@pytest.mark.parametrize(
    ("text", "either", "other"),
    [("1,250", "1.25", "1250"), ("$15,000", "15", "15000"), ("1,000", "1", "1000")],
)
def test_a_lone_comma_before_three_digits_is_asked_about(text: str, either: str, other: str) -> None:
    assert why_no_price(text).endswith(f"can be read in two ways. Write {either} or {other}.")


@pytest.mark.parametrize(
    "text", ["three", "1 250", "-1", "nan", "inf", "1e3", "1,25,0", "1000001", "1.2.3", "٣"]
)
def test_what_is_no_price_is_refused_with_an_example(text: str) -> None:
    assert "such as 0.25" in why_no_price(text)


def test_an_empty_field_is_a_price_that_nobody_knows() -> None:
    assert why_no_price(" ") == ""
