"""Betas pass where they are taken."""

import pytest

from proxy.providers.facts import facts
from proxy.providers.fitting import anthropic_betas

CLAUDE_CODE = [
    "claude-code-20250219",
    "context-1m-2025-08-07",
    "interleaved-thinking-2025-05-14",
    "effort-2025-11-24",
    "context-management-2025-06-27",
]


@pytest.mark.parametrize(
    ("kind", "model", "kept"),
    [
        ("anthropic", "claude-opus-4-8", CLAUDE_CODE),
        ("anthropic", "claude-haiku-4-5", [CLAUDE_CODE[0], CLAUDE_CODE[2], CLAUDE_CODE[4]]),
        ("anthropic", "claude-3-5-haiku-20241022", CLAUDE_CODE[:1]),
        ("bedrock", "us.anthropic.claude-opus-4-8", CLAUDE_CODE[1:]),
        ("bedrock", "us.anthropic.claude-haiku-4-5-20251001-v1:0", [CLAUDE_CODE[2], CLAUDE_CODE[4]]),
        ("anthropic-compatible", "unknown", CLAUDE_CODE),
    ],
)
def test_betas_are_kept_in_their_order(kind: str, model: str, kept: list[str]) -> None:
    assert anthropic_betas(CLAUDE_CODE, facts(kind, model)) == kept
