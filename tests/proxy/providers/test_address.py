"""From a configured provider to URL and headers."""

import msgspec
import pytest

from proxy.config import PROVIDER_KINDS, Config, ProviderConfig, RoutingConfig
from proxy.providers.address import address_of, first_address
from proxy.providers.kinds import KINDS
from proxy.secret import Secret
from proxy.wire.formats import Format


def provider(**table: object) -> ProviderConfig:
    return msgspec.convert(table, ProviderConfig)


@pytest.mark.parametrize(
    ("kind", "base_url", "format_", "url"),
    [
        ("anthropic", "", Format.ANTHROPIC, "https://api.anthropic.com/v1/messages"),
        ("anthropic", "http://h:1", Format.ANTHROPIC, "http://h:1/v1/messages"),
        ("anthropic", "http://h:1/", Format.ANTHROPIC, "http://h:1/v1/messages"),
        ("anthropic", "http://h:1/v1", Format.ANTHROPIC, "http://h:1/v1/messages"),
        ("anthropic-compatible", "https://h/anthropic", Format.ANTHROPIC, "https://h/anthropic/v1/messages"),
        ("openai", "", Format.OPENAI_CHAT, "https://api.openai.com/v1/chat/completions"),
        ("openai-compatible", "http://h/v1", Format.OPENAI_CHAT, "http://h/v1/chat/completions"),
        ("openai-compatible", "http://h/v1/", Format.OPENAI_CHAT, "http://h/v1/chat/completions"),
        ("openai-compatible", "http://h", Format.OPENAI_CHAT, "http://h/v1/chat/completions"),
        (
            "openai-compatible",
            "http://h/openai/v1",
            Format.OPENAI_CHAT,
            "http://h/openai/v1/chat/completions",
        ),
        ("openai-compatible", "http://h/v1/v1", Format.OPENAI_CHAT, "http://h/v1/chat/completions"),
        (
            "openai-compatible",
            "http://h/api/paas/v4",
            Format.OPENAI_CHAT,
            "http://h/api/paas/v4/chat/completions",
        ),
        (
            "openai-compatible",
            "http://h/v1beta/openai/",
            Format.OPENAI_CHAT,
            "http://h/v1beta/openai/chat/completions",
        ),
        ("anthropic", "http://h/v1/v1/", Format.ANTHROPIC, "http://h/v1/messages"),
        ("ollama", "http://h:11434", Format.OPENAI_CHAT, "http://h:11434/v1/chat/completions"),
        ("ollama", "", Format.OPENAI_CHAT, "http://127.0.0.1:11434/v1/chat/completions"),
    ],
)
def test_the_url_of_a_format(kind: str, base_url: str, format_: Format, url: str) -> None:
    address = address_of("p", provider(kind=kind, base_url=base_url), format_)
    assert address is not None
    assert address.url == url


@pytest.mark.parametrize(
    ("kind", "base_url", "format_"),
    [
        ("anthropic", "", Format.OPENAI_CHAT),
        ("openai", "", Format.ANTHROPIC),
        ("openai-compatible", "", Format.OPENAI_CHAT),
        ("bedrock", "", Format.ANTHROPIC),
    ],
)
def test_no_address_where_the_format_is_not_spoken_or_nobody_knows_where(
    kind: str, base_url: str, format_: Format
) -> None:
    assert address_of("p", provider(kind=kind, base_url=base_url), format_) is None


def test_the_first_enabled_provider_of_the_format_is_taken() -> None:
    config = Config(
        providers={
            "other": provider(kind="openai"),
            "off": provider(kind="anthropic", enabled=False),
            "first": provider(kind="anthropic"),
            "second": provider(kind="anthropic"),
        }
    )
    address = first_address(config, Format.ANTHROPIC)
    assert address is not None
    assert address.provider == "first"
    assert first_address(Config(), Format.ANTHROPIC) is None


@pytest.mark.parametrize(
    ("kind", "base_url", "is_local"),
    [
        ("ollama", "", True),
        ("ollama", "https://ollama.example", False),
        ("ollama", "http://localhost:11434", True),
        ("openai-compatible", "http://127.0.0.1:9000/v1", True),
        ("openai-compatible", "http://[::1]:9000/v1", True),
        ("openai-compatible", "http://192.168.0.2:9000/v1", False),
        ("openai", "", False),
    ],
)
def test_local_is_what_stays_on_this_machine(kind: str, base_url: str, is_local: bool) -> None:
    tables = {"p": provider(kind=kind, base_url=base_url)}
    local_only = Config(providers=tables, routing=RoutingConfig(local_only=True))
    assert (first_address(local_only, Format.OPENAI_CHAT) is not None) == is_local
    assert first_address(Config(providers=tables), Format.OPENAI_CHAT) is not None


def test_the_clients_own_version_header_wins_over_the_default() -> None:
    address = address_of("p", provider(kind="anthropic"), Format.ANTHROPIC)
    assert address is not None
    default = dict(address.headers([], None))
    chosen = dict(address.headers([("anthropic-version", "2099-01-01")], Secret("k")))
    assert default["anthropic-version"] == "2023-06-01"
    assert "x-api-key" not in default
    assert chosen["anthropic-version"] == "2099-01-01"
    assert chosen["x-api-key"] == "k"


def test_what_the_client_meant_for_us_alone_goes_no_further() -> None:
    address = address_of("p", provider(kind="anthropic"), Format.ANTHROPIC)
    assert address is not None
    sent = dict(
        address.headers(
            [
                ("Connection", "keep-alive, X-Only-Here"),
                ("x-only-here", "1"),
                ("origin", "vscode-webview://x"),
                ("referer", "https://page"),
                ("x-other", "2"),
            ],
            None,
        )
    )
    assert set(sent) == {"x-other", "anthropic-version", "accept-encoding"}


def test_the_shown_address_carries_no_credentials() -> None:
    address = address_of(
        "p", provider(kind="openai-compatible", base_url="https://me:secret@h:8443/v1"), Format.OPENAI_CHAT
    )
    assert address is not None
    assert address.url == "https://me:secret@h:8443/v1/chat/completions"
    assert address.shown_url == "https://h:8443/v1/chat/completions"


def test_every_kind_served_is_a_kind_of_the_configuration() -> None:
    assert set(KINDS) <= set(PROVIDER_KINDS)
