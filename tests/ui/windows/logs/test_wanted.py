"""What the log is narrowed to, as a sentence and as filters."""

from datetime import datetime

import pytest

from proxy.exchange import Origin
from proxy.ledger.queries.logs import Place
from proxy.ledger.queries.spans import Days
from ui.windows.logs.wanted import Since, Wanted

NOON = datetime(2026, 5, 28, 12).timestamp()  # noqa: DTZ001 -- local time
HOUR_MS = 3_600_000


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        (Wanted(), "All requests"),
        (Wanted(errors_only=True, client="codex"), "Failed requests of codex"),
        (
            Wanted(client="codex", provider="openai", model="gpt-5.5", tier="SIMPLE", since=Since.WEEK),
            "All requests of codex answered by openai with gpt-5.5 in tier SIMPLE of the last 7 days",
        ),
        (Wanted(provider="none"), "All requests answered by nobody"),
        (Wanted(session="0" * 16, origin=Origin.TEST), "All requests in one conversation made by tests"),
        (
            Wanted(since=Since.MOMENT, moment=int(NOON * 1000)),
            "All requests since 2026-05-28 12:00:00",
        ),
    ],
)
def test_it_is_told_as_a_sentence(wanted: Wanted, sentence: str) -> None:
    assert wanted.sentence() == sentence


@pytest.mark.parametrize(
    ("since", "hours"), [(Since.HOUR, 1), (Since.TODAY, 12), (Since.WEEK, 7 * 24), (Since.MONTH, 30 * 24)]
)
def test_a_span_ends_now(since: Since, hours: int) -> None:
    assert Wanted(since=since).start(NOON) == int(NOON * 1000) - hours * HOUR_MS


def test_a_moment_is_taken_as_it_is_and_ever_is_the_beginning() -> None:
    assert Wanted(since=Since.MOMENT, moment=5).start(NOON) == 5
    assert Wanted().start(NOON) == 0


def test_names_are_offered_from_a_window_that_is_at_least_as_long() -> None:
    assert Wanted(since=Since.HOUR).window(NOON) == "1d"
    assert Wanted().window(NOON) == "all"
    days = Wanted(since=Since.MOMENT, moment=int(NOON * 1000) - 48 * HOUR_MS).window(NOON)
    assert isinstance(days, Days)
    assert (days.last - days.first).days == 2


def test_all_of_it_is_asked_of_the_record() -> None:
    wanted = Wanted(client="codex", errors_only=True, session="0" * 16, origin=Origin.DEMO)
    asked = wanted.in_record(7, str(Place(3, 4)))
    assert (asked.filters, asked.since, asked.errors_only) == (wanted.filters, 7, True)
    assert (asked.session, asked.before, asked.filters.origin) == ("0" * 16, Place(3, 4), Origin.DEMO)
