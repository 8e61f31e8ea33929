"""What the record holds is told by the record, and how much a shorter memory would take from it."""

from pathlib import Path

import pytest

from app.preferences.record_facts import RecordFacts, older_than, record_facts, said_before
from app.record.errors import DamagedError
from tests.proxy.ledger.made import NOW, exchange, filled, write, writing

DAY = 24 * 60 * 60


def test_no_record_is_nothing_at_all(tmp_path: Path) -> None:
    missing = tmp_path / "tierwise.db"
    assert record_facts(missing) == RecordFacts()
    assert (older_than(missing, 1), said_before(missing, 1)) == (0, 0)
    assert not missing.exists()


def test_the_exchanges_their_first_and_the_size_on_the_disk(tmp_path: Path) -> None:
    database = filled(tmp_path / "tierwise.db", [exchange(received=NOW - days * DAY) for days in (0, 9, 99)])
    facts = record_facts(database)
    assert (facts.exchanges, facts.oldest, facts.said) == (3, round((NOW - 99 * DAY) * 1000), 0)
    assert facts.size >= database.stat().st_size


def test_what_stands_beside_the_file_counts(tmp_path: Path) -> None:
    database = tmp_path / "tierwise.db"
    with writing(database) as scribe:
        write(scribe, [exchange()])
        assert record_facts(database).size > database.stat().st_size


@pytest.mark.parametrize(("days", "gone"), [(365, 0), (98, 1), (8, 2)])
def test_how_many_are_older(tmp_path: Path, days: int, gone: int) -> None:
    database = filled(tmp_path / "tierwise.db", [exchange(received=NOW - days * DAY) for days in (0, 9, 99)])
    assert older_than(database, days, now=NOW) == gone


def test_a_damaged_one_is_told(tmp_path: Path) -> None:
    database = tmp_path / "tierwise.db"
    database.write_bytes(b"no database at all, and long enough to be one" * 100)
    with pytest.raises(DamagedError):
        record_facts(database)
