"""Allowances: what is unknown stays unknown, and the tightest of what counts speaks for a provider."""

from dataclasses import replace

import pytest

from proxy.money.quota import Allowance, AllowanceKind, tightest

NOW = 1_000_000.0
PLAIN = Allowance(provider="p", key="keyring", window="w", seen_at=NOW)


@pytest.mark.parametrize(
    ("told", "used_up", "used"),
    [
        ({}, False, None),
        ({"limit": 100.0}, False, None),
        ({"used_percent": 0.0}, False, 0.0),
        ({"used_percent": 99.99}, False, 99.99),
        ({"used_percent": 100.0}, True, 100.0),
        ({"used_percent": 130.0}, True, 130.0),
        ({"remaining": 0.01}, False, None),
        ({"remaining": 0.0}, True, 100.0),
        ({"remaining": -3.0}, True, 100.0),
        ({"remaining": 5.0, "used_percent": 100.0}, True, 100.0),
    ],
)
def test_used_up_is_only_what_is_known_to_be(
    told: dict[str, float], used_up: bool, used: float | None
) -> None:
    allowance = replace(PLAIN, **told)  # type: ignore[arg-type] # every one of these fields is a number
    assert (allowance.is_used_up, allowance.used) == (used_up, used)


def test_a_window_that_has_begun_anew_is_unknown_and_not_empty() -> None:
    window = replace(PLAIN, used_percent=80.0, limit=10.0, remaining=2.0, resets_at=NOW + 5)
    assert window.at(NOW + 4.9) is window
    after = window.at(NOW + 5)
    assert (after.used, after.remaining, after.resets_at, after.limit) == (None, None, None, 10.0)
    assert tightest([window], NOW + 5) is None


def test_the_tightest_is_the_one_that_ends_first() -> None:
    loose, tight = replace(PLAIN, used_percent=10.0), replace(PLAIN, used_percent=60.0)
    unknown = replace(PLAIN, limit=3.0)
    part = replace(PLAIN, used_percent=100.0, counts=False)
    over = replace(PLAIN, used_percent=99.0, resets_at=NOW - 1)
    assert tightest([loose, unknown, tight, part, over], NOW) == tight
    assert tightest([unknown, part, over], NOW) is None
    assert tightest([], NOW) is None


def test_of_equally_tight_ones_the_longest_to_heal_speaks() -> None:
    soon = replace(PLAIN, used_percent=100.0, resets_at=NOW + 60)
    late = replace(PLAIN, used_percent=100.0, resets_at=NOW + 6000)
    empty = replace(PLAIN, remaining=0.0, kind=AllowanceKind.RESOURCE)
    assert tightest([late, soon], NOW) == late
    assert tightest([late, empty, soon], NOW) == empty
