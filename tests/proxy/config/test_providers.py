"""Which secrets a provider needs, and where it is."""

import pytest

from proxy.config import KINDS_OF_LOCAL_SERVERS, KINDS_WITHOUT_ADDRESS, ProviderConfig, secret_name
from proxy.providers.kinds import KINDS


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("keyring", "provider/anthropic"),
        ("keyring:work", "provider/anthropic/work"),
        ("env:SECOND_KEY", "env:SECOND_KEY"),
        ("none", None),
        ("client", None),
    ],
)
def test_secret_names(key: str, name: str | None) -> None:
    assert secret_name(key, "anthropic") == name
    assert ProviderConfig(kind="anthropic", key=key).secret_names("anthropic") == ((name,) if name else ())


def test_several_keys_have_several_names() -> None:
    provider = ProviderConfig(keys=("keyring:work", "none", "env:X"))

    assert provider.secret_names("p") == ("provider/p/work", "env:X")


def test_a_key_that_is_not_given_depends_on_the_kind() -> None:
    assert ProviderConfig(kind="anthropic").secret_names("a") == ("provider/a",)
    assert ProviderConfig(kind="ollama").secret_names("o") == ()


@pytest.mark.parametrize(
    ("provider", "is_here"),
    [
        (ProviderConfig(kind="ollama"), True),
        (ProviderConfig(kind="ollama", base_url="http://localhost:1"), True),
        (ProviderConfig(kind="openai-compatible", base_url="http://127.0.0.2:1/v1"), True),
        (ProviderConfig(kind="vllm", base_url="http://[::1]:1"), True),
        (ProviderConfig(kind="ollama", base_url="https://ollama.com"), False),
        (ProviderConfig(kind="vllm", base_url="http://192.168.0.2:8000"), False),
        (ProviderConfig(kind="vllm", base_url="http://[broken"), False),
        (ProviderConfig(kind="anthropic"), False),
    ],
)
def test_the_address_says_whether_a_provider_is_on_this_machine(
    provider: ProviderConfig, is_here: bool
) -> None:
    assert provider.is_on_this_machine is is_here


def test_the_kind_says_whether_a_key_is_expected() -> None:
    assert ProviderConfig(kind="ollama", base_url="https://ollama.com").secret_names("o") == ()


@pytest.mark.parametrize(
    "key", ["sk-ant-1234", "keyring:", "env:", "env:1X", "env:A B", "Keyring", "keyring:a/b"]
)
def test_a_wrong_key_is_never_repeated(key: str) -> None:
    (found,) = ProviderConfig(kind="anthropic", key=key).findings()

    assert found.path == ("key",)
    assert key not in found.message.replace('"keyring:LABEL", "env:NAME"', "")


@pytest.mark.parametrize(
    ("provider", "sentence"),
    [
        (ProviderConfig(kind="vertex"), "set project"),
        (ProviderConfig(kind="databricks"), "set base_url"),
    ],
)
def test_what_a_kind_cannot_do_without_is_noticed(provider: ProviderConfig, sentence: str) -> None:
    (found,) = provider.findings()

    assert found.severity == "notice"
    assert sentence in found.message


def test_a_complete_account_is_not_complained_about() -> None:
    assert not list(ProviderConfig(kind="vertex", project="p", location="eu").findings())
    assert not list(ProviderConfig(kind="bedrock").findings())


def test_kinds_without_an_address_are_the_same_here_and_where_they_are_asked() -> None:
    assert {name for name, kind in KINDS.items() if kind.needs_address} == KINDS_WITHOUT_ADDRESS
    assert {name for name, kind in KINDS.items() if kind.is_local} == KINDS_OF_LOCAL_SERVERS
