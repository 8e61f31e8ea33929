"""Rows come out in plain words, in the order in which they were received, a page at a time."""

import sqlite3
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.tokens.table import TokenTable
from proxy.exchange import Exchange, Origin, Outcome
from proxy.ledger import exporting
from proxy.ledger.exporting import COLUMNS, Wanted, dollars, exported
from proxy.ledger.store.database import Database
from proxy.ledger.store.problems import NewerError
from proxy.wire.canonical import Usage
from tests.proxy.ledger.made import (
    NOW,
    attempt,
    config_of,
    decided,
    exchange,
    failed,
    filled,
    refused,
    write,
    writing,
)


def rows(path: Path, **wanted: Any) -> list[dict[str, Any]]:
    pages = exported(Database(path), Wanted(**wanted))
    return [dict(zip(COLUMNS, row, strict=True)) for page in pages for row in page]


def test_a_row_says_what_happened_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    served = attempt(usage=Usage(input=1_000_000, output=1, reasoning=1, cache_write=3, cache_write_1h=2))
    made = exchange(refused("openai/gpt-5"), served, received=NOW + 0.25)
    row = rows(filled(tmp_path / "tierwise.db", [made]))[0]
    assert row.pop("received").startswith("2026-05-2")
    assert {name: value for name, value in row.items() if not name.endswith("_usd")} == {
        "id": made.id,
        "origin": "client",
        "client": "claude-code",
        "surface": "messages",
        "requested": "claude-opus-4-8",
        "provider": "anthropic",
        "model": "claude-haiku-4-5",
        "tier": "SIMPLE",
        "score": None,
        "source": "tier",
        "status": 200,
        "outcome": "answered",
        "error": None,
        "streamed": True,
        "attempts": 2,
        "input_tokens": 1_000_000,
        "cache_read_tokens": None,
        "cache_write_tokens": 3,
        "cache_write_1h_tokens": 2,
        "output_tokens": 1,
        "reasoning_tokens": 1,
        "compared_with": "claude-opus-4-8",
        "price_source": "catalogue",
        "subscription": False,
        "estimated": False,
        "duration_ms": 2020,
        "first_byte_ms": 510,
    }
    # $1 and $5 for a million tokens in and out, 1.25 and 2 times as much as input for what is cached.
    assert row["cost_usd"] == str(1 + Decimal(5 + 2 * 2) / 1_000_000 + Decimal("1.25") / 1_000_000)
    assert Decimal(row["baseline_usd"]) - Decimal(row["cost_usd"]) == Decimal(row["saved_usd"])


def test_a_score_is_told_as_it_was_given(tmp_path: Path) -> None:
    decision = decided()
    assert decision.score is not None
    (row,) = rows(filled(tmp_path / "tierwise.db", [exchange(decision=decision)]))
    assert row["score"] == round(decision.score.value, 2) > 0


def test_unknown_is_not_zero(tmp_path: Path) -> None:
    unpriced = exchange(attempt("openai/nobody-knows"), requested_model=None)
    path = filled(tmp_path / "tierwise.db", [failed(), unpriced], config_of())
    nobody, unknown = rows(path)
    assert (nobody["provider"], nobody["input_tokens"], nobody["error"]) == (None, None, "overloaded")
    assert (unknown["cost_usd"], unknown["baseline_usd"], unknown["saved_usd"]) == (None, None, None)
    assert unknown["output_tokens"] == 800
    assert unknown["compared_with"] is None


def test_a_comparison_with_the_reference_model_is_an_estimate(tmp_path: Path) -> None:
    path = filled(tmp_path / "tierwise.db", [exchange(requested_model="auto"), exchange()])
    assert [row["estimated"] for row in rows(path)] == [True, False]
    broken_off = exchange(outcome=Outcome.CANCELLED)
    assert rows(filled(tmp_path / "other.db", [broken_off]))[0]["estimated"] is True


@pytest.mark.parametrize(
    ("zone", "told"),
    [("UTC", "20:26:40.250+00:00"), ("Asia/Kathmandu", "02:11:40.250+05:45"), ("EST5", "15:26:40.250-05:00")],
)
def test_times_are_local_and_say_where(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, zone: str, told: str
) -> None:
    from tests.proxy.ledger.test_housekeeping import in_zone

    path = filled(tmp_path / "tierwise.db", [exchange(received=NOW + 0.25)])
    with in_zone(monkeypatch, zone):
        assert rows(path)[0]["received"].endswith(told)


def received(*offsets: float, **more: Any) -> list[Exchange]:
    return [exchange(received=NOW + offset, **more) for offset in offsets]


def test_the_newest_are_last_whenever_they_ended(tmp_path: Path) -> None:
    made = received(3, 1, 2, 1)
    path = filled(tmp_path / "tierwise.db", made)
    assert [row["id"] for row in rows(path)] == [made[place].id for place in (1, 3, 2, 0)]


def test_no_row_is_left_out_or_told_twice_between_pages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = received(*[place // 700 for place in range(2500)])
    path = filled(tmp_path / "tierwise.db", made)
    pages = list(exported(Database(path), Wanted()))
    assert [len(page) for page in pages] == [1000, 1000, 500]
    assert [row[0] for page in pages for row in page] == [each.id for each in made]


def test_since_is_in_and_until_is_out(tmp_path: Path) -> None:
    made = received(0, 1, 2, 3)
    path = filled(tmp_path / "tierwise.db", made)
    at = int(NOW * 1000)
    found = rows(path, since=at + 1000, until=at + 3000)
    assert [row["id"] for row in found] == [made[1].id, made[2].id]


def test_only_one_origin_or_all(tmp_path: Path) -> None:
    path = filled(tmp_path / "tierwise.db", [exchange(origin=origin) for origin in Origin])
    assert [row["origin"] for row in rows(path)] == list(Origin)
    for origin in Origin:
        assert [row["origin"] for row in rows(path, origin=origin)] == [origin]


def test_what_is_recorded_meanwhile_is_left_to_the_next_time(tmp_path: Path) -> None:
    path = filled(tmp_path / "tierwise.db", received(*range(1500)))
    pages = exported(Database(path), Wanted())
    told = len(next(pages))
    with writing(path) as scribe:
        write(scribe, received(5000, client="a new one"))
    assert told + sum(len(page) for page in pages) == 1500


def test_names_that_are_new_since_the_last_page_are_known(tmp_path: Path) -> None:
    path = tmp_path / "tierwise.db"
    filled(path, received(*range(1000), client="an old one"))
    pages = exported(Database(path), Wanted())
    next(pages)
    # The record is begun anew in the place of the old one, and numbers its words as they come.
    path.unlink()
    filled(path, received(*range(1, 1001), client="a new one", requested_model="another"))
    client = list(COLUMNS).index("client")
    assert {row[client] for page in pages for row in page} == {"a new one"}


def test_nobody_who_reads_slowly_holds_the_log_up(tmp_path: Path) -> None:
    path = filled(tmp_path / "tierwise.db", received(*range(1500)))
    pages = exported(Database(path), Wanted())
    next(pages)
    with writing(path) as scribe:
        write(scribe, received(1))
        busy = scribe.connection.execute("pragma wal_checkpoint(truncate)").fetchone()[0]
    assert busy == 0


def test_no_record_and_a_newer_one_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        exported(Database(tmp_path / "tierwise.db"), Wanted())
    assert list(tmp_path.iterdir()) == []
    TokenTable(tmp_path / "tierwise.db").load()
    with pytest.raises(FileNotFoundError):
        exported(Database(tmp_path / "tierwise.db"), Wanted())
    with closing(sqlite3.connect(tmp_path / "tierwise.db")) as connection:
        connection.execute("pragma user_version = 99")
    with pytest.raises(NewerError):
        exported(Database(tmp_path / "tierwise.db"), Wanted())


def test_pages_are_found_by_the_index(tmp_path: Path) -> None:
    path = filled(tmp_path / "tierwise.db", [exchange()])
    place = dict.fromkeys(("received", "seq", "until", "last", "origin"), 0)
    with Database(path).reading() as connection:
        plan = connection.execute(
            f"explain query plan {exporting._ROWS} {exporting._IN_ORDER}", place
        ).fetchall()
    assert [row[3].split(" (")[0] for row in plan] == ["SEARCH exchanges USING INDEX exchanges_received"]


@pytest.mark.parametrize(
    ("nano", "text"),
    [(0, "0"), (1, "0.000000001"), (-1, "-0.000000001"), (1_500_000_000, "1.5"), (10_000_000_000, "10")],
)
def test_dollars_are_told_to_the_last_digit(nano: int, text: str) -> None:
    assert dollars(nano) == text


@given(st.integers(-(2**63), 2**63))
def test_no_amount_is_rounded(nano: int) -> None:
    assert Decimal(dollars(nano)) * 1_000_000_000 == nano
