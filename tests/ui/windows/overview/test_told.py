"""Figures, tiers, budgets and requests in words."""

from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from proxy.ledger.queries.totals import NONE, shown
from ui.widgets.charts.data import Figure
from ui.windows.logs.wording import outcome
from ui.windows.overview.budgets import budgets_told
from ui.windows.overview.figures import cost_told, requests_told, saved_told, tokens_told
from ui.windows.overview.recent import columns, cost, way, why
from ui.windows.overview.recent_panel import recent_panel
from ui.windows.overview.speech import tr
from ui.windows.overview.tiers import by_tier, mix

DOLLAR = 1_000_000_000
TIERS = ["SIMPLE", "MEDIUM", "COMPLEX", "REASONING"]
_AIR, _WAY = 14, 2
"""Of each cell, and the column that may be cut: all of it is told where one points at it."""


def sums(**counts: int) -> dict[str, Any]:
    return shown({**NONE, **counts})


def wider(name: str = "7d", **counts: int) -> dict[str, Any]:
    return {"window": name, **sums(**counts)}


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_requests_are_told_with_what_went_wrong() -> None:
    told = requests_told(sums(requests=12, errors=1, cancelled=2), wider(requests=80))
    assert (told.number, plain(told.beside)) == ("12", "1 error · 2 cancelled")
    assert told.wider == "In the last 7 days: 80"


@pytest.mark.parametrize(
    ("name", "says"),
    [("24h", "In the last 24 hours: 3"), ("30d", "In the last 30 days: 3"), ("all time", "In all: 3")],
)
def test_the_wider_window_is_named(name: str, says: str) -> None:
    assert requests_told(sums(), wider(name, requests=3)).wider == says


def test_subscription_traffic_and_unknown_prices_stand_beside_the_cost() -> None:
    today = sums(requests=9, served=9, cost=2 * DOLLAR, priced=4, subscription=2, unpriced=3, unknown_cost=3)
    told = cost_told(today, wider())
    assert (told.number, plain(told.beside)) == ("$2.00", "2 by subscription · 3 without a price")


def test_a_cost_of_which_nothing_is_known_is_a_dash() -> None:
    assert cost_told(sums(requests=1, served=1, unpriced=1, unknown_cost=1), wider()).number == "–"


def test_measured_and_estimated_savings_are_told_apart() -> None:
    today = sums(
        requests=3,
        served=3,
        compared=3,
        compared_cost=DOLLAR,
        baseline=4 * DOLLAR,
        estimated=1,
        estimated_cost=0,
        estimated_baseline=DOLLAR,
    )
    told = saved_told(today, wider())
    assert (told.number, plain(told.beside)) == ("$3.00", "$1.00 of it estimated")
    assert told.wider == "In the last 7 days: –"


def test_a_loss_has_its_sign_and_what_is_measured_is_no_estimate() -> None:
    today = sums(requests=1, served=1, compared=1, compared_cost=2 * DOLLAR, baseline=DOLLAR)
    told = saved_told(today, wider())
    assert (told.number, plain(told.beside)) == ("−$1.00", "all of it measured")


def test_savings_that_nobody_could_compare_are_a_dash_and_not_zero() -> None:
    assert saved_told(sums(requests=2, served=2), wider()).number == "–"
    assert saved_told(sums(), wider()).number == "–"


def test_tokens_are_told_with_the_share_of_caches() -> None:
    told = tokens_told(sums(requests=1, input=500, cache_read=1500, output=1000), wider())
    assert (told.number, told.beside) == ("3.0k", "75 % of prompts cached")


def day(label: str, by: dict[str, int], cost_by: dict[str, float | None]) -> dict[str, Any]:
    return {"label": label, "requests": sum(by.values()), "byTier": by, "cost_by_tier": cost_by}


DAYS = [
    day("2026-03-02", {"SIMPLE": 3, "none": 1}, {"SIMPLE": 0.5, "none": None}),
    day("2026-03-03", {}, {}),
]


def values(figure: Figure) -> dict[str, tuple[float | None, ...]]:
    return {series.name: series.values for series in figure.series}


def test_days_are_stacked_by_tier_with_those_without_one_last() -> None:
    figure = by_tier(DAYS, "requests")
    assert list(values(figure)) == [*TIERS, "no tier"]
    assert values(figure)["SIMPLE"] == (3, 0)
    assert [name.rpartition(" ")[2] for name in figure.categories] == ["2", "3"]


def test_an_unknown_cost_stays_unknown_beside_days_without_any() -> None:
    assert values(by_tier(DAYS, "cost"))["no tier"] == (None, 0)


def test_a_week_without_requests_has_no_chart() -> None:
    assert by_tier([day("2026-03-02", {}, {})], "requests").categories == ()


def test_the_mix_keeps_the_order_of_tiers() -> None:
    lines = [
        {"name": "none", "requests": 1, "cost_usd": None},
        {"name": "SIMPLE", "requests": 3, "cost_usd": 0.2},
    ]
    shares = mix(lines, "requests")
    assert [(share.name, share.value) for share in shares][::4] == [("SIMPLE", 3), ("no tier", 1)]
    assert [share.value for share in mix(lines, "cost")] == [0.2, 0, 0, 0, None]
    assert mix([], "requests") == ()


def budget(
    daily: float | None, monthly: float | None, spent: float | None = 4.0, unknown: int = 0
) -> dict[str, Any]:
    return {
        "daily": {"spent_usd": spent, "limit_usd": daily, "unknown": unknown},
        "monthly": {"spent_usd": spent, "limit_usd": monthly, "unknown": unknown},
    }


def test_budgets_are_told_with_their_share() -> None:
    day_, month = budgets_told(budget(8.0, None))
    assert (day_.words, day_.share) == ("$4.00 of $8.00, 50 %", 0.5)
    assert (month.words, month.share) == ("$4.00, no limit", 0.0)


def test_a_budget_that_is_over_has_a_sign_and_a_full_bar() -> None:
    day_, _ = budgets_told(budget(2.0, None))
    assert (day_.words, day_.share) == ("▲ $4.00 of $2.00, 200 %", 1.0)


def test_spending_that_is_not_wholly_known_is_told_as_at_least_what_is_known() -> None:
    day_, month = budgets_told(budget(8.0, None, unknown=3))
    assert (day_.words, day_.share) == ("at least $4.00 of $8.00, 50 %", 0.5)
    assert month.words == "at least $4.00, no limit"


def test_spending_that_is_unknown_is_no_zero() -> None:
    day_, month = budgets_told(budget(8.0, None, None, unknown=3))
    assert (day_.words, day_.share) == ("– of $8.00", 0.0)
    assert month.words == "–, no limit"


def test_without_a_limit_there_are_no_budgets() -> None:
    assert budgets_told(budget(None, None)) == ()


ROW: dict[str, Any] = {
    "id": "req_1",
    "received": 1_780_000_000_000,
    "client": "codex",
    "requested": "gpt-5.5",
    "model": "gpt-5-mini",
    "service": "openai/gpt-5-mini",
    "tier": None,
    "cost_usd": 0.02,
    "saved_usd": None,
    "duration_ms": 1500,
    "subscription": False,
    "outcome": "answered",
    "error": None,
    "source": "tier",
    "score": 34.4,
    "attempt_count": 1,
}


@pytest.mark.parametrize(
    ("about", "says"),
    [
        ({}, "difficulty 34"),
        ({"score": None}, "difficulty"),
        ({"source": "affinity", "attempt_count": 2}, "session, 2 tries"),
        ({"source": "smart_routing"}, "rule"),
        ({"source": "of_tomorrow"}, "of_tomorrow"),
        ({"outcome": "failed", "error": "rate_limit"}, "✕ rate limited"),
        ({"outcome": "cancelled"}, "○ cancelled"),
    ],
)
def test_why_is_told_in_few_words(about: dict[str, Any], says: str) -> None:
    assert why({**ROW, **about}) == says


def test_the_way_of_a_request_names_both_models_where_they_differ() -> None:
    assert way(ROW) == "gpt-5.5 → gpt-5-mini"
    assert way({**ROW, "requested": "gpt-5-mini"}) == "gpt-5-mini"
    assert way({**ROW, "requested": None, "model": None, "service": None}) == "any model → nobody"


def test_what_a_plan_pays_is_no_unknown_cost() -> None:
    assert cost({**ROW, "subscription": True, "cost_usd": None}) == "plan"
    assert cost({**ROW, "cost_usd": None}) == "–"


def test_every_cell_of_a_request_says_something(qapp: QApplication) -> None:
    assert all(column.text(ROW) for column in columns())


def test_a_name_with_a_mark_in_it_is_left_as_it_is() -> None:
    assert tr("%1 and %2", "a %2", "b") == "a %2 and b"


@pytest.mark.parametrize("kind", ["server", "rate_limit"])
def test_what_went_wrong_is_told_in_the_words_of_the_log(kind: str) -> None:
    row = {**ROW, "outcome": "failed", "error": kind}
    assert why(row).removeprefix("✕ ") == outcome(row).removeprefix("✗ ")
    assert "_" not in why(row)


def test_on_a_page_of_the_usual_width_no_number_and_no_reason_is_cut(qtbot: QtBot) -> None:
    panel = recent_panel(lambda _id: None)
    qtbot.addWidget(panel)
    failed = {**ROW, "id": "1", "outcome": "failed", "error": "server", "tier": "REASONING"}
    panel.show_rows([{**failed, "cost_usd": 0.000091, "saved_usd": -0.000093, "duration_ms": 65_000}])
    panel.resize(853, 300)
    panel.show()
    table, metrics = panel.table, panel.table.fontMetrics()
    index = panel.model.index
    for place in (each for each in range(panel.model.columnCount()) if not table.isColumnHidden(each)):
        if place != _WAY:
            assert metrics.horizontalAdvance(str(index(0, place).data())) <= table.columnWidth(place) - _AIR
    assert not table.isColumnHidden(panel.model.columnCount() - 1)
