"""What is told of a request in words."""

from typing import Any

import pytest

from ui.windows.logs.details.facts import attempts, candidates, facts, reasons, sentence, spans

ROW: dict[str, Any] = {
    "id": "req_1", "received": 1_780_000_000_000, "client": "codex", "surface": "responses", "streamed": True,
    "requested": "gpt-5.5", "service": "openai/gpt-5.5", "tier": "COMPLEX", "score": 61.6, "source": "tier",
    "status": 200, "outcome": "answered", "error": None, "partial": False, "input_tokens": 100,
    "cache_read_tokens": 300, "cache_write_tokens": 0, "output_tokens": 50, "reasoning_tokens": 20,
    "tokens_per_second": 25.4, "first_byte_ms": 400, "duration_ms": 2400, "cost_usd": 0.02,
    "price_source": "user", "other_attempts_usd": 0, "subscription": False, "baseline_usd": 0.01,
    "compared_with": "openai/gpt-5.4", "is_compared_with_reference": False, "saved_usd": -0.01,
    "estimated": True, "decision": None, "reasons": ["begins with tier COMPLEX"], "attempts": [],
}  # fmt: skip


def told(**others: Any) -> dict[str, str]:
    return dict(facts({**ROW, **others}))


@pytest.mark.parametrize(
    ("name", "about", "text"),
    [
        ("Outcome", {}, "✓ 200"),
        ("Outcome", {"partial": True}, "✓ 200; the answer broke off"),
        ("Outcome", {"outcome": "failed", "error": "timeout", "status": 504}, "✗ took too long (504)"),
        ("Client", {"streamed": False, "client": None}, "– · responses · in one piece"),
        ("Tier", {}, "COMPLEX (difficulty 62 of 100)"),
        ("Tier", {"tier": None}, "none"),
        ("Tokens in", {}, "400, 300 of them from the cache (75 %)"),
        (
            "Tokens in",
            {"input_tokens": None, "cache_read_tokens": None, "cache_write_tokens": None},
            "unknown",
        ),
        ("Tokens out", {}, "50, 20 of them thought, 25 a second"),
        ("Tokens out", {"output_tokens": None}, "unknown"),
        ("Took", {"first_byte_ms": None}, "2.4 s"),
        ("Cost", {}, "$0.02 by your own price"),
        ("Cost", {"other_attempts_usd": 0.01}, "$0.02 by your own price, of it $0.01 for other attempts"),
        ("Cost", {"cost_usd": None}, "unknown: this model has no price"),
        ("Cost", {"subscription": True}, "paid by a subscription"),
        ("Instead", {"is_compared_with_reference": True}, "$0.01 with openai/gpt-5.4, the reference"),
        ("Instead", {"baseline_usd": None}, "unknown"),
        ("Saved", {}, "−$0.01 (it cost more), estimated"),
        ("Saved", {"saved_usd": 0.5, "estimated": False}, "$0.50, measured"),
        ("Saved", {"saved_usd": None}, "unknown"),
    ],
)
def test_a_fact_says(name: str, about: dict[str, Any], text: str) -> None:
    assert told(**about)[name] == text


def test_without_a_decision_the_sentence_is_put_together() -> None:
    assert sentence(ROW) == "openai/gpt-5.5 answered codex. begins with tier COMPLEX"
    assert sentence({**ROW, "service": None, "reasons": []}) == "Nobody answered codex."
    assert (list(reasons(ROW)), list(candidates(ROW))) == ([("", "begins with tier COMPLEX")], [])


def test_a_candidate_says_why_it_fell() -> None:
    kept = {"service": "a/b", "kept": True, "dropped_by": None, "why": None}
    fell = {"service": "c/d", "kept": False, "dropped_by": "health", "why": "it is switched off"}
    assert list(candidates({**ROW, "decision": {"candidates": [kept, fell]}})) == [
        ("a/b", "✓ in question"),
        ("c/d", "✗ left out by health: it is switched off"),
    ]


def test_what_an_attempt_changed_is_told_below_it() -> None:
    attempt = {
        "service": "a/b", "outcome": "answered", "status": 200, "error": None, "began_ms": 10,
        "first_byte_ms": 9, "ended_ms": 9, "cost_usd": None, "key": None, "tier": None,
        "notes": ["thinking was left out"],
    }  # fmt: skip
    row = {**ROW, "attempts": [attempt]}
    assert list(attempts(row)) == [("1. a/b", "✓ 200, first byte after 0 ms\nthinking was left out")]
    (span,) = spans(row)
    assert (span.start, span.first_byte, span.end) == (10, 10, 10)
