"""Requests of the Responses format, fitted to another model."""

from typing import Any

import pytest

from proxy.wire.format import Format
from tests.proxy.providers.fitting.fitted import Fitted, fitted

CODEX_TURN: dict[str, Any] = {
    "input": [{"role": "user", "content": "hello"}],
    "tools": [{"type": "function", "name": "exec_command"}],
    "store": False,
    "stream": True,
    "include": ["reasoning.encrypted_content"],
    "reasoning": {"effort": "medium", "summary": "auto"},
    "prompt_cache_key": "s",
}


def responses(body: dict[str, Any], model: str, **more: Any) -> Fitted:
    return fitted(Format.RESPONSES, body, "openai", model, stream=True, **more)


@pytest.mark.parametrize("model", ["gpt-5.2-codex", "gpt-5", "gpt-5.5", "o4-mini", "something-new"])
def test_a_turn_of_codex_comes_out_as_it_came_where_the_model_thinks(model: str) -> None:
    assert responses(CODEX_TURN, model).fit.edits == ()


def test_a_model_that_does_not_think_is_not_told_how_nor_asked_for_its_thoughts() -> None:
    found = responses(CODEX_TURN, "gpt-4.1")

    assert found.changed == {"reasoning": None, "include": None}
    assert found.after["store"] is False


def test_what_else_is_to_be_included_stays() -> None:
    body = {**CODEX_TURN, "include": ["reasoning.encrypted_content", "file_search_call.results"]}

    assert responses(body, "gpt-4.1").after["include"] == ["file_search_call.results"]


@pytest.mark.parametrize(
    ("model", "body", "changed"),
    [
        ("gpt-5", {"temperature": 0.2, "top_p": 0.9}, {"temperature": None, "top_p": None}),
        ("gpt-5", {"temperature": 1}, {}),
        ("gpt-5", {"reasoning": {"effort": "xhigh"}}, {"reasoning": {"effort": "high"}}),
        ("gpt-4.1", {"max_output_tokens": 64_000}, {"max_output_tokens": 32_768}),
        ("gpt-4.1", {"temperature": 0.2}, {}),
    ],
)
def test_what_the_model_does_not_take_is_changed(
    model: str, body: dict[str, Any], changed: dict[str, Any]
) -> None:
    assert responses({"input": "hi", **body}, model).changed == changed


@pytest.mark.parametrize(
    ("params", "changed"),
    [
        ({"effort": "low"}, {"reasoning": {"effort": "low", "summary": "auto"}}),
        ({"effort": "medium"}, {}),
        ({"max_tokens": 100}, {"max_output_tokens": 100}),
        ({"service_tier": "flex"}, {"service_tier": "flex"}),
        ({"input": "x", "instructions": "y"}, {}),
    ],
)
def test_params_are_set_in_the_words_of_the_format(params: dict[str, Any], changed: dict[str, Any]) -> None:
    assert responses(CODEX_TURN, "gpt-5.5", params=params).changed == changed


def test_what_was_learned_is_left_out() -> None:
    assert responses(CODEX_TURN, "gpt-5", learned={"prompt_cache_key"}).changed == {"prompt_cache_key": None}
