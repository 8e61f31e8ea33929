"""Which providers lack a key is told from the configuration and the environment alone."""

import msgspec
import pytest

from app.explain.keyless import keyless
from proxy.config import ProviderConfig
from proxy.exchange import Surface
from proxy.providers.provider import Provider
from proxy.server.question import Question
from proxy.wire.splice import Body


def why(table: dict[str, object], *, has_credential: bool = False) -> str | None:
    provider = Provider("p", msgspec.convert({"kind": "anthropic", **table}, ProviderConfig))
    question = Question(surface=Surface.MESSAGES, body=Body(b"{}"), has_credential=has_credential)
    return keyless([provider], question, {"SET": "sk-1", "BLANK": "  "}).get("p")


@pytest.mark.parametrize(
    "table",
    [
        {"key": "env:SET"},
        {"key": "keyring"},
        {"key": "keyring:work"},
        {"kind": "ollama"},
        {"keys": ["env:UNSET", "env:SET"]},
        {"keys": ["env:UNSET", "keyring:work"]},
    ],
)
def test_who_has_a_key_or_may_have_one_counts(table: dict[str, object]) -> None:
    assert why(table) is None


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"key": "env:UNSET"}, "The key of p is missing: the environment variable UNSET is not set."),
        ({"key": "env:BLANK"}, "The key of p is missing: the environment variable BLANK is not set."),
        (
            {"keys": ["env:UNSET", "env:BLANK"]},
            (
                "The key of p is missing: the environment variable UNSET is not set. "
                "The key of p is missing: the environment variable BLANK is not set."
            ),
        ),
        ({"kind": "anthropic-compatible"}, "The provider p needs a `base_url`"),
    ],
)
def test_who_has_none_is_told_why(table: dict[str, object], words: str) -> None:
    assert (why(table) or "").startswith(words)


def test_a_clients_own_credential_is_there_if_the_request_carries_one() -> None:
    assert why({"key": "client"}, has_credential=True) is None
    assert "carries none beside the token" in (why({"key": "client"}) or "")
