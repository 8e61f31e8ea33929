"""The sentences of the page."""

from dataclasses import replace
from datetime import date

import pytest

from proxy.ledger.queries.spans import Days
from proxy.ledger.queries.usage import Filters
from tests.ui.windows.usage.lines import line, piece
from ui.windows.usage.question import Range, first_question
from ui.windows.usage.told import left_out, name_in, nothing, piece_name, shown

WEEK = first_question(Filters(), date(2026, 3, 18))
NARROW = WEEK.narrowed("client", "codex").narrowed("tier", "none")


def test_what_is_shown_is_a_sentence() -> None:
    assert shown(WEEK) == "All requests in the last 7 days."
    assert shown(NARROW) == "Requests in the last 7 days: only client codex, without a tier."


@pytest.mark.parametrize(
    ("days", "when"),
    [
        (Days(date(2026, 1, 5), date(2026, 2, 1)), "from 5 Jan 2026 to 1 Feb 2026"),
        (Days(date(2026, 1, 5), date(2026, 1, 5)), "of 5 Jan 2026"),
    ],
)
def test_certain_days_are_named(days: Days, when: str) -> None:
    assert shown(replace(WEEK, range=Range.CUSTOM, days=days)) == f"All requests {when}."


def test_why_there_is_nothing() -> None:
    assert nothing(WEEK) == "Nothing was asked for in the last 7 days."
    assert nothing(NARROW) == "No request fits these filters in the last 7 days."
    assert "begins with the first request" in nothing(replace(WEEK, range=Range.ALL))


def test_nobodys_requests_are_called_by_what_they_lack() -> None:
    names = [name_in(group, "none") for group in ("client", "provider", "model", "tier")]
    assert names == ["unknown client", "not served", "not served", "without a tier"]
    assert name_in("client", "codex") == "codex"


def test_what_the_dollars_leave_out_is_said_plainly() -> None:
    sums = line(
        requests=9, unpriced=1, unpriced_tokens=31_000, subscription=4, subscription_tokens=2_000, uncounted=2
    )
    price, subscription, uncounted = left_out(sums)
    assert "The price of 1 request with 31.0k tokens is unknown" in price
    assert "A subscription paid for 4 requests with 2.0k tokens" in subscription
    assert uncounted == "Nobody told the tokens of 2 requests."


def test_nothing_left_out_needs_no_words() -> None:
    assert left_out(line(requests=3)) == ()


@pytest.mark.parametrize(
    ("unit", "label", "pieces", "name"),
    [
        ("hour", "2026-03-18T06:00+01:00", 24, "06:00"),
        ("hour", "2026-03-18T06:00+01:00", 48, "Wed 06:00"),
        ("day", "2026-03-08", 7, "8 Mar"),
        ("week", "2026-03-16", 9, "16 Mar"),
        ("month", "2026-03-01", 12, "Mar 2026"),
    ],
)
def test_pieces_of_time_are_named_by_their_kind(unit: str, label: str, pieces: int, name: str) -> None:
    assert piece_name(piece(label), unit, pieces) == name
