"""Answers that a provider keeps: who goes on from one must come back to whoever gave it."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web

from proxy.config import Config
from tests.fakes.provider import fake_provider
from tests.proxy.configured import configured
from tests.proxy.gateway_fixture import Running, running_gateway

RATE_LIMIT = {"error": {"message": "slow", "type": "rate_limit_error", "code": "rate_limit_exceeded"}}


@dataclass
class Vendor:
    """Keeps answers by account, as OpenAI does."""

    limited: str = ""
    issued: dict[str, str] = field(default_factory=dict)
    keys: list[str] = field(default_factory=list)

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        key = request.headers["authorization"].removeprefix("Bearer ")
        self.keys.append(key)
        if key == self.limited:
            return web.json_response(RATE_LIMIT, status=429, headers={"retry-after": "30"})
        before = json.loads(await request.read()).get("previous_response_id")
        assert before is None or self.issued[before] == key
        id_ = f"resp_{len(self.issued)}"
        self.issued[id_] = key
        return web.json_response(
            {
                "id": id_,
                "object": "response",
                "created_at": 1,
                "status": "completed",
                "model": "m",
                "output": [],
                "usage": {"input_tokens": 1, "output_tokens": 1, "total_tokens": 2},
            }
        )


def config(url: str, *keys: str, **table: Any) -> Config:
    names = keys or ("keyring:a", "keyring:b")
    openai = {"kind": "openai", "base_url": url + "/v1", "keys": list(names), **table}
    return configured(providers={"o": openai}, tiers={"COMPLEX": {"services": ["o/m"]}})


@dataclass
class Stage:
    running: Running
    vendor: Vendor
    url: str

    async def ask(self, previous: str | None = None) -> tuple[int, dict[str, Any]]:
        asked = {"model": "auto", "input": "hi", "previous_response_id": previous}
        async with self.running.post("/v1/responses", json.dumps(asked).encode()) as answer:
            return answer.status, await answer.json()


@asynccontextmanager
async def staged() -> AsyncIterator[Stage]:
    vendor = Vendor()
    async with fake_provider(vendor) as fake:
        secrets = {"provider/o/a": "KA", "provider/o/b": "KB"}
        async with running_gateway(config(fake.url), secrets) as running:
            yield Stage(running, vendor, fake.url)


async def test_another_account_is_not_asked_for_what_it_has_never_heard_of() -> None:
    async with staged() as stage:
        _, first = await stage.ask()
        stage.vendor.limited = stage.vendor.issued[first["id"]]
        assert (await stage.ask())[0] == 200  # the other account answers what is new
        status, told = await stage.ask(first["id"])
    assert (status, told["error"]["code"]) == (429, "rate_limit_exceeded")
    assert stage.vendor.keys == ["KA", "KA", "KB", "KA"]


@pytest.mark.parametrize("change", ["disabled", "removed", "another key"])
async def test_where_nobody_can_know_it_any_more_the_client_sends_everything_again(change: str) -> None:
    async with staged() as stage:
        _, first = await stage.ask()
        changed = {
            "disabled": config(stage.url, enabled=False),
            "removed": configured(providers={}),
            "another key": config(stage.url, "keyring:b"),
        }
        stage.running.gateway.apply(changed[change])
        status, told = await stage.ask(first["id"])
    assert (status, told["error"]["code"]) == (400, "previous_response_not_found")
    assert stage.vendor.keys == ["KA"]


@pytest.mark.parametrize("bad", [b"7", b'"\xff"', b"[]"])
async def test_what_is_no_id_is_the_clients_mistake(bad: bytes) -> None:
    async with staged() as stage:
        body = b'{"model":"auto","input":"hi","previous_response_id":%s}' % bad
        async with stage.running.post("/v1/responses", body) as answer:
            assert answer.status == 400
            assert "previous_response_id" in (await answer.json())["error"]["message"]
