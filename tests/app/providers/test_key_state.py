"""What is told about keys, and that a keyring that cannot answer is not asked again and again."""

import pytest

from app.keyring.state import LOCKED, KeyringUnavailableError
from app.providers.key_state import KeyKind, KeyStates
from proxy.config import ProviderConfig, ProviderKind
from proxy.secret import Secret
from tests.app.keyring.backends import MemoryBackend, keyring_on

STORED = {"provider/p", "provider/p/work"}


def state_of(kind: ProviderKind = "openai", **keys: object) -> list[tuple[KeyKind, str]]:
    backend = MemoryBackend()
    backend.values = {("tierwise", name): "sk-canary" for name in STORED}
    states = KeyStates(keyring_on(backend).get_blocking, {"SET": "sk-canary", "BLANK": " "})
    return [(state.kind, state.words) for state in states.of("p", ProviderConfig(kind=kind, **keys))]  # type: ignore[arg-type] # the table's cases


@pytest.mark.parametrize(
    ("form", "kind", "words"),
    [
        ("keyring", KeyKind.STORED, "in the keyring"),
        ("keyring:work", KeyKind.STORED, "in the keyring (work)"),
        ("keyring:home", KeyKind.MISSING, "missing in the keyring (home)"),
        ("env:SET", KeyKind.SET, "environment variable SET, set"),
        ("env:BLANK", KeyKind.UNSET, "environment variable BLANK, not set here"),
        ("env:OTHER", KeyKind.UNSET, "environment variable OTHER, not set here"),
        ("none", KeyKind.NONE_NEEDED, "none needed"),
        ("client", KeyKind.CLIENT, "the client's own"),
    ],
)
def test_every_form_of_key_is_told_in_plain_words(form: str, kind: KeyKind, words: str) -> None:
    assert state_of(key=form) == [(kind, words)]


def test_several_keys_are_told_in_their_order() -> None:
    kinds = [kind for kind, _ in state_of(keys=("env:OTHER", "keyring"))]
    assert kinds == [KeyKind.UNSET, KeyKind.STORED]


def test_a_local_server_needs_none_and_a_cloud_account_may_have_its_own() -> None:
    assert state_of("ollama")[0][0] is KeyKind.NONE_NEEDED
    assert state_of("bedrock", key="keyring:other")[0][0] is KeyKind.ACCOUNT


def test_a_locked_keyring_is_asked_once_and_the_state_is_unknown() -> None:
    asked: list[str] = []

    def read(name: str, _timeout: float) -> Secret | None:
        asked.append(name)
        raise KeyringUnavailableError(LOCKED)

    states = KeyStates(read, {})
    found = [state for name in "ab" for state in states.of(name, ProviderConfig(kind="openai"))]
    assert [state.kind for state in found] == [KeyKind.UNKNOWN, KeyKind.UNKNOWN]
    assert all("locked" in state.words for state in found)
    assert asked == ["provider/a"]


def test_while_the_keyring_is_locked_a_cloud_account_still_serves() -> None:
    def read(_name: str, _timeout: float) -> Secret | None:
        raise KeyringUnavailableError(LOCKED)

    (state,) = KeyStates(read, {}).of("b", ProviderConfig(kind="bedrock", region="eu-west-1"))
    assert state.words.endswith("Until then the account's own credentials on this machine serve.")
