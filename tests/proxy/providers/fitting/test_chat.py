"""Requests of OpenAI's chat format, fitted to those who speak it."""

from typing import Any

import pytest

from proxy.wire.format import Format
from tests.proxy.providers.fitting.fitted import Fitted, fitted


def chat(body: dict[str, Any], kind: str, model: str, **more: Any) -> Fitted:
    return fitted(
        Format.OPENAI_CHAT, {"messages": [{"role": "user", "content": "hi"}], **body}, kind, model, **more
    )


@pytest.mark.parametrize(
    ("kind", "model", "body", "changed"),
    [
        ("openai", "gpt-5", {"max_tokens": 500}, {"max_tokens": None, "max_completion_tokens": 500}),
        ("openai", "gpt-5", {"max_completion_tokens": 500}, {}),
        ("openai", "gpt-4o", {"max_tokens": 500}, {}),
        ("openai", "gpt-4o", {"max_completion_tokens": 500}, {}),
        ("llamacpp", "x", {"max_completion_tokens": 500}, {"max_tokens": 500, "max_completion_tokens": None}),
        (
            "mistral",
            "codestral-latest",
            {"max_tokens": 400, "max_completion_tokens": 500},
            {"max_completion_tokens": None},
        ),
        ("openai-compatible", "x", {"max_completion_tokens": 500}, {}),
        ("openai", "gpt-4.1", {"max_tokens": 64_000}, {"max_tokens": 32_768}),
        (
            "openai",
            "gpt-5",
            {"max_tokens": 900_000},
            {"max_tokens": None, "max_completion_tokens": 128_000},
        ),
    ],
)
def test_the_limit_goes_by_the_name_that_is_heeded(
    kind: str, model: str, body: dict[str, Any], changed: dict[str, Any]
) -> None:
    assert chat(body, kind, model).changed == changed


@pytest.mark.parametrize(
    ("kind", "model", "body", "changed"),
    [
        (
            "openai",
            "gpt-5",
            {"temperature": 0.2, "stop": ["x"], "top_p": 0.5, "seed": 1},
            {"temperature": None, "stop": None, "top_p": None},
        ),
        ("openai", "gpt-5", {"temperature": 1, "top_p": 1.0}, {}),
        ("openai", "gpt-4o", {"temperature": 0.2, "stop": ["x"]}, {}),
        ("openai", "gpt-5", {"reasoning_effort": "xhigh"}, {"reasoning_effort": "high"}),
        ("openai", "gpt-5", {"reasoning_effort": "none"}, {"reasoning_effort": "minimal"}),
        ("openai", "gpt-5.5", {"reasoning_effort": "minimal"}, {"reasoning_effort": "low"}),
        ("openai", "gpt-4o", {"reasoning_effort": "low"}, {"reasoning_effort": None}),
        ("openai-compatible", "x", {"reasoning_effort": "low", "temperature": 0.2, "store": True}, {}),
        ("moonshot", "kimi-k2.6", {"temperature": 0.2}, {"temperature": None}),
        ("moonshot", "kimi-k2.6", {"thinking": {"type": "disabled"}}, {}),
        ("mistral", "mistral-large-latest", {"store": True, "user": "u"}, {"store": None, "user": None}),
        (
            "xai",
            "grok-4-0709",
            {"presence_penalty": 0, "stop": "x"},
            {"presence_penalty": None, "stop": None},
        ),
        (
            "databricks",
            "databricks-gpt-oss-120b",
            {"parallel_tool_calls": True},
            {"parallel_tool_calls": None},
        ),
        ("llamacpp", "x", {"reasoning_effort": "low"}, {"reasoning_effort": None}),
    ],
)
def test_what_model_or_host_refuse_is_left_out(
    kind: str, model: str, body: dict[str, Any], changed: dict[str, Any]
) -> None:
    assert chat(body, kind, model).changed == changed


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (None, {"include_usage": True}),
        ({"include_usage": False}, {"include_usage": True}),
        ({"include_obfuscation": False}, {"include_obfuscation": False, "include_usage": True}),
    ],
)
def test_on_a_stream_usage_is_asked_for(options: Any, expected: dict[str, Any]) -> None:
    found = chat({"stream": True, "stream_options": options}, "openai", "gpt-4o", stream=True)

    assert found.changed == {"stream_options": expected}
    assert found.reasons == ("stream_options.include_usage: asked for, so that the tokens can be counted",)


def test_a_stream_that_asks_for_usage_itself_comes_out_as_it_came() -> None:
    body = {"stream": True, "stream_options": {"include_usage": True}}

    assert chat(body, "openai", "gpt-4o", stream=True).fit.edits == ()


def test_a_whole_answer_tells_its_usage_without_being_asked() -> None:
    assert chat({}, "openai", "gpt-4o").fit.edits == ()


@pytest.mark.parametrize(("kind", "learned"), [("mistral", set()), ("openai-compatible", {"stream_options"})])
def test_usage_is_not_asked_for_where_that_is_refused(kind: str, learned: set[str]) -> None:
    found = chat({"stream": True}, kind, "mistral-large-latest", stream=True, learned=learned)

    assert found.fit.edits == ()


def test_the_refused_name_of_the_limit_gives_way_to_the_other() -> None:
    found = chat({"max_tokens": 5}, "openai-compatible", "x", learned={"max_tokens"})

    assert found.changed == {"max_tokens": None, "max_completion_tokens": 5}


def test_what_was_learned_is_left_out_even_where_it_says_nothing() -> None:
    found = chat(
        {"temperature": 1, "store": False}, "openai-compatible", "x", learned={"temperature", "store"}
    )

    assert found.changed == {"temperature": None, "store": None}


@pytest.mark.parametrize(
    ("kind", "model", "params", "body", "changed"),
    [
        ("openai", "gpt-5", {"effort": "low"}, {}, {"reasoning_effort": "low"}),
        ("openai", "gpt-5", {"effort": "low"}, {"reasoning_effort": "low"}, {}),
        ("openai", "gpt-5", {"max_tokens": 9}, {}, {"max_completion_tokens": 9}),
        ("openai", "gpt-4o", {"max_tokens": 9}, {"max_completion_tokens": 99}, {"max_completion_tokens": 9}),
        ("openai", "gpt-4o", {"temperature": 0.1, "seed": 3}, {}, {"temperature": 0.1, "seed": 3}),
        ("openai", "gpt-5", {"temperature": 0.1}, {}, {}),
        ("deepseek", "deepseek-v4-pro", {"thinking": False}, {}, {"thinking": {"type": "disabled"}}),
        (
            "openrouter",
            "anthropic/claude-haiku-4.5",
            {"thinking": 9000},
            {},
            {"reasoning": {"max_tokens": 9000}},
        ),
        (
            "openrouter",
            "anthropic/claude-haiku-4.5",
            {"thinking": 9000},
            {"reasoning_effort": "low"},
            {"reasoning": {"max_tokens": 9000}, "reasoning_effort": None},
        ),
        ("groq", "llama-3.3-70b-versatile", {"effort": "low"}, {}, {}),
        ("vllm", "qwen3-8b", {"chat_template_kwargs": {"a": 1}}, {}, {"chat_template_kwargs": {"a": 1}}),
        ("ollama", "qwen3", {"num_ctx": 9, "keep_alive": "5m"}, {}, {}),
        ("openai", "gpt-4o", {"messages": [], "tools": []}, {}, {}),
    ],
)
def test_params_are_set_in_the_words_of_the_host(
    kind: str, model: str, params: dict[str, Any], body: dict[str, Any], changed: dict[str, Any]
) -> None:
    found = chat(body, kind, model, params=params)

    assert found.changed == changed
    assert bool(found.reasons) == bool(changed)
