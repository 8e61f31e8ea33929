"""Credentials that change or fail while Tierwise runs."""

import os
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from botocore.credentials import Credentials, RefreshableCredentials
from botocore.exceptions import ClientError, NoCredentialsError

from proxy.providers.credentials import aws
from proxy.providers.credentials.aws import AwsChain
from proxy.providers.credentials.google import GoogleToken
from proxy.secret import Secret
from proxy.wire.failure import Failure, FailureKind
from tests.fakes.provider import fake_provider
from tests.proxy.providers.test_credentials import service_account

URL = "https://bedrock-runtime.eu-west-1.amazonaws.com/model/m/converse"


@pytest.fixture
def shared_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    file = tmp_path / "credentials"
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(file))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    return file


def signed_in_as(file: Path, key_id: str) -> None:
    file.write_text(f"[default]\naws_access_key_id={key_id}\naws_secret_access_key=s\naws_session_token=t\n")


async def signed(chain: AwsChain, *headers: tuple[str, str]) -> dict[str, str]:
    told = await chain.headers("eu-west-1", "POST", URL, headers, b"{}")
    return {name.lower(): value for name, value in told.items()}


async def test_what_another_program_writes_anew_is_found(
    shared_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chain = AwsChain("")
    signed_in_as(shared_file, "FIRST")
    assert "Credential=FIRST/" in (await signed(chain))["authorization"]
    signed_in_as(shared_file, "SECOND")
    assert "Credential=FIRST/" in (await signed(chain))["authorization"]

    monkeypatch.setattr(aws, "_LOOK_AGAIN_SECONDS", 0.0)
    chain = AwsChain("")
    await signed(chain)
    signed_in_as(shared_file, "THIRD")
    assert "Credential=THIRD/" in (await signed(chain))["authorization"]


def test_what_botocore_renews_by_itself_is_kept() -> None:
    fetched = {"access_key": "a", "secret_key": "s", "token": "t", "expiry_time": "2099-01-01T00:00:00Z"}
    renewed = RefreshableCredentials.create_from_metadata(fetched, lambda: fetched, "sso")
    assert aws._lasting_seconds(renewed) == float("inf")
    assert aws._lasting_seconds(Credentials("a", "s")) == aws._LOOK_AGAIN_SECONDS


async def test_only_what_cannot_change_on_the_way_is_signed(shared_file: Path) -> None:
    signed_in_as(shared_file, "KEY")
    told = await signed(
        AwsChain(""),
        ("User-Agent", "one"),
        ("x-team", "1"),
        ("x-team", "2"),
        ("Content-Type", "application/json"),
        ("X-Amz-Date", "20000101T000000Z"),
    )
    assert set(told) == {"authorization", "x-amz-date", "x-amz-security-token"}
    named = told["authorization"].partition("SignedHeaders=")[2].partition(",")[0]
    assert named == "content-type;host;x-amz-date;x-amz-security-token"
    assert told["x-amz-date"] != "20000101T000000Z"


class Expired:
    """A sign-in that cannot be renewed."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def get_frozen_credentials(self) -> Any:
        raise self._error


@pytest.mark.parametrize(
    "error",
    [
        NoCredentialsError(),
        ClientError({"Error": {"Code": "ExpiredToken", "Message": "It is over."}}, "AssumeRole"),
    ],
)
async def test_a_sign_in_that_is_over_is_a_failure_with_a_way_out(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_BEARER_TOKEN_BEDROCK", raising=False)
    monkeypatch.setattr(aws, "_find", lambda _profile: Expired(error))
    with pytest.raises(Failure) as caught:
        await signed(AwsChain(""))
    assert caught.value.kind is FailureKind.NO_SERVICE
    assert "aws sso login" in caught.value.sentence
    assert ".." not in caught.value.sentence


async def test_the_project_that_pays_is_named_beside_the_token(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def token(_request: web.Request) -> web.StreamResponse:
        return web.json_response({"access_token": "ya29.user", "expires_in": 3600})

    async with fake_provider(token) as fake:
        file = tmp_path / "adc.json"
        file.write_text(service_account(f"{fake.url}/token"))
        monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(file))
        monkeypatch.setenv("GOOGLE_CLOUD_QUOTA_PROJECT", "the-payer")
        told = await GoogleToken(None).headers("POST", "https://h", [], b"")
        assert told == {"authorization": "Bearer ya29.user", "x-goog-user-project": "the-payer"}


async def test_a_token_that_has_expired_is_renewed() -> None:
    tokens = iter(["first", "second"])

    async def token(_request: web.Request) -> web.StreamResponse:
        return web.json_response({"access_token": next(tokens), "expires_in": 1})

    async with fake_provider(token) as fake:
        found = GoogleToken(Secret(service_account(f"{fake.url}/token")))
        told = [(await found.headers("POST", "https://h", [], b""))["authorization"] for _ in range(2)]
        assert told == ["Bearer first", "Bearer second"]


async def test_nobody_signed_in_at_google_is_told_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "absent.json"))
    with pytest.raises(Failure, match="application-default login") as caught:
        await GoogleToken(None).headers("POST", "https://h", [], b"")
    assert caught.value.kind is FailureKind.NO_SERVICE
