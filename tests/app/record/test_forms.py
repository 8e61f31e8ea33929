"""CSV that a spreadsheet takes for what it is, and JSON in pieces that is one document."""

import csv
import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.record.forms import as_csv, as_json
from proxy.ledger.exporting import COLUMNS, Kind, Row

_SAMPLES: dict[Kind, Any] = {
    Kind.NUMBER: 7,
    Kind.FLAG: True,
    Kind.ID: "req_00ff",
    Kind.TIME: "2026-05-28T20:26:40.000+00:00",
    Kind.DOLLARS: "-0.5",
    Kind.WORD: "word",
}


def row(**cells: Any) -> Row:
    return tuple([cells.get(name, _SAMPLES[kind]) for name, (kind, _) in COLUMNS.items()])


def read_back(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_csv_begins_with_the_names_even_where_nothing_follows() -> None:
    assert "".join(as_csv([])) == ",".join(COLUMNS) + "\r\n"


def test_unknown_is_empty_in_csv_and_null_in_json() -> None:
    pages = [[row(cost_usd=None, input_tokens=None, provider=None)]]
    told = read_back("".join(as_csv(pages)))[0]
    assert (told["cost_usd"], told["input_tokens"], told["provider"]) == ("", "", "")
    told = json.loads("".join(as_json(pages)))["exchanges"][0]
    assert (told["cost_usd"], told["input_tokens"], told["provider"]) == (None, None, None)


def test_flags_and_money_are_told_plainly() -> None:
    told = read_back("".join(as_csv([[row(streamed=False)]])))[0]
    assert (told["streamed"], told["subscription"], told["saved_usd"]) == ("false", "true", "-0.5")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_name_is_a_formula(text: str) -> None:
    assert read_back("".join(as_csv([[row(client=text)]])))[0]["client"] == f"'{text}"


@given(st.lists(st.lists(st.tuples(st.text(st.characters(exclude_categories=["Cs"])), st.integers()))))
def test_whatever_is_in_a_row_comes_back(made: list[list[tuple[str, int]]]) -> None:
    pages = [[row(client=f"c{name}", status=number) for name, number in page] for page in made]
    named = [(f"c{name}", number) for page in made for name, number in page]
    told = read_back("".join(as_csv(pages)))
    assert [(each["client"], int(each["status"])) for each in told] == named
    document = json.loads("".join(as_json(pages)))
    assert [(each["client"], each["status"]) for each in document["exchanges"]] == named
