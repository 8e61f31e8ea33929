"""What a translated request is written for."""

from typing import Any

import msgspec
import pytest

from proxy.providers.facts import facts
from proxy.providers.targets import own_params, target, with_params
from proxy.wire.canonical import Conversation, Message, Reasoning, Role, Text
from proxy.wire.format import Format
from proxy.wire.sides import PROVIDER
from proxy.wire.splice import Set
from proxy.wire.target import Target, Thinks

SAID = Conversation(
    format=Format.OPENAI_CHAT,
    messages=(Message(Role.USER, (Text("hello"),)),),
    max_tokens=64_000,
    temperature=0.2,
    reasoning=Reasoning(effort="high"),
)


def aim(kind: str, model: str, spoken: Format, **more: Any) -> Target:
    return target(facts(kind, model), model, format=spoken, **{"issued": (), "params": {}, **more})


def test_the_facts_stand_in_the_target() -> None:
    known = aim("llamacpp", "qwen3-8b", Format.OPENAI_CHAT, issued={"ours"})

    assert known == Target(
        model="qwen3-8b",
        issued={"ours"},
        documents=False,
        thinks=Thinks.NOT,
        max_tokens_field="max_tokens",
        named_choice=False,
        one_leading_system=True,
        reasoning_field="reasoning_content",
        vision=False,
    )


@pytest.mark.parametrize(
    ("spoken", "reads"),
    [
        (Format.ANTHROPIC, True),
        (Format.GEMINI, True),
        (Format.BEDROCK, True),
        (Format.OPENAI_CHAT, False),
        (Format.RESPONSES, False),
        (Format.OLLAMA, False),
    ],
)
def test_whether_an_unknown_model_reads_documents_is_presumed_by_the_format(
    spoken: Format, reads: bool
) -> None:
    assert aim("openai-compatible", "unknown", spoken).documents is reads


def test_a_model_that_may_see_is_shown_pictures() -> None:
    assert aim("openai-compatible", "unknown", Format.OPENAI_CHAT).vision


def test_what_was_learned_is_refused_as_well() -> None:
    known = aim("openai-compatible", "x", Format.OPENAI_CHAT, learned={"max_tokens", "store"})

    assert known.refuses == {"max_tokens", "store"}
    assert known.max_tokens_field == "max_completion_tokens"


def test_learned_refusal_of_stream_options_ends_asking_for_usage() -> None:
    assert aim("openai-compatible", "x", Format.OPENAI_CHAT).stream_usage
    assert not aim("openai-compatible", "x", Format.OPENAI_CHAT, learned={"stream_options"}).stream_usage


def test_the_window_and_the_time_in_memory_are_params_of_the_service() -> None:
    known = aim("ollama", "qwen3", Format.OLLAMA, params={"num_ctx": 32_768, "keep_alive": -1})

    assert (known.context, known.keep_alive) == (32_768, "-1s")


def test_a_claude_over_the_chat_format_is_told_by_an_effort() -> None:
    assert aim("openrouter", "anthropic/claude-opus-4.8", Format.OPENAI_CHAT).thinks is Thinks.EFFORT


@pytest.mark.parametrize(
    ("params", "changed"),
    [
        ({"max_tokens": 8000}, {"max_tokens": 8000}),
        ({"max_output_tokens": 8000}, {"max_tokens": 8000}),
        (
            {"temperature": 1, "top_p": 0.9, "top_k": 5, "seed": 7},
            {"temperature": 1, "top_p": 0.9, "top_k": 5, "seed": 7},
        ),
        ({"effort": "low"}, {"reasoning": Reasoning(effort="low")}),
        ({"reasoning_effort": "low"}, {"reasoning": Reasoning(effort="low")}),
        ({"effort": "none"}, {"reasoning": Reasoning(enabled=False)}),
        ({"thinking": False}, {"reasoning": Reasoning(enabled=False)}),
        ({"thinking": "off"}, {"reasoning": Reasoning(enabled=False)}),
        ({"thinking": True}, {"reasoning": Reasoning(enabled=True, effort="high")}),
        ({"thinking": 8000}, {"reasoning": Reasoning(enabled=True, effort="high", budget=8000)}),
        (
            {"thinking": {"type": "enabled", "budget_tokens": 8000}},
            {"reasoning": Reasoning(enabled=True, effort="high", budget=8000)},
        ),
        ({"thinking": {"type": "disabled"}}, {"reasoning": Reasoning(enabled=False)}),
        ({"thinking": "adaptive"}, {"reasoning": Reasoning(adaptive=True, effort="high")}),
        ({"num_ctx": 4096, "keep_alive": "5m", "min_p": 0.1}, {}),
        ({"temperature": "hot", "max_tokens": True}, {}),
    ],
)
def test_params_replace_what_the_client_said(params: dict[str, Any], changed: dict[str, Any]) -> None:
    assert with_params(SAID, params) == msgspec.structs.replace(SAID, **changed)


def test_without_params_the_conversation_is_the_same() -> None:
    assert with_params(SAID, {}) is SAID


def test_an_effort_alone_does_not_make_think_who_was_told_not_to() -> None:
    quiet = msgspec.structs.replace(SAID, reasoning=Reasoning(enabled=False))

    reasoning = with_params(quiet, {"effort": "high"}).reasoning

    assert reasoning is not None
    assert reasoning.is_off


def test_an_effort_that_the_model_does_not_know_becomes_the_nearest() -> None:
    said = msgspec.structs.replace(SAID, reasoning=Reasoning(effort="max"))

    assert with_params(said, {}, facts("openai", "gpt-5")).reasoning == Reasoning(effort="high")


def test_who_always_thinks_is_told_to_think_least() -> None:
    said = msgspec.structs.replace(SAID, reasoning=Reasoning(enabled=False))

    assert with_params(said, {}, facts("anthropic", "claude-fable-5")).reasoning == Reasoning(effort="low")


def test_the_params_of_a_provider_alone_are_set_as_they_are_but_for_the_clients_words() -> None:
    params = {"min_p": 0.1, "chat_template_kwargs": {"a": 1}, "effort": "low", "messages": [], "model": "x"}

    assert own_params(params) == (Set(("min_p",), b"0.1"), Set(("chat_template_kwargs",), b'{"a":1}'))


@pytest.mark.parametrize(
    ("kind", "model", "spoken", "expected", "absent"),
    [
        (
            "anthropic",
            "claude-haiku-4-5",
            Format.ANTHROPIC,
            {"max_tokens": 64_000, "thinking": {"type": "enabled", "budget_tokens": 20_480}},
            ("output_config", "temperature"),
        ),
        (
            "anthropic",
            "claude-opus-4-8",
            Format.ANTHROPIC,
            {"thinking": {"type": "adaptive"}, "output_config": {"effort": "high"}},
            ("temperature",),
        ),
        (
            "openai",
            "gpt-5",
            Format.OPENAI_CHAT,
            {"max_completion_tokens": 64_000, "reasoning_effort": "high"},
            ("max_tokens", "temperature"),
        ),
        (
            "openai",
            "gpt-4.1",
            Format.OPENAI_CHAT,
            {"max_tokens": 32_768, "temperature": 0.2},
            ("reasoning_effort", "max_completion_tokens"),
        ),
        (
            "deepseek",
            "deepseek-v4-pro",
            Format.OPENAI_CHAT,
            {"thinking": {"type": "enabled"}, "max_tokens": 64_000},
            ("reasoning_effort",),
        ),
        ("moonshot", "kimi-k2.6", Format.OPENAI_CHAT, {"thinking": {"type": "enabled"}}, ("temperature",)),
        ("groq", "llama-3.3-70b-versatile", Format.OPENAI_CHAT, {"temperature": 0.2}, ("reasoning_effort",)),
        ("ollama", "llama3.2", Format.OLLAMA, {"model": "llama3.2"}, ("think",)),
        ("ollama", "qwen3", Format.OLLAMA, {"think": True}, ()),
    ],
)
def test_the_writers_write_what_the_model_takes(
    kind: str, model: str, spoken: Format, expected: dict[str, Any], absent: tuple[str, ...]
) -> None:
    written = PROVIDER[spoken].write_request(SAID, aim(kind, model, spoken))

    body = msgspec.json.decode(written.body)
    assert {name: body.get(name) for name in expected} == expected
    assert [name for name in absent if name in body] == []


@pytest.mark.parametrize(
    ("params", "context"),
    [
        ({"num_ctx": "4096"}, 4096),
        ({"num_ctx": " 4096 "}, 4096),
        ({"num_ctx": "plenty"}, None),
        ({"options": {"num_ctx": 4096}}, 4096),
        ({"options": {"num_ctx": "4096"}}, 4096),
        ({"options": {"num_ctx": 4096}, "num_ctx": 8192}, 8192),
        ({"options": {"min_p": 0.1}}, None),
        ({"options": "none"}, None),
    ],
)
def test_the_context_is_understood_as_text_and_among_the_options(
    params: dict[str, Any], context: int | None
) -> None:
    assert aim("ollama", "qwen3", Format.OLLAMA, params=params).context == context


@pytest.mark.parametrize(
    ("params", "edits"),
    [
        ({"num_ctx": "4096"}, ()),
        (
            {"options": {"num_ctx": "4096", "min_p": 0.1}},
            (Set(("options", "num_ctx"), b"4096"), Set(("options", "min_p"), b"0.1")),
        ),
        ({"options": {"num_ctx": 4096}, "num_ctx": 8192}, (Set(("options", "num_ctx"), b"8192"),)),
        ({"options": {}}, ()),
        ({"options": "none"}, (Set(("options",), b'"none"'),)),
    ],
)
def test_own_options_are_set_beside_those_that_are_written(
    params: dict[str, Any], edits: tuple[Set, ...]
) -> None:
    assert own_params(params) == edits
