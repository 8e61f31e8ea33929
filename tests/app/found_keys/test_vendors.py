"""Variables, names and addresses, and the vendor each of them means."""

import pytest

from app.found_keys.vendors import is_vendors, preset_at, preset_called, variables
from proxy.providers.presets import preset


def test_every_variable_leads_to_a_preset_that_takes_a_key() -> None:
    for id_ in variables().values():
        found = preset(id_)
        assert found is not None
        assert found.key_variable
    assert variables()["ANTHROPIC_API_KEY"] == "anthropic"
    assert variables()["GOOGLE_API_KEY"] == "gemini"
    assert "GOOGLE_APPLICATION_CREDENTIALS" not in variables()


@pytest.mark.parametrize(
    ("address", "preset_id"),
    [
        ("https://api.openai.com/v1", "openai"),
        ("https://api.openai.com/v1/", "openai"),
        ("https://api.openai.com", "openai"),
        ("https://openrouter.ai/api/v1", "openrouter"),
        ("https://openrouter.ai/api", "openrouter"),
        ("https://api.z.ai/api/paas/v4", "zai"),
        ("https://api.z.ai/api/coding/paas/v4", ""),
        ("https://api.z.ai/api/anthropic", ""),
        ("https://api.openai.com.example.net/v1", ""),
        ("https://api.openai.com/v10", ""),
        ("http://api.openai.com/v1", ""),
        ("http://127.0.0.1:4517", ""),
        ("http://127.0.0.1:11434", ""),
        ("not an address", ""),
        ("https://[broken", ""),
        ("", ""),
    ],
)
def test_an_address_means_the_vendor_that_documents_it(address: str, preset_id: str) -> None:
    assert preset_at(address) == preset_id


def test_an_unknown_preset_has_no_address() -> None:
    assert not is_vendors("https://api.openai.com/v1", "nobody")


@pytest.mark.parametrize(
    ("name", "preset_id"),
    [
        ("openai", "openai"),
        (" Google ", "gemini"),
        ("togetherai", "together"),
        ("zai-coding-plan", ""),
        ("ollama", ""),
    ],
)
def test_clients_call_vendors_by_names_of_their_own(name: str, preset_id: str) -> None:
    assert preset_called(name) == preset_id
