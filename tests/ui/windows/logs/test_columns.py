"""What the columns of the log say."""

from typing import Any

import pytest

from tests.ui.windows.logs.rows import entry
from ui.windows.logs.columns import fitting, log_columns, stress

COLUMNS = {each.name: each for each in log_columns()}


@pytest.mark.parametrize(
    ("name", "about", "text"),
    [
        ("client", {"client": None}, "–"),
        ("service", {}, "anthropic/claude-haiku-4-5"),
        ("service", {"service": None}, "nobody"),
        ("source", {"source": "affinity"}, "same conversation"),
        ("source", {"source": "something_new"}, "something_new"),
        ("status", {}, "✓ 200"),
        ("status", {"outcome": "failed", "error": "rate_limit", "status": 429}, "✗ rate limited"),
        ("status", {"outcome": "cancelled"}, "◦ cancelled"),
        ("in", {}, "100"),
        ("in", {"input_tokens": None, "cache_read_tokens": None, "cache_write_tokens": None}, "–"),
        ("cached", {}, "60 %"),
        ("cached", {"cache_read_tokens": None}, "–"),
        ("cost", {"cost_usd": None}, "–"),
        ("cost", {"subscription": True}, "plan"),
        ("saved", {"saved_usd": -0.03}, "−$0.03"),
        ("saved", {"estimated": True}, "≈ $0.05"),
        ("saved", {"saved_usd": None, "estimated": True}, "–"),
        ("first_byte", {"first_byte_ms": None}, "–"),
        ("duration", {}, "2.0 s"),
    ],
)
def test_a_cell_says(name: str, about: dict[str, Any], text: str) -> None:
    assert COLUMNS[name].column.text(entry(**about)) == text


def test_what_is_stressed_is_also_said() -> None:
    assert stress("status", entry(outcome="failed")) == "bad"
    assert stress("saved", entry(saved_usd=-1.0)) == "warn"
    assert stress("saved", entry(saved_usd=None)) is None


def test_the_most_telling_columns_stay_where_there_is_little_room() -> None:
    columns, widths = log_columns(), [100] * len(log_columns())
    assert fitting(columns, widths, 450) == {"time", "service", "status", "cost"}
    assert fitting(columns, widths, 50) == {"time"}
    assert len(fitting(columns, widths, 10_000)) == len(columns)
