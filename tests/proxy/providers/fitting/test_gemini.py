"""Requests of Gemini's format, fitted to another Gemini."""

from typing import Any

import pytest

from proxy.wire.format import Format
from tests.proxy.providers.fitting.fitted import Fitted, fitted


def gemini(config: dict[str, Any] | None, model: str, **more: Any) -> Fitted:
    body: dict[str, Any] = {"contents": [{"role": "user", "parts": [{"text": "hi"}]}]}
    if config is not None:
        body["generationConfig"] = config
    return fitted(Format.GEMINI, body, "gemini", model, names_model=False, **more)


@pytest.mark.parametrize(
    ("model", "thinking", "expected"),
    [
        ("gemini-2.5-flash", {"thinkingBudget": 0}, {"thinkingBudget": 0}),
        ("gemini-2.5-pro", {"thinkingBudget": 0}, {"thinkingBudget": 128}),
        (
            "gemini-2.5-flash",
            {"thinkingLevel": "HIGH", "includeThoughts": True},
            {"includeThoughts": True, "thinkingBudget": 20_480},
        ),
        ("gemini-2.5-flash", {"thinkingLevel": "low"}, {"thinkingBudget": 4096}),
        ("gemini-3-pro-preview", {"thinkingLevel": "medium"}, {"thinkingLevel": "low"}),
        ("gemini-3-pro-preview", {"thinkingLevel": "HIGH"}, {"thinkingLevel": "HIGH"}),
        ("gemini-3-flash-preview", {"thinkingLevel": "medium"}, {"thinkingLevel": "medium"}),
        ("gemini-3-flash-preview", {"thinkingBudget": 0}, {"thinkingLevel": "minimal"}),
        ("gemini-3-pro-preview", {"thinkingBudget": 0}, {"thinkingLevel": "low"}),
        ("gemini-3-pro-preview", {"thinkingBudget": 4096}, {"thinkingBudget": 4096}),
        ("gemini-2.0-flash", {"thinkingBudget": 4096}, None),
        ("learnlm", {"thinkingBudget": 4096}, {"thinkingBudget": 4096}),
    ],
)
def test_thinking_is_asked_for_in_the_way_of_the_model(
    model: str, thinking: dict[str, Any], expected: dict[str, Any] | None
) -> None:
    after = gemini({"temperature": 1, "thinkingConfig": thinking}, model).after

    assert after["generationConfig"].get("thinkingConfig") == expected
    assert after["generationConfig"]["temperature"] == 1


def test_the_answer_is_not_longer_than_the_model_writes() -> None:
    found = gemini({"maxOutputTokens": 65_536}, "gemini-2.0-flash")

    assert found.changed == {"generationConfig": {"maxOutputTokens": 8192}}
    assert found.reasons == ("maxOutputTokens: 65536 became 8192, because gemini-2.0-flash writes no more",)


@pytest.mark.parametrize("model", ["gemini-2.5-flash", "gemini-3.5-flash", "learnlm"])
def test_a_request_that_says_nothing_special_comes_out_as_it_came(model: str) -> None:
    assert gemini(None, model).fit.edits == ()
    assert gemini({"temperature": 0.2, "maxOutputTokens": 100}, model).fit.edits == ()


@pytest.mark.parametrize(
    ("params", "config", "expected"),
    [
        (
            {"max_tokens": 9, "top_k": 3, "temperature": 0.1},
            None,
            {"maxOutputTokens": 9, "topK": 3, "temperature": 0.1},
        ),
        ({"effort": "low"}, {}, {"thinkingConfig": {"thinkingBudget": 4096}}),
        ({"thinking": False}, {}, {"thinkingConfig": {"thinkingBudget": 0}}),
    ],
)
def test_params_are_set_in_the_configuration(
    params: dict[str, Any], config: dict[str, Any] | None, expected: dict[str, Any]
) -> None:
    assert gemini(config, "gemini-2.5-flash", params=params).after["generationConfig"] == expected


def test_a_configuration_in_snake_case_is_kept_in_it() -> None:
    body = {"contents": [], "generation_config": {"max_output_tokens": 90_000, "thinking_config": {"x": 1}}}

    found = fitted(Format.GEMINI, body, "gemini", "gemini-2.0-flash", names_model=False)

    assert found.changed == {"generation_config": {"max_output_tokens": 8192}}


def test_what_was_learned_is_left_out() -> None:
    found = gemini({"seed": 1, "temperature": 0}, "gemini-2.5-flash", learned={"seed"})

    assert found.changed == {"generationConfig": {"temperature": 0}}
