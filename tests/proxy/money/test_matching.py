"""The clauses by which the catalogue says which names mean a model."""

import pytest

from proxy.money.matching import Clause, is_meant


@pytest.mark.parametrize(
    ("clauses", "name", "meant"),
    [
        (("=gpt-5",), "gpt-5", True),
        (("=gpt-5",), "gpt-5-mini", False),
        (("^gpt-5",), "gpt-5-mini", True),
        (("^gpt-5",), "my-gpt-5", False),
        (("$-latest",), "codestral-latest", True),
        (("$-latest",), "latest-codestral", False),
        (("*haiku",), "us.anthropic.claude-haiku", True),
        (("*haiku",), "claude-sonnet", False),
        ((r"~^o\d$",), "o3", True),
        ((r"~^o\d$",), "o3-pro", False),
        (("=a", "=b"), "b", True),
        (("=a", "=b"), "c", False),
        ((("^gemini", "~^(?!.*tts)"),), "gemini-pro", True),
        ((("^gemini", "~^(?!.*tts)"),), "gemini-tts", False),
        ((("^gemini", "*pro"), "=x"), "x", True),
        ((), "anything", False),
    ],
)
def test_a_name_is_meant_by_one_of_the_clauses(clauses: tuple[Clause, ...], name: str, meant: bool) -> None:
    assert is_meant(clauses, name) is meant
