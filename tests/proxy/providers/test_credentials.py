"""How requests prove who sends them: held against botocore's own signer and a token endpoint on loopback."""

import json
from typing import Any

import msgspec
import pytest
from aiohttp import web
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from proxy.config import ProviderConfig
from proxy.providers.credentials import choice, credential
from proxy.providers.entrance import Auth, Entrance
from proxy.providers.provider import Provider
from proxy.secret import Secret
from proxy.wire.failure import Failure
from proxy.wire.format import Format
from tests.fakes.provider import FakeProvider, fake_provider, whole
from tests.proxy.configured import configured
from tests.proxy.gateway_fixture import running_gateway
from tests.proxy.talk import ASKED, GOOD

KEY_ID, SECRET_KEY = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
MODEL = "eu.anthropic.claude-sonnet-4-5-20250929-v1:0"


@pytest.fixture(autouse=True)
def _nothing_is_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    choice._chain.cache_clear()
    choice._google.clear()
    for name in ("AWS_BEARER_TOKEN_BEDROCK", "AWS_PROFILE", "GOOGLE_APPLICATION_CREDENTIALS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


def entrance(auth: Auth) -> Entrance:
    return Entrance(format=Format.ANTHROPIC, url="http://h", stream_url="http://h", auth=auth, model="m")


def provider(**table: object) -> Provider:
    return Provider("p", msgspec.convert({"kind": "openai", **table}, ProviderConfig))


async def proof(auth: Auth, key: str | None, **table: object) -> dict[str, str]:
    found = await credential(provider(**table), entrance(auth), None if key is None else Secret(key))
    return dict(await found.headers("POST", "http://h/x", [], b"{}"))


@pytest.mark.parametrize(
    ("auth", "key", "headers"),
    [
        (Auth.X_API_KEY, "k", {"x-api-key": "k"}),
        (Auth.X_API_KEY, "sk-ant-oat01-t", {"authorization": "Bearer sk-ant-oat01-t"}),
        (Auth.API_KEY, "k", {"api-key": "k"}),
        (Auth.X_GOOG_API_KEY, "k", {"x-goog-api-key": "k"}),
        (Auth.BEARER, " k\n", {"authorization": "Bearer k"}),
        (Auth.AWS, "k", {"authorization": "Bearer k"}),
        (Auth.GOOGLE, "ya29.token", {"authorization": "Bearer ya29.token"}),
        (Auth.BEARER, None, {}),
    ],
)
async def test_a_key_stands_where_its_vendor_looks(
    auth: Auth, key: str | None, headers: dict[str, str]
) -> None:
    assert await proof(auth, key) == headers


async def test_a_key_that_no_header_may_carry_is_refused_without_being_told() -> None:
    with pytest.raises(Failure, match="Store it again") as caught:
        await proof(Auth.BEARER, "sk-\nsecret")
    assert "secret" not in str(caught.value)


async def test_the_environments_bedrock_key_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_BEARER_TOKEN_BEDROCK", "bedrock-key")
    assert await proof(Auth.AWS, None) == {"authorization": "Bearer bedrock-key"}


async def test_nobody_signed_in_at_amazon_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(Failure, match="aws sso login"):
        await proof(Auth.AWS, None)
    with pytest.raises(Failure, match="aws sso login"):
        await proof(Auth.AWS, None, aws_profile="nobody")


async def asked_bedrock(fake: FakeProvider, model: str, body: dict[str, Any], **table: object) -> int:
    aws = {"kind": "bedrock", "base_url": fake.url, "region": "eu-west-1", **table}
    async with running_gateway(configured(providers={"aws": aws})) as running:
        data = json.dumps({**body, "model": f"aws/{model}"}).encode()
        async with running.post("/v1/messages", data, user_agent="claude-cli/2") as answer:
            return answer.status


def signature_by_botocore(fake: FakeProvider) -> str:
    """What botocore signs for the request that arrived, given its own date and the headers it names."""
    (received,) = fake.received
    sent = received.headers["authorization"]
    named = sent.partition("SignedHeaders=")[2].partition(",")[0].split(";")
    request = AWSRequest(
        method="POST",
        url=fake.url + received.path_qs,
        data=received.body,
        headers={name: received.headers[name] for name in named if name != "host"},
    )
    request.context["timestamp"] = received.headers["x-amz-date"]
    signer = SigV4Auth(Credentials(KEY_ID, SECRET_KEY), "bedrock", "eu-west-1")
    return str(signer.signature(signer.string_to_sign(request, signer.canonical_request(request)), request))


@pytest.mark.parametrize("model", [MODEL, "arn:aws:bedrock:eu-west-1:123:inference-profile/x y"])
async def test_what_arrives_is_what_was_signed(model: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY_ID)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET_KEY)
    async with fake_provider(whole(GOOD)) as fake:
        await asked_bedrock(fake, model, ASKED)
        (received,) = fake.received
        assert received.headers["authorization"].startswith("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/")
        assert "/eu-west-1/bedrock/aws4_request" in received.headers["authorization"]
        assert received.headers["authorization"].endswith(signature_by_botocore(fake))


async def test_a_profile_of_the_users_files_signs(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name, raising=False)
    shared = tmp_path / "credentials"
    shared.write_text(f"[work]\naws_access_key_id={KEY_ID}\naws_secret_access_key={SECRET_KEY}\n")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(shared))
    async with fake_provider(whole(GOOD)) as fake:
        assert await asked_bedrock(fake, MODEL, ASKED, aws_profile="work") == 200
        assert fake.received[0].headers["authorization"].endswith(signature_by_botocore(fake))


async def test_an_anthropic_model_at_amazon_gets_the_clients_bytes_in_amazons_envelope(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_BEARER_TOKEN_BEDROCK", "k")
    async with fake_provider(whole(GOOD)) as fake:
        assert await asked_bedrock(fake, MODEL, ASKED) == 200
        (received,) = fake.received
        assert received.path_qs == "/model/eu.anthropic.claude-sonnet-4-5-20250929-v1%3A0/invoke"
        told = json.loads(received.body)
        assert told["anthropic_version"] == "bedrock-2023-05-31"
        assert "model" not in told
        assert told["messages"] == ASKED["messages"]


def service_account(token_url: str) -> str:
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return json.dumps(
        {
            "type": "service_account",
            "client_email": "me@p.iam.gserviceaccount.com",
            "private_key_id": "1",
            "private_key": pem.decode(),
            "token_uri": token_url,
        }
    )


async def test_a_service_account_gets_its_token_once_and_uses_it_until_it_expires() -> None:
    async def token(_request: web.Request) -> web.StreamResponse:
        return web.json_response({"access_token": "ya29.x", "expires_in": 3600, "token_type": "Bearer"})

    async with fake_provider(token) as fake:
        account = service_account(f"{fake.url}/token")
        for _ in range(2):
            assert await proof(Auth.GOOGLE, account) == {"authorization": "Bearer ya29.x"}
        assert [received.path_qs for received in fake.received] == ["/token"]


async def test_a_service_account_that_is_refused_is_told_without_its_key() -> None:
    async with fake_provider(whole(b'{"error":"invalid_grant"}', status=400)) as fake:
        account = service_account(f"{fake.url}/token")
        with pytest.raises(Failure, match="no credentials for Google Cloud") as caught:
            await proof(Auth.GOOGLE, account)
        assert "PRIVATE KEY" not in str(caught.value)


async def test_gemini_on_vertex_is_asked_with_the_accounts_token() -> None:
    answer = {
        "candidates": [{"content": {"role": "model", "parts": [{"text": "Hello"}]}, "finishReason": "STOP"}]
    }

    async def script(request: web.Request) -> web.StreamResponse:
        if request.path == "/token":
            return web.json_response({"access_token": "ya29.x", "expires_in": 3600})
        return web.json_response(answer)

    async with fake_provider(script) as fake:
        vertex = {"kind": "vertex", "project": "p", "location": "us-east5", "base_url": fake.url}
        secrets = {"provider/v": service_account(f"{fake.url}/token")}
        async with running_gateway(configured(providers={"v": vertex}), secrets=secrets) as running:
            body = json.dumps({**ASKED, "model": "v/gemini-2.5-pro"}).encode()
            async with running.post("/v1/messages", body) as told:
                assert told.status == 200
                assert json.loads(await told.read())["content"][0]["text"] == "Hello"
        asked = fake.received[-1]
        assert asked.headers["authorization"] == "Bearer ya29.x"
        assert asked.path_qs == (
            "/v1/projects/p/locations/us-east5/publishers/google/models/gemini-2.5-pro:generateContent"
        )
