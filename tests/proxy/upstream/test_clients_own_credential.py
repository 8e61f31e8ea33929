"""A client's own credential: only with its consent, and only to its vendor."""

import json
from dataclasses import replace

import pytest

from proxy.providers import provider
from tests.fakes.provider import fake_provider, whole
from tests.proxy.configured import configured
from tests.proxy.gateway_fixture import CLIENT_TOKEN, Running, running_gateway
from tests.proxy.talk import ASKED, GOOD, error

BODY = json.dumps({**ASKED, "model": "claude-x"}).encode()
OWN = "sk-ant-oat01-the-users-own"


async def told(running: Running, **headers: str) -> tuple[int, str]:
    async with running.post("/v1/messages", BODY, **headers) as answer:
        return answer.status, (await answer.read()).decode()


async def test_it_goes_out_when_our_own_token_came_beside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    async with fake_provider(whole(GOOD)) as fake:
        moved = replace(provider.KINDS["anthropic"], root=fake.url)
        monkeypatch.setattr(provider, "KINDS", {**provider.KINDS, "anthropic": moved})
        config = configured(providers={"sub": {"kind": "anthropic", "key": "client"}})
        async with running_gateway(config) as running:
            status, _ = await told(
                running,
                x_tierwise_token=CLIENT_TOKEN,
                authorization=f"Bearer {OWN}",
                anthropic_beta="oauth-2025-04-20",
                x_api_key="",
            )
            assert status == 200
            (received,) = fake.received
            assert received.headers["authorization"] == f"Bearer {OWN}"
            assert received.headers["anthropic-beta"] == "oauth-2025-04-20"
            assert received.body == BODY


async def test_a_request_that_carries_none_is_not_sent() -> None:
    config = configured(providers={"sub": {"kind": "anthropic", "key": "client"}})
    async with running_gateway(config) as running:
        status, sentence = await told(running)
        assert status == 503
        assert "carries none" in sentence


async def test_it_never_goes_to_another_address_than_the_vendors() -> None:
    async with fake_provider(whole(GOOD)) as fake:
        table = {"kind": "anthropic", "key": "client", "base_url": fake.url}
        async with running_gateway(configured(providers={"sub": table})) as running:
            status, sentence = await told(
                running, x_tierwise_token=CLIENT_TOKEN, authorization=f"Bearer {OWN}", x_api_key=""
            )
            assert status == 503
            assert "is not the vendor's own host" in sentence
            assert OWN not in sentence
            assert fake.received == []


async def test_our_own_token_is_never_taken_for_a_credential() -> None:
    config = configured(providers={"sub": {"kind": "anthropic", "key": "client"}})
    async with running_gateway(config) as running:
        status, sentence = await told(
            running, x_tierwise_token=CLIENT_TOKEN, authorization=f"Bearer {CLIENT_TOKEN}"
        )
        assert status == 503
        assert "carries none" in sentence


async def test_one_that_is_refused_is_the_clients_to_renew(monkeypatch: pytest.MonkeyPatch) -> None:
    """The vendor's own words make clients renew it; until then nobody is asked again in vain."""
    refusal = error("authentication_error", "OAuth token has expired.")
    async with fake_provider(whole(refusal, status=401)) as fake:
        moved = replace(provider.KINDS["anthropic"], root=fake.url)
        monkeypatch.setattr(provider, "KINDS", {**provider.KINDS, "anthropic": moved})
        config = configured(providers={"sub": {"kind": "anthropic", "key": "client"}})
        async with running_gateway(config) as running:
            mine = {"x_tierwise_token": CLIENT_TOKEN, "authorization": f"Bearer {OWN}", "x_api_key": ""}
            assert await told(running, **mine) == (401, refusal.decode())
            status, sentence = await told(running, **mine)
            assert (status, "Sign in again in the client" in sentence) == (401, True)
            renewed = {**mine, "authorization": f"Bearer {OWN}-renewed"}
            assert await told(running, **renewed) == (401, refusal.decode())
            assert len(fake.received) == 2
