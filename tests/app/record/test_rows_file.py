"""Rows of the record as a file."""

import csv
from pathlib import Path

import pytest

from app.home import Home
from app.record.errors import NoRecordError
from app.record.rows_file import Form, GivenUpError, write_rows
from proxy.exchange import Origin
from proxy.ledger.exporting import ROWS_AT_A_TIME, Wanted
from proxy.ledger.queries.usage import Filters
from proxy.ledger.rows import session_number
from tests.proxy.ledger.made import exchange, failed, filled


def goes_on(_written: int) -> bool:
    return True


def ids(file: Path) -> list[str]:
    with file.open(newline="") as open_file:
        return [row["id"] for row in csv.DictReader(open_file)]


def test_only_what_fits_is_written(tmp_path: Path) -> None:
    wanted = failed(client="codex", session="a")
    others = (failed(client="codex", session="b"), exchange(client="codex", session="a"), failed(session="a"))
    test = failed(client="codex", session="a", origin=Origin.TEST)
    filled(Home(tmp_path).database, (wanted, *others, test))
    number = session_number("a")
    assert number is not None
    asked = Wanted(
        filters=Filters(client="codex"),
        errors_only=True,
        session=number.to_bytes(8, "big", signed=True).hex(),
    )
    assert write_rows(Home(tmp_path), asked, tmp_path / "rows.csv", Form.CSV, goes_on) == 1
    assert ids(tmp_path / "rows.csv") == [wanted.id]


def test_a_name_that_nobody_has_fits_nothing(tmp_path: Path) -> None:
    filled(Home(tmp_path).database, [exchange()])
    asked = Wanted(filters=Filters(model="unheard-of"))
    assert write_rows(Home(tmp_path), asked, tmp_path / "rows.csv", Form.CSV, goes_on) == 0


def test_what_is_given_up_leaves_no_file(tmp_path: Path) -> None:
    filled(Home(tmp_path).database, [exchange() for _ in range(ROWS_AT_A_TIME + 1)])
    told: list[int] = []

    def gives_up(written: int) -> bool:
        told.append(written)
        return len(told) < 2

    with pytest.raises(GivenUpError):
        write_rows(Home(tmp_path), Wanted(), tmp_path / "rows.json", Form.JSON, gives_up)
    assert told == [ROWS_AT_A_TIME, ROWS_AT_A_TIME + 1]
    assert not [each for each in tmp_path.iterdir() if "rows" in each.name]


def test_where_nothing_was_recorded_that_is_said(tmp_path: Path) -> None:
    with pytest.raises(NoRecordError):
        write_rows(Home(tmp_path), Wanted(), tmp_path / "rows.csv", Form.CSV, goes_on)
