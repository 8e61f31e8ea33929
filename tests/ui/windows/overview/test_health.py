"""How a provider does, in a word with a sign."""

from typing import Any

import pytest

from app.desk.standing import ProviderStanding, State
from tests.ui.windows.overview.known import NOW, breaker, mark, provider, routing, window
from ui.windows.overview.health import limit_told, provider_rows

STATISTICS = {
    "total": 20,
    "errorRate": 5.0,
    "p50": 900.0,
    "p95": 4000.0,
    "first_byte_ms": {"p50": 300.0, "p95": None, "p99": None},
}


def row(one: ProviderStanding, usable: Any = ("anthropic",), **of_routing: Any) -> dict[str, Any]:
    (found,) = provider_rows([one], routing(**of_routing), usable, NOW)
    return found


def test_one_that_answers_is_well_and_told_with_its_times() -> None:
    found = row(provider(), providerStats={"anthropic": STATISTICS})
    assert (found["state"], found["level"]) == ("● well", "good")
    assert (found["p50"], found["p95"], found["first_byte"], found["error_share"]) == (900, 4000, 300, 0.05)


def test_one_that_nobody_has_asked_is_not_called_well() -> None:
    found = row(provider())
    assert (found["state"], found["level"]) == ("○ not asked lately", "muted")
    assert found["p50"] is found["p95"] is found["first_byte"] is found["error_share"] is None


@pytest.mark.parametrize(
    ("one", "usable", "marks", "breakers", "says"),
    [
        (provider(enabled=False, state=State.OFF), (), [], [], "○ off"),
        (provider(state=State.INCOMPLETE, why="No address."), (), [], [], "✕ not configured"),
        (provider(), (), [], [], "✕ key missing"),
        (provider(), None, [], [], "○ not asked lately"),
        (provider(state=State.UNAVAILABLE), ("anthropic",), [mark("rejected")], [], "✕ key refused"),
        (provider(state=State.UNAVAILABLE), ("anthropic",), [mark("away")], [], "▲ not running"),
        (provider(state=State.UNAVAILABLE), ("anthropic",), [], [], "✕ unavailable"),
        (
            provider(state=State.PARTLY),
            ("anthropic",),
            [mark("overloaded", model="claude-opus-4-8")],
            [breaker()],
            "✕ breaker open: claude-haiku-4-5",
        ),
        (provider(), ("anthropic",), [], [breaker("half_open")], "▲ tried again: claude-haiku-4-5"),
        (provider(), ("anthropic",), [], [breaker("closed")], "○ not asked lately"),
        (provider(), ("anthropic",), [mark("loading", model="qwen")], [], "▲ loading its model: qwen"),
        (provider(), ("anthropic",), [mark("rejected", provider="openai")], [], "○ not asked lately"),
    ],
)
def test_every_state_has_its_word_and_sign(
    one: ProviderStanding, usable: Any, marks: Any, breakers: Any, says: str
) -> None:
    assert row(one, usable, marks=marks, circuitBreakers=breakers)["state"] == says


@pytest.mark.parametrize(("errors", "says"), [(19.9, "● well"), (20.0, "▲ fails often")])
def test_one_that_fails_often_is_not_called_well(errors: float, says: str) -> None:
    assert row(provider(), providerStats={"anthropic": {**STATISTICS, "errorRate": errors}})["state"] == says


def test_a_limit_says_until_when() -> None:
    found = row(provider(state=State.UNAVAILABLE), marks=[mark("rate limited", ends_in=90.0)])
    assert found["state"].startswith("▲ limited until ")


def test_parts_that_could_not_be_had_leave_a_dash() -> None:
    lost = {"error": "ledger", "detail": "The record cannot be read."}
    assert row(provider(), providerStats=lost, marks=lost, circuitBreakers=lost)["p50"] is None


@pytest.mark.parametrize(
    ("known", "says"),
    [
        (None, "–"),
        (window(), "5h: 20 %"),
        (window(name="credit", used_percent=None, remaining=4.5, unit="USD"), "credit: 4.5 USD left"),
        (window(used_percent=None), "5h: unknown"),
    ],
)
def test_the_tightest_limit_is_told_as_far_as_it_is_known(known: Any, says: str) -> None:
    assert limit_told(known, NOW).replace("\N{NO-BREAK SPACE}", " ") == says


def test_the_tightest_limit_says_when_it_begins_anew() -> None:
    assert "anew" in limit_told(window(resets_at=NOW + 60), NOW)
