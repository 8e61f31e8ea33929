"""What looks like a key, and what only stands in the place of one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.found_keys.plausible import is_key, issuer

RANDOM = "q7Rk2vN8sT4wZ1pX9mBc"


@pytest.mark.parametrize(
    "text",
    [
        f"sk-ant-api03-{RANDOM}",
        f"sk-proj-{RANDOM}",
        f"gsk_{RANDOM}",
        f"AIzaSy{RANDOM}",
        "0a1b2c3d4e5f60718293a4b5c6d7e8f9",
        f"{RANDOM}.{RANDOM}",
    ],
)
def test_what_vendors_issue_is_a_key(text: str) -> None:
    assert is_key(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "short",
        "your-api-key-goes-here",
        "sk-xxxxxxxxxxxxxxxxxxxxxxxx",
        "sk-...rest-of-the-key-here",
        "<PASTE-THE-KEY-IN-HERE>",
        "${OPENROUTER_TOKEN_OF_MINE}",
        "$OPENROUTER_TOKEN_OF_MINE",
        "{env:OPENROUTER_TOKEN_MINE}",
        "aaaaaaaaaaaaaaaaaaaaaaaa",
        "PROXY_MANAGED_BY_SOMEBODY",
        f"sk with a space {RANDOM}",
        f"sk-ünïcödé-{RANDOM}",
        f"sk-{RANDOM}\nsecond-line",
        "q7Rk" * 300,
    ],
)
def test_placeholders_and_other_texts_are_none(text: str) -> None:
    assert not is_key(text)


@pytest.mark.parametrize(
    "beginning",
    [
        "sk-ant-oat01-",
        "sk-ant-ort01-",
        "sk-ant-sid01-",
        "sk-ant-admin01-",
        "sk-admin-",
        "sess-",
        "ya29.",
        "eyJ",
        "gho_",
        "ghp_",
        "github_pat_",
        "tw-",
        "tw-admin-",
    ],
)
def test_logins_keys_that_ask_no_model_and_our_own_tokens_are_none(beginning: str) -> None:
    assert not is_key(beginning + RANDOM)


@pytest.mark.parametrize(
    ("text", "preset"),
    [("sk-or-v1-", "openrouter"), ("sk-ant-api03-", "anthropic"), ("gsk_", "groq"), ("sk-proj-", "")],
)
def test_some_keys_say_who_issued_them(text: str, preset: str) -> None:
    assert issuer(text + RANDOM) == preset


@given(st.text())
def test_any_text_is_judged(text: str) -> None:
    if is_key(text):
        assert text == text.strip()
        assert text.isascii()
