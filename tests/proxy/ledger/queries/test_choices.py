"""What can be chosen, and the flat table of usage: both are the usage page in another form."""

from pathlib import Path

import pytest

from proxy.ledger.queries.choices import choices
from proxy.ledger.queries.usage import GROUPS, Filters, usage
from proxy.ledger.queries.usage_rows import COLUMNS, usage_rows
from tests.proxy.ledger.made import NOW, attempt, exchange, failed, filled
from tests.proxy.ledger.queries.opened import opened

DAY = 86_400.0
HAIKU, GPT = "anthropic/claude-haiku-4-5", "openai/gpt-5.5"


@pytest.fixture
def record(tmp_path: Path) -> Path:
    made = [
        exchange(attempt(HAIKU), received=NOW - 60),
        exchange(attempt(HAIKU), received=NOW - 2 * DAY, client="codex"),
        exchange(attempt(GPT, tier="COMPLEX"), received=NOW - 3 * DAY, client="codex"),
        exchange(attempt(GPT, tier="COMPLEX"), received=NOW - 40 * DAY),
        failed(received=NOW - DAY),
    ]
    filled(tmp_path / "tierwise.db", made)
    return tmp_path


def names(found: list[dict[str, object]]) -> dict[object, object]:
    return {each["name"]: each["requests"] for each in found}


def test_without_filters_all_of_the_window_can_be_chosen_the_most_frequent_first(record: Path) -> None:
    with opened(record) as connection:
        found = choices(connection, "7d", NOW, Filters())
    assert names(found["provider"]) == {"anthropic": 2, "none": 1, "openai": 1}
    assert [each["name"] for each in found["client"]] == ["claude-code", "codex"]
    assert names(found["tier"])["COMPLEX"] == 1


def test_a_choice_narrows_the_others_and_not_itself(record: Path) -> None:
    with opened(record) as connection:
        found = choices(connection, "7d", NOW, Filters(client="codex"))
        both = choices(connection, "7d", NOW, Filters(client="codex", provider="openai"))
    assert names(found["provider"]) == {"anthropic": 1, "openai": 1}
    assert names(found["client"]) == {"claude-code": 2, "codex": 2}
    assert names(both["provider"]) == {"anthropic": 1, "openai": 1}
    assert names(both["model"]) == {"gpt-5.5": 1}
    assert names(both["client"]) == {"codex": 1}


def test_the_flat_table_adds_up_to_the_page(record: Path) -> None:
    with opened(record) as connection:
        rows = usage_rows(connection, "all", NOW, Filters())
        page = usage(connection, "all", NOW)
    assert all(tuple(row) == COLUMNS for row in rows)
    totals = page["totals"]
    assert sum(row["requests"] for row in rows) == totals["requests"] == 5
    assert sum(row["errors"] for row in rows) == totals["errors"] == 1
    assert sum(row["cost_usd"] or 0 for row in rows) == pytest.approx(totals["cost_usd"])
    saved = sum((row["measured_usd"] or 0) + (row["estimated_usd"] or 0) for row in rows)
    assert saved == pytest.approx(totals["saved_usd"])
    assert {row["start"] for row in rows} <= {piece["label"] for piece in page["daily"]}
    for group in GROUPS:
        assert {row[group] for row in rows} == set(page[f"by{group.capitalize()}"])
