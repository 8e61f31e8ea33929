"""Filters of the log that only the rows themselves can tell: no row is missed, and none too many found."""

import random
from pathlib import Path
from typing import Any

import pytest

from proxy.exchange import Exchange, Outcome
from proxy.ledger.queries.logs import LogFilters, Place, logs
from proxy.ledger.queries.usage import Filters
from tests.proxy.ledger.made import NOW, attempt, exchange, failed, filled
from tests.proxy.ledger.queries.opened import opened

SERVICES = ("anthropic/claude-haiku-4-5", "openai/gpt-5.5", "ollama/qwen3-coder:30b")


def made(count: int = 1500) -> list[Exchange]:
    chance = random.Random(3)
    found = []
    for n in range(count):
        about: dict[str, Any] = {"received": NOW - 700 * (count - n), "session": f"s{chance.randrange(40)}"}
        served = attempt(chance.choice(SERVICES))
        match chance.randrange(20):
            case 0:
                found.append(failed(**about))
            case 1:
                found.append(failed(**about, status=400))
            case 2:
                found.append(exchange(served, **about, outcome=Outcome.CANCELLED))
            case _:
                found.append(exchange(served, **about))
    return found


MADE = made()


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("record")
    filled(folder / "tierwise.db", MADE)
    return folder


def all_found(record: Path, limit: int, **wanted: Any) -> list[dict[str, Any]]:
    """From all pages."""
    rows: list[dict[str, Any]] = []
    with opened(record) as connection:
        page = logs(connection, LogFilters(**wanted), limit)
        while rows.extend(page["rows"]) or page["next"]:
            page = logs(connection, LogFilters(**wanted, before=Place.named(page["next"])), limit)
    return rows


WANTED: list[dict[str, Any]] = [
    {"outcome": Outcome.CANCELLED},
    {"outcome": Outcome.FAILED, "status_class": 4},
    {"status_class": 5},
    {"status_class": 2, "filters": Filters(provider="ollama")},
    {"outcome": Outcome.CANCELLED, "filters": Filters(provider="openai")},
    {"outcome": Outcome.FAILED, "filters": Filters(client="claude-code")},
    {"since": int((NOW - 500_000) * 1000), "until": int((NOW - 200_000) * 1000), "status_class": 2},
]


def fits(row: dict[str, Any], wanted: dict[str, Any]) -> bool:
    filters = wanted.get("filters", Filters())
    return (
        row["outcome"] == wanted.get("outcome", row["outcome"])
        and row["status"] // 100 == wanted.get("status_class", row["status"] // 100)
        and filters.provider in ("", row["provider"])
        and wanted.get("since", 0) <= row["received"] < wanted.get("until", 2**62)
    )


@pytest.mark.parametrize("wanted", WANTED)
@pytest.mark.parametrize("limit", [1000, 7])
def test_all_rows_of_a_sort_are_found_the_newest_first(
    record: Path, wanted: dict[str, Any], limit: int
) -> None:
    everything = all_found(record, 1000)
    expected = [row["id"] for row in everything if fits(row, wanted)]
    assert len(everything) == len(MADE) > len(expected) > 10
    assert [row["id"] for row in all_found(record, limit, **wanted)] == expected


@pytest.mark.parametrize("provider", ["", "openai"])
def test_a_session_is_found_by_what_its_rows_tell(record: Path, provider: str) -> None:
    everything = all_found(record, 1000)
    session = everything[5]["session"]
    expected = [r["id"] for r in everything if r["session"] == session and provider in ("", r["provider"])]
    found = all_found(record, 4, session=session, filters=Filters(provider=provider))
    assert [row["id"] for row in found] == expected
    assert len(expected) > 4


def test_nothing_is_received_at_the_end_itself(record: Path) -> None:
    newest = all_found(record, 1000)[0]["received"]
    assert all_found(record, 1000, until=newest)[0]["received"] < newest
    assert all_found(record, 1000, until=newest + 1)[0]["received"] == newest


def test_ones_of_a_sort_of_error_are_not_looked_for_in_every_quarter_anew(tmp_path: Path) -> None:
    """There are so many quarters that SQLite would make an index of all such errors, and read it for each."""
    made = [failed(received=NOW - 900 * n, status=(400, 529)[n % 2]) for n in range(1000)]
    filled(tmp_path / "tierwise.db", made)
    thousands = 0

    def count() -> None:
        nonlocal thousands
        thousands += 1

    with opened(tmp_path) as connection:
        connection.set_progress_handler(count, 1000)
        wanted = LogFilters(outcome=Outcome.FAILED, status_class=4)
        assert len(logs(connection, wanted, 500)["rows"]) == 500
    assert thousands < 1000
