"""What clients call models."""

import pytest

from proxy.routing.names import family_of, tier_of_family


@pytest.mark.parametrize(
    ("model", "family", "tier"),
    [
        ("claude-haiku-4-5", "haiku", "SIMPLE"),
        ("gpt-5-mini", "mini", "SIMPLE"),
        ("gpt-5.4-pro-mini", "mini", "SIMPLE"),
        ("anthropic/claude-opus-4", "opus", "REASONING"),
        ("gemini-3-pro", "pro", "REASONING"),
        ("claude-sonnet-4[1m]", "sonnet", "COMPLEX"),
        ("gpt-5", "", "COMPLEX"),
        ("lite/gpt-5", "", "COMPLEX"),
        ("proton-1", "", "COMPLEX"),
    ],
)
def test_small_and_big_models_say_so_in_their_names(model: str, family: str, tier: str) -> None:
    assert (family_of(model), tier_of_family(model)) == (family, tier)
