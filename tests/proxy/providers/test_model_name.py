"""One model has one bare name, however its seller packs it."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from proxy.providers.model_name import bare_name


@pytest.mark.parametrize(
    ("sold_as", "name"),
    [
        ("claude-haiku-4-5", "claude-haiku-4-5"),
        ("claude-haiku-4-5-20251001", "claude-haiku-4-5"),
        ("anthropic/claude-haiku-4.5", "claude-haiku-4-5"),
        ("anthropic.claude-haiku-4-5-20251001-v1:0", "claude-haiku-4-5"),
        ("us.anthropic.claude-haiku-4-5-20251001-v1:0", "claude-haiku-4-5"),
        ("global.anthropic.claude-opus-4-6-v1", "claude-opus-4-6"),
        (
            "arn:aws:bedrock:eu-west-1:123456789012:inference-profile/eu.anthropic.claude-opus-4-8",
            "claude-opus-4-8",
        ),
        ("claude-haiku-4-5@20251001", "claude-haiku-4-5"),
        ("databricks-claude-sonnet-4-5", "claude-sonnet-4-5"),
        ("claude-opus-4-8[1m]", "claude-opus-4-8"),
        ("claude-sonnet-4-6[1M]", "claude-sonnet-4-6"),
        ("claude-opus-4-20250514", "claude-opus-4"),
        ("anthropic/claude-3.7-sonnet:thinking", "claude-3-7-sonnet"),
        ("gpt-5-2025-08-07", "gpt-5"),
        ("openai/gpt-oss-120b:free", "gpt-oss-120b"),
        ("ft:gpt-4o-mini:company::id", "gpt-4o-mini:company::id"),
        ("models/gemini-2.5-pro", "gemini-2.5-pro"),
        ("accounts/fireworks/models/gpt-oss-120b", "gpt-oss-120b"),
        ("Qwen/Qwen3-Coder-480B", "qwen3-coder-480b"),
        ("qwen3-coder:30b", "qwen3-coder:30b"),
        ("deepseek-v3", "deepseek-v3"),
        ("deepseek-ai/DeepSeek-V4", "deepseek-v4"),
        ("qwen2.5", "qwen2.5"),
        ("kimi-k2.6", "kimi-k2.6"),
    ],
)
def test_the_bare_name_is_left(sold_as: str, name: str) -> None:
    assert bare_name(sold_as) == name


@given(
    before=st.sampled_from(["", "anthropic/", "us.anthropic.", "databricks-", "models/", "a/b/c/"]),
    name=st.sampled_from(["claude-haiku-4-5", "claude-opus-4-8", "claude-sonnet-5"]),
    after=st.lists(st.sampled_from(["-20251001", "-v1:0", "[1m]", "@20251001", ":free"]), max_size=3),
)
def test_whatever_stands_around_a_name_is_taken_off(before: str, name: str, after: list[str]) -> None:
    assert bare_name((before + name + "".join(after)).upper()) == name


@example("GOOGLE.")
@example("databricks-")
@given(st.text(max_size=60))
def test_no_name_is_lost_altogether(text: str) -> None:
    assert bool(bare_name(text)) == bool(text.strip())
