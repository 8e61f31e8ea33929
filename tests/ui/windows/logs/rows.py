"""Rows as the record tells them."""

from typing import Any

from ui.windows.logs.entry import Entry

_USUAL: dict[str, Any] = {
    "id": "req_1", "received": 1_780_000_000_000, "client": "claude-code", "requested": "claude-opus-4-8",
    "service": "anthropic/claude-haiku-4-5", "tier": "SIMPLE", "source": "tier", "status": 200,
    "outcome": "answered", "error": None, "attempt_count": 1, "input_tokens": 20, "cache_read_tokens": 60,
    "cache_write_tokens": 20, "output_tokens": 800, "cost_usd": 0.01, "subscription": False,
    "price_source": "catalogue", "saved_usd": 0.05, "estimated": False, "compared_with": "a/b",
    "first_byte_ms": 510, "duration_ms": 2020,
}  # fmt: skip


def entry(**others: Any) -> Entry:
    return Entry(**{**_USUAL, **others})
