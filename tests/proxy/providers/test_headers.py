"""What goes along to a provider of the headers that a client sent."""

import msgspec
import pytest

from proxy.config import ProviderConfig
from proxy.providers.entrances import entrance
from proxy.providers.headers import betas, request_headers
from proxy.providers.provider import Provider
from proxy.wire.format import Format

CLIENTS = [
    ("Host", "127.0.0.1:4517"),
    ("User-Agent", "claude-cli/2.1.197"),
    ("Content-Type", "application/json"),
    ("Authorization", "Bearer ours"),
    ("x-api-key", "ours"),
    ("x-tierwise-token", "ours"),
    ("Cookie", "a=b"),
    ("Accept-Encoding", "gzip, br"),
    ("Connection", "keep-alive, x-hop"),
    ("x-hop", "1"),
    ("Via", "1.1 somebody"),
    ("anthropic-beta", "one,two"),
    ("x-claude-code-session-id", "s"),
]


def sent(
    *,
    same_format: bool,
    headers: list[tuple[str, str]] | None = None,
    table: dict[str, object] | None = None,
    own_account: bool = False,
) -> dict[str, str]:
    provider = Provider("p", msgspec.convert({"kind": "anthropic", **(table or {})}, ProviderConfig))
    found = entrance(provider, "m", Format.ANTHROPIC)
    assert found is not None
    given = CLIENTS if headers is None else headers
    told = request_headers(found, provider, given, same_format=same_format, own_account=own_account)
    assert len({name.lower() for name, _ in told}) == len(told)
    return {name.lower(): value for name, value in told}


def test_a_request_in_the_providers_format_keeps_what_is_the_clients_and_loses_what_is_ours() -> None:
    assert sent(same_format=True) == {
        "user-agent": "claude-cli/2.1.197",
        "content-type": "application/json",
        "anthropic-beta": "one,two",
        "x-claude-code-session-id": "s",
        "anthropic-version": "2023-06-01",
        "accept-encoding": "identity",
    }


def test_a_request_that_was_written_anew_takes_only_the_clients_name_along() -> None:
    assert sent(same_format=False) == {
        "user-agent": "claude-cli/2.1.197",
        "content-type": "application/json",
        "anthropic-version": "2023-06-01",
        "accept-encoding": "identity",
    }


ACCOUNT = [
    ("ChatGPT-Account-ID", "a"),
    ("OpenAI-Organization", "o"),
    ("OpenAI-Project", "p"),
    ("x-goog-user-project", "g"),
    ("X-Auth-Token", "t"),
]


@pytest.mark.parametrize("same_format", [True, False])
@pytest.mark.parametrize(("name", "value"), ACCOUNT)
def test_the_account_of_a_client_goes_along_with_its_own_credential_only(
    name: str, value: str, same_format: bool
) -> None:
    given = [(name, value)]
    assert name.lower() not in sent(same_format=same_format, headers=given)
    assert sent(same_format=same_format, headers=given, own_account=True)[name.lower()] == value


@pytest.mark.parametrize(
    "name", ["Forwarded", "X-Forwarded-For", "X-Real-IP", "X-Amz-Date", "X-Amz-Security-Token"]
)
def test_where_a_client_sits_and_what_it_signed_with_stays_here(name: str) -> None:
    assert name.lower() not in sent(same_format=True, headers=[(name, "1")], own_account=True)


@pytest.mark.parametrize(
    "name",
    [
        "Helicone-Auth",
        "x-litellm-api-key",
        "cf-aig-authorization",
        "CF-Access-Client-Secret",
        "Ocp-Apim-Subscription-Key",
        "x-session-token",
    ],
)
def test_what_opened_another_gateway_is_not_shown_to_a_provider(name: str) -> None:
    assert name.lower() not in sent(same_format=True, headers=[(name, "1")])


def test_the_clients_own_version_is_kept() -> None:
    assert sent(same_format=True, headers=[("Anthropic-Version", "2099")])["anthropic-version"] == "2099"


def test_configured_headers_go_out_in_the_place_of_the_clients() -> None:
    told = sent(same_format=True, table={"headers": {"user-agent": "mine", "x-team": "t"}})
    assert told["user-agent"] == "mine"
    assert told["x-team"] == "t"


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ([("anthropic-beta", "a, b")], ["a", "b"]),
        ([("Anthropic-Beta", "a"), ("anthropic-beta", ",b,")], ["a", "b"]),
        ([], []),
    ],
)
def test_the_betas_of_a_request(headers: list[tuple[str, str]], expected: list[str]) -> None:
    assert betas(headers) == expected
