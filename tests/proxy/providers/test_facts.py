"""What the table of models says, of the models that most depends on."""

from typing import Any

import pytest

from proxy.config import PROVIDER_KINDS
from proxy.providers import facts as facts_room
from proxy.providers.facts import Facts, facts, taught
from proxy.providers.presets import presets
from proxy.wire.format import Format
from proxy.wire.target import Thinks
from tests.proxy.gateway_fixture import running_gateway


@pytest.mark.parametrize(
    ("kind", "model", "expected"),
    [
        (
            "anthropic",
            "claude-haiku-4-5-20251001",
            {"context": 200_000, "max_output": 64_000, "thinks": Thinks.BUDGET, "system_messages": False},
        ),
        ("anthropic", "claude-sonnet-4-5", {"max_output": 64_000, "thinks": Thinks.BUDGET}),
        ("anthropic", "claude-opus-4-1", {"max_output": 32_000, "thinks": Thinks.BUDGET}),
        ("anthropic", "claude-opus-4-20250514", {"max_output": 32_000, "thinks": Thinks.BUDGET}),
        (
            "anthropic",
            "claude-opus-4-5",
            {"max_output": 64_000, "thinks": Thinks.BUDGET, "efforts": ("low", "medium", "high")},
        ),
        (
            "bedrock",
            "us.anthropic.claude-opus-4-6-v1",
            {"context": 1_000_000, "thinks": Thinks.ADAPTIVE, "takes_budget": True},
        ),
        ("anthropic", "claude-sonnet-4-6", {"max_output": 64_000, "takes_budget": True}),
        (
            "anthropic",
            "claude-opus-4-8",
            {
                "context": 1_000_000,
                "max_output": 128_000,
                "thinks": Thinks.ADAPTIVE,
                "takes_budget": False,
                "can_rest": True,
                "system_messages": True,
                "keeps_billing_header": True,
            },
        ),
        (
            "anthropic",
            "claude-fable-5",
            {"thinks": Thinks.ADAPTIVE, "can_rest": False, "max_output": 128_000},
        ),
        ("anthropic", "claude-haiku-5-5", {"thinks": Thinks.ADAPTIVE, "takes_budget": False}),
        ("anthropic", "claude-3-5-haiku-20241022", {"thinks": Thinks.NOT, "max_output": 8192}),
        ("anthropic", "claude-3-7-sonnet-20250219", {"thinks": Thinks.BUDGET, "max_output": 64_000}),
        ("openrouter", "anthropic/claude-haiku-4.5", {"thinks": Thinks.BUDGET, "takes_cache_marks": True}),
        ("openai", "gpt-4o-2024-08-06", {"thinks": Thinks.NOT, "max_tokens_field": None}),
        ("openai", "gpt-4.1-mini", {"context": 1_047_576, "max_output": 32_768, "thinks": Thinks.NOT}),
        (
            "openai",
            "gpt-5",
            {
                "thinks": Thinks.EFFORT,
                "efforts": ("minimal", "low", "medium", "high"),
                "max_tokens_field": "max_completion_tokens",
                "developer_role": True,
                "only_formats": frozenset(),
            },
        ),
        ("openai", "gpt-5.5", {"context": 1_050_000, "efforts": ("none", "low", "medium", "high", "xhigh")}),
        ("openai", "gpt-5-chat-latest", {"thinks": Thinks.NOT}),
        ("openai", "o4-mini", {"thinks": Thinks.EFFORT, "context": 200_000}),
        ("openai", "gpt-5.2-codex", {"only_formats": {Format.RESPONSES}}),
        ("openrouter", "openai/gpt-5.2-codex", {"only_formats": frozenset()}),
        ("gemini", "gemini-2.5-flash", {"thinks": Thinks.BUDGET, "can_rest": True, "vision": True}),
        ("gemini", "gemini-2.5-pro", {"thinks": Thinks.BUDGET, "can_rest": False}),
        (
            "gemini",
            "gemini-3-pro-preview",
            {"thinks": Thinks.EFFORT, "efforts": ("low", "high"), "unsigned_calls_refused": True},
        ),
        (
            "deepseek",
            "deepseek-v4-flash",
            {"thinks": Thinks.TOGGLE, "reasoning_field": "reasoning_content", "reasoning_demanded": True},
        ),
        ("moonshot", "kimi-k2.6", {"thinks": Thinks.TOGGLE, "blank_text": " ", "reasoning_demanded": True}),
        ("zai", "glm-4.7", {"thinks": Thinks.TOGGLE, "max_tokens_field": "max_tokens"}),
        ("groq", "llama-3.3-70b-versatile", {"thinks": Thinks.NOT}),
        ("groq", "openai/gpt-oss-120b", {"thinks": Thinks.EFFORT, "efforts": ("low", "medium", "high")}),
        ("mistral", "codestral-latest", {"stream_usage": False, "max_tokens_field": "max_tokens"}),
        ("xai", "grok-4-0709", {"thinking": True, "thinks": Thinks.NOT}),
        ("xai", "grok-3-mini", {"thinks": Thinks.EFFORT}),
        (
            "llamacpp",
            "qwen3-coder-30b",
            {
                "thinks": Thinks.NOT,
                "max_tokens_field": "max_tokens",
                "named_choice": False,
                "one_leading_system": True,
                "reasoning_field": "reasoning_content",
                "context": None,
            },
        ),
        ("lmstudio", "whatever", {"schema_needs_properties": True}),
        ("ollama", "qwen3-coder:30b", {"thinks": Thinks.NOT, "tools": True, "context": None}),
        ("ollama", "gpt-oss:20b", {"thinks": Thinks.EFFORT}),
        ("ollama", "something-new", {"thinks": Thinks.TOGGLE, "thinking": None}),
    ],
)
def test_the_table_says(kind: str, model: str, expected: dict[str, Any]) -> None:
    known = facts(kind, model)

    assert {name: getattr(known, name) for name in expected} == expected


def test_a_model_that_nobody_knows_is_unknown_in_everything() -> None:
    assert facts("openai-compatible", "Some/House-Model") == Facts(model="house-model")


def test_a_new_member_of_a_known_family_is_known_as_far_as_its_family_is() -> None:
    known = facts("anthropic", "claude-novella-7")

    assert (known.tools, known.vision, known.thinks, known.max_output) == (True, True, None, None)


@pytest.mark.parametrize(
    ("kind", "model", "spoken", "name", "refused"),
    [
        ("anthropic", "claude-haiku-4-5", Format.ANTHROPIC, "output_config.effort", True),
        ("anthropic", "claude-opus-4-8", Format.ANTHROPIC, "output_config.effort", False),
        ("anthropic", "claude-opus-4-8", Format.ANTHROPIC, "temperature", True),
        ("anthropic", "claude-opus-4-6", Format.ANTHROPIC, "temperature", False),
        ("openai", "gpt-5", Format.OPENAI_CHAT, "stop", True),
        ("openai", "gpt-5", Format.RESPONSES, "temperature", True),
        ("openai", "gpt-4o", Format.OPENAI_CHAT, "temperature", False),
        ("openrouter", "openai/gpt-5", Format.OPENAI_CHAT, "temperature", False),
        ("moonshot", "kimi-k2.6", Format.OPENAI_CHAT, "temperature", True),
        ("xai", "grok-4-0709", Format.OPENAI_CHAT, "reasoning_effort", True),
        ("xai", "grok-4.3", Format.OPENAI_CHAT, "reasoning_effort", False),
        ("mistral", "mistral-large-latest", Format.OPENAI_CHAT, "max_completion_tokens", True),
        ("bedrock", "anthropic.claude-haiku-4-5", Format.ANTHROPIC, "service_tier", True),
    ],
)
def test_what_is_refused_depends_on_model_and_host(
    kind: str, model: str, spoken: Format, name: str, refused: bool
) -> None:
    assert (name in facts(kind, model).refused_in(spoken)) is refused


def test_gemini_is_told_by_an_effort_in_openais_format_and_by_a_budget_in_its_own() -> None:
    known = facts("gemini", "gemini-2.5-flash")

    assert known.thinks_when_asked_in(Format.GEMINI) is Thinks.BUDGET
    assert known.thinks_when_asked_in(Format.OPENAI_CHAT) is Thinks.EFFORT


def test_who_cannot_be_told_to_think_can_be_told_in_no_format() -> None:
    assert facts("ollama", "llama3.2").thinks_when_asked_in(Format.OPENAI_CHAT) is Thinks.NOT


@pytest.mark.parametrize("kind", PROVIDER_KINDS)
def test_no_kind_loses_what_is_known_of_its_suggested_models(kind: str) -> None:
    models = [model for each in presets() if each.kind == kind for model in each.models]

    assert all(facts(kind, model).tools for model in models)


@pytest.mark.parametrize(
    ("learned", "expected"),
    [
        ("thinking.adaptive", {"thinks": Thinks.BUDGET}),
        ("thinking.enabled", {"thinks": Thinks.ADAPTIVE, "takes_budget": False}),
        ("thinking.disabled", {"can_rest": False}),
    ],
)
def test_ways_of_thinking_are_learned(learned: str, expected: dict[str, Any]) -> None:
    known = taught(facts("anthropic", "claude-novella-7"), {learned}, Format.ANTHROPIC)

    assert {name: getattr(known, name) for name in expected} == expected


def test_a_refused_name_for_the_limit_leaves_the_other_one() -> None:
    known = taught(facts("openai-compatible", "x"), {"max_tokens"}, Format.OPENAI_CHAT)

    assert known.max_tokens_field == "max_completion_tokens"
    assert "max_tokens" in known.refused_in(Format.OPENAI_CHAT)


def test_nothing_learned_changes_nothing() -> None:
    known = facts("openai", "gpt-5")

    assert taught(known, (), Format.OPENAI_CHAT) is known


async def test_the_table_is_read_before_the_first_request() -> None:
    facts_room._rows.cache_clear()
    async with running_gateway():
        assert facts_room._rows.cache_info().currsize == 1
