"""What the chart shows along time."""

from typing import Any

from tests.ui.windows.usage.lines import piece
from ui.widgets.charts.units import COUNT, MONEY
from ui.windows.usage.series import View, figure

LATER = 10_000


def usage(*pieces: dict[str, Any]) -> dict[str, Any]:
    return {"series_unit": "day", "daily": list(pieces)}


def test_money_tells_cost_baseline_and_what_is_saved_below_zero_too() -> None:
    told = usage(
        piece("2026-03-01", cost_usd=1.0, baseline_usd=4.0, saved_usd=3.0),
        piece("2026-03-02", cost_usd=2.0, baseline_usd=0.5, saved_usd=-1.5),
    )
    shown = figure(View.MONEY, told, LATER)
    assert shown.unit is MONEY
    assert [(series.name, series.values) for series in shown.series] == [
        ("Cost", (1.0, 2.0)),
        ("Baseline", (4.0, 0.5)),
        ("Saved", (3.0, -1.5)),
    ]


def test_what_is_unknown_is_a_gap_and_no_zero() -> None:
    shown = figure(View.MONEY, usage(piece("2026-03-01", cost_usd=None)), LATER)
    assert shown.series[0].values == (None,)


def test_pieces_that_have_not_begun_are_left_out() -> None:
    told = usage(piece("2026-03-01", start=5), piece("2026-03-02", start=6))
    assert figure(View.REQUESTS, told, 5).categories == ("1 Mar",)


def test_tokens_by_kind() -> None:
    told = usage(
        piece("2026-03-01", input_tokens=1, cache_read_tokens=2, cache_write_tokens=3, output_tokens=4)
    )
    shown = figure(View.TOKENS, told, LATER)
    assert shown.unit is COUNT
    assert {series.name: series.values[0] for series in shown.series} == {
        "Input": 1,
        "Cache read": 2,
        "Cache written": 3,
        "Output": 4,
    }


def test_requests_by_the_tiers_that_occur_and_those_without_one_last() -> None:
    told = usage(
        piece("2026-03-01", byTier={"none": 1, "COMPLEX": 2}), piece("2026-03-02", byTier={"SIMPLE": 3})
    )
    assert [(series.name, series.values) for series in figure(View.REQUESTS, told, LATER).series] == [
        ("SIMPLE", (0, 3)),
        ("COMPLEX", (2, 0)),
        ("without a tier", (1, 0)),
    ]
