"""Numbers at the edges of their units."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QLocale

from ui.words import duration, money, percent, short_count


@pytest.fixture
def german() -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale("de_DE"))
    yield
    QLocale.setDefault(before)


def test_a_thousand_dollars_are_never_read_as_one(german: None) -> None:
    assert (money(1.234), money(1234.4)) == ("$1.23", "$1,234")


@pytest.mark.parametrize(
    ("share", "told"),
    [(0.0, "0 %"), (0.004, "< 1 %"), (0.006, "1 %"), (0.994, "99 %"), (0.996, "> 99 %"), (1.0, "100 %")],
)
def test_little_is_not_nothing_and_nearly_all_is_not_all(share: float, told: str) -> None:
    assert percent(share) == told


@pytest.mark.parametrize(
    ("milliseconds", "told"),
    [
        (999.4, "999 ms"),
        (999.7, "1.0 s"),
        (59_940, "59.9 s"),
        (59_960, "1 min 00 s"),
        (3_599_400, "59 min 59 s"),
        (3_599_700, "1 h 00 min"),
    ],
)
def test_what_rounds_up_to_a_unit_is_told_in_it(milliseconds: float, told: str) -> None:
    assert duration(milliseconds) == told


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (999, "999"),
        (99_940, "99.9k"),
        (99_960, "100k"),
        (999_400, "999k"),
        (999_600, "1.0M"),
        (-999_600, "-1.0M"),
    ],
)
def test_nobody_reads_a_thousand_thousands(number: int, told: str) -> None:
    assert short_count(number) == told
