"""Addresses as people type and copy them, and as the vendors document them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import UsageError
from app.providers.base_url import normalised
from proxy.config import PROVIDER_KINDS

HOST = "https://host.example"


@pytest.mark.parametrize(
    ("kind", "typed", "documented"),
    [
        ("anthropic", f"{HOST}/", HOST),
        ("anthropic-compatible", f"{HOST}/v1", HOST),
        ("anthropic-compatible", f"{HOST}/anthropic/v1/", f"{HOST}/anthropic"),
        ("gemini", HOST, HOST),
        ("ollama", "http://127.0.0.1:11434/v1", "http://127.0.0.1:11434"),
        ("openai", HOST, f"{HOST}/v1"),
        ("openai-compatible", f"{HOST}/v1/", f"{HOST}/v1"),
        ("openai-compatible", f"{HOST}/v1/v1//", f"{HOST}/v1"),
        ("openai-compatible", f"{HOST}/api/paas/v4/", f"{HOST}/api/paas/v4"),
        ("llamacpp", "http://[::1]:8080", "http://[::1]:8080/v1"),
        ("vllm", "http://127.0.0.1:8000/v1", "http://127.0.0.1:8000/v1"),
        ("databricks", f"{HOST}/", HOST),
        ("azure-openai", f"{HOST}/openai/v1/", f"{HOST}/openai/v1"),
        ("groq", f"{HOST}/openai/v1/v1", f"{HOST}/openai/v1"),
    ],
)
def test_an_address_is_written_as_its_vendor_documents_it(kind: str, typed: str, documented: str) -> None:
    assert normalised(kind, typed) == documented


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("host.example", "no scheme"),
        ("ftp://host.example", '"ftp://"'),
        ("https://", "no host"),
        ("https://host.example:port", "no address"),
        ("https://host.example/ v1", "white space"),
        ("https://host.example/v1?key=hidden", "query"),
        ("https://me:hidden@host.example", "password"),
    ],
)
def test_what_is_no_address_is_refused_without_repeating_it(typed: str, words: str) -> None:
    with pytest.raises(UsageError, match="--base-url") as raised:
        normalised("openai-compatible", typed)
    assert words in str(raised.value)
    assert "hidden" not in str(raised.value)
    assert raised.value.exit_code == 2


@given(
    st.sampled_from(PROVIDER_KINDS),
    st.lists(st.sampled_from(["v1", "v4", "api", "anthropic", ""]), max_size=6),
    st.integers(min_value=0, max_value=3),
)
def test_what_is_normal_stays_so(kind: str, steps: list[str], slashes: int) -> None:
    once = normalised(kind, "/".join([HOST, *steps]) + "/" * slashes)
    assert normalised(kind, once) == once
    assert not once.endswith(("/", "/v1/v1"))
