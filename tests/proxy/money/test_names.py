"""A model's name with ever less packaging."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.money.names import ever_shorter, whole_name


@pytest.mark.parametrize(
    ("name", "forms"),
    [
        ("gpt-5", ["gpt-5"]),
        (
            "anthropic/claude-haiku-4.5",
            ["anthropic/claude-haiku-4.5", "claude-haiku-4.5", "claude-haiku-4-5"],
        ),
        (
            "eu.anthropic.claude-opus-5-v1:0",
            [
                "eu.anthropic.claude-opus-5-v1:0",
                "anthropic.claude-opus-5-v1:0",
                "claude-opus-5-v1:0",
                "claude-opus-5",
            ],
        ),
        (
            "opus-5@20260724",
            ["opus-5@20260724", "opus-5-20260724", "opus-5-2026-07-24", "opus-5"],
        ),
        ("claude-opus-5@default", ["claude-opus-5@default", "claude-opus-5"]),
        ("glm-5:free", ["glm-5:free", "glm-5"]),
        ("deepseek-r1:8b", ["deepseek-r1:8b"]),
    ],
)
def test_packaging_comes_off_step_by_step(name: str, forms: list[str]) -> None:
    assert list(ever_shorter(name)) == forms


@pytest.mark.parametrize("name", ["", " ", "unknown", "NULL", "None", "auto", "auto[1m]"])
def test_a_placeholder_names_no_model(name: str) -> None:
    assert whole_name(name) == ""


def test_the_sign_of_a_long_window_is_no_part_of_a_name() -> None:
    assert whole_name(" Claude-Sonnet-5[1m] ") == "claude-sonnet-5"


@given(st.text(alphabet="abc019.-:/@[]m_", max_size=40))
def test_no_text_comes_down_to_nothing_or_to_the_same_form_twice(text: str) -> None:
    forms = list(ever_shorter(whole_name(text)))
    assert len(forms) == len(set(forms))
    assert not whole_name(text) or all(forms)
