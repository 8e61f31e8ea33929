"""What is taken along as a file."""

import csv
import io
import json
from datetime import date, datetime
from typing import Any

from proxy.ledger.queries.usage import Filters
from proxy.ledger.queries.usage_rows import COLUMNS
from tests.ui.windows.usage.lines import line, piece
from ui.windows.usage.files import Export, FileKind, file_name, pieces_of
from ui.windows.usage.question import first_question


def moment(*day: int) -> int:
    return int(datetime(*day).astimezone().timestamp() * 1000)  # type: ignore[arg-type]  # year, month and day


def row(**overrides: Any) -> dict[str, Any]:
    return {**dict.fromkeys(COLUMNS, 1), "start": "2026-03-12", "unit": "day", **overrides}


QUESTION = first_question(Filters(), date(2026, 3, 18))
USAGE = {
    "since": moment(2026, 3, 12),
    "until": moment(2026, 3, 19),
    "series_unit": "day",
    "totals": line(requests=3),
    **{f"by_{group}": [line("a")] for group in ("client", "provider", "model", "tier")},
    "daily": [piece("2026-03-12", byTier={"SIMPLE": 3})],
}


def text(kind: FileKind, *rows: dict[str, Any], question: Any = QUESTION) -> str:
    return "".join(pieces_of(Export(question, USAGE, rows), kind))


def test_the_name_has_the_days_and_the_filters() -> None:
    narrow = QUESTION.narrowed("client", "claude-code").narrowed("model", "openai/gpt-oss:120b")
    assert file_name(Export(QUESTION, USAGE, ()), FileKind.CSV) == "tierwise-usage_2026-03-12_2026-03-18.csv"
    assert file_name(Export(narrow, USAGE, ()), FileKind.JSON) == (
        "tierwise-usage_2026-03-12_2026-03-18_client-claude-code_model-openai-gpt-oss-120b.json"
    )


def test_one_day_is_named_once_and_no_name_is_too_long_for_a_disk() -> None:
    day = {**USAGE, "until": moment(2026, 3, 13)}
    assert file_name(Export(QUESTION, day, ()), FileKind.CSV) == "tierwise-usage_2026-03-12.csv"
    long = QUESTION.narrowed("model", "m" * 400)
    assert len(file_name(Export(long, USAGE, ()), FileKind.CSV)) < 130


def test_in_a_spreadsheet_no_name_is_a_formula_and_unknown_is_empty() -> None:
    table = text(FileKind.CSV, row(model="=1+1", client="@x", saved_usd=-1.5, cost_usd=None))
    head, cells = csv.reader(io.StringIO(table))
    assert head == list(COLUMNS)
    found = dict(zip(head, cells, strict=True))
    assert (found["model"], found["client"]) == ("'=1+1", "'@x")
    assert (found["saved_usd"], found["cost_usd"]) == ("-1.5", "")


def test_many_rows_are_all_there() -> None:
    table = text(FileKind.CSV, *(row(requests=place) for place in range(1234)))
    assert [int(each["requests"]) for each in csv.DictReader(io.StringIO(table))] == list(range(1234))


def test_json_says_what_was_asked_and_has_the_sums_and_the_rows() -> None:
    document = json.loads(text(FileKind.JSON, row(), question=QUESTION.narrowed("tier", "SIMPLE")))
    assert document["range"]["name"] == "7d"
    assert document["range"]["since"].startswith("2026-03-12T00:00:00")
    assert document["filters"] == {"tier": "SIMPLE"}
    assert document["totals"]["requests"] == 3
    assert document["series"][0]["requests_by_tier"] == {"SIMPLE": 3}
    assert document["by_model"][0]["name"] == "a"
    assert len(document["rows"]) == 1
    assert "totalTokens" not in document["totals"]
