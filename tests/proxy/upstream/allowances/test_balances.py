"""Balances, asked for at real sockets: each vendor's own words, its marks, and who does not answer."""

import asyncio
import json
import math
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from aiohttp import web

from proxy.config import Config, ProviderConfig
from proxy.money.quota import AllowanceKind, AllowanceSource
from proxy.providers.provider import Provider
from proxy.routing.health.marks import Reason
from proxy.upstream.allowances.balances import Balances
from proxy.upstream.allowances.endpoints import Told, questions
from proxy.upstream.outward import Outward
from proxy.wire.failure import FailureKind
from tests.fakes.provider import FakeProvider, Script, fake_provider, whole
from tests.proxy.configured import configured
from tests.proxy.gateway_fixture import KnownSecrets

NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC).timestamp()
"""A Saturday."""
FULL = {"is_available": True, "balance_infos": [{"currency": "USD", "total_balance": "7.25"}]}
EMPTY = {"is_available": False, "balance_infos": [{"currency": "CNY", "total_balance": "0.00"}]}


def provider(kind: str, base_url: str = "") -> Provider:
    return Provider("p", msgspec.convert({"kind": kind, "base_url": base_url}, ProviderConfig))


def day(month: int, day_: int) -> float:
    return datetime(2026, month, day_, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("kind", "base_url", "urls"),
    [
        ("openrouter", "", ["https://openrouter.ai/api/v1/key", "https://openrouter.ai/api/v1/credits"]),
        (
            "anthropic-compatible",
            "https://openrouter.ai/api",
            ["https://openrouter.ai/api/v1/key", "https://openrouter.ai/api/v1/credits"],
        ),
        ("deepseek", "", ["https://api.deepseek.com/user/balance"]),
        ("deepseek", "http://127.0.0.1:9/deep/v1", ["http://127.0.0.1:9/deep/user/balance"]),
        (
            "anthropic-compatible",
            "https://api.deepseek.com/anthropic",
            ["https://api.deepseek.com/user/balance"],
        ),
        ("moonshot", "", ["https://api.moonshot.ai/v1/users/me/balance"]),
        (
            "openai-compatible",
            "https://api.moonshot.cn/v1",
            ["https://api.moonshot.cn/v1/users/me/balance"],
        ),
        (
            "openai-compatible",
            "https://api.novita.ai/openai/v1",
            ["https://api.novita.ai/openapi/v1/billing/balance/detail"],
        ),
        ("openai-compatible", "https://api.deepseek.com.evil.test/v1", []),
        ("openai-compatible", "https://elsewhere.test/api.deepseek.com", []),
        ("anthropic", "", []),
        ("openai", "", []),
        ("ollama", "", []),
    ],
)
def test_only_documented_addresses_are_asked_each_below_the_providers_own(
    kind: str, base_url: str, urls: list[str]
) -> None:
    whom = provider(kind, base_url)
    assert [question.url(whom.base) for question in questions(whom)] == urls


KEY_OF_OPENROUTER = {"label": "sk-or-v1-1...2", "usage": 25.5, "limit": 100, "limit_remaining": 74.5}


@pytest.mark.parametrize(
    ("kind", "base_url", "number", "told", "read"),
    [
        pytest.param(
            "openrouter",
            "",
            0,
            {"data": {**KEY_OF_OPENROUTER, "limit_reset": None}},
            [Told("limit of the key", 74.5, "usd", 100, 25.5)],
            id="OpenRouter, a limit for ever",
        ),
        *(
            pytest.param(
                "openrouter",
                "",
                0,
                {"data": {**KEY_OF_OPENROUTER, "limit_reset": span}},
                [Told("limit of the key", 74.5, "usd", 100, 25.5, AllowanceKind.LIMIT, ends)],
                id=f"OpenRouter, a {span} limit",
            )
            for span, ends in (("daily", day(11, 22)), ("weekly", day(11, 23)), ("monthly", day(12, 1)))
        ),
        pytest.param(
            "openrouter",
            "",
            0,
            {"data": {"limit": None, "limit_remaining": None}},
            [],
            id="OpenRouter, no limit",
        ),
        pytest.param(
            "openrouter",
            "",
            1,
            {"data": {"total_credits": 10, "total_usage": 12.5}},
            [Told("credits", -2.5, "usd", 10, 125)],
            id="OpenRouter, overdrawn",
        ),
        pytest.param("deepseek", "", 0, FULL, [Told("balance", 7.25, "usd")], id="DeepSeek"),
        pytest.param(
            "deepseek",
            "",
            0,
            EMPTY,
            [Told("balance", 0.0, "cny", used_percent=100)],
            id="DeepSeek, nothing left",
        ),
        pytest.param(
            "deepseek",
            "",
            0,
            {
                "is_available": True,
                "balance_infos": [
                    {"currency": "CNY", "total_balance": "0.00"},
                    {"currency": "USD", "total_balance": "1"},
                ],
            },
            [Told("balance", 1.0, "usd")],
            id="DeepSeek, one of two currencies",
        ),
        pytest.param(
            "deepseek",
            "",
            0,
            {
                "is_available": True,
                "balance_infos": [
                    {"currency": "CNY", "total_balance": "2.00"},
                    {"currency": "USD", "total_balance": "1"},
                ],
            },
            [Told("balance cny", 2.0, "cny"), Told("balance usd", 1.0, "usd")],
            id="DeepSeek, two currencies",
        ),
        pytest.param(
            "deepseek",
            "",
            0,
            {"is_available": False, "balance_infos": [3, {"total_balance": "much"}]},
            [Told("balance", None, "", used_percent=100)],
            id="DeepSeek, blocked and unreadable",
        ),
        pytest.param(
            "moonshot",
            "",
            0,
            {"code": 0, "data": {"available_balance": 49.58, "cash_balance": 3.0}},
            [Told("balance", 49.58, "usd")],
            id="Moonshot",
        ),
        pytest.param(
            "moonshot",
            "https://api.moonshot.cn/v1",
            0,
            {"data": {"available_balance": -1}},
            [Told("balance", -1.0, "cny")],
            id="Moonshot in China",
        ),
        pytest.param("moonshot", "", 0, {"data": None}, [], id="Moonshot, nothing"),
        pytest.param(
            "openai-compatible",
            "https://api.novita.ai/openai",
            0,
            {"availableBalance": "1000000", "cashBalance": "800000"},
            [Told("balance", 100.0, "usd")],
            id="Novita",
        ),
    ],
)
def test_what_vendors_say_is_understood(
    kind: str, base_url: str, number: int, told: Mapping[str, Any], read: list[Told]
) -> None:
    whom = provider(kind, base_url)
    question = questions(whom)[number]
    assert question.proof in told
    assert list(question.read(told, whom, NOW)) == read


@asynccontextmanager
async def outward(config: Config, **secrets: str) -> AsyncIterator[Outward]:
    out = Outward(config, KnownSecrets({f"provider/{name}": value for name, value in secrets.items()}))
    try:
        yield out
    finally:
        await out.close()


def deepseek(fake: FakeProvider, **more: Any) -> dict[str, Any]:
    return {"kind": "deepseek", "base_url": fake.url, **more}


def marked(out: Outward) -> dict[str, float]:
    marks = out.board.snapshot().marks
    return {mark.place.label: mark.until for mark in marks if mark.reason is Reason.ALLOWANCE}


async def test_a_balance_is_asked_for_with_the_key_and_kept() -> None:
    async with fake_provider(whole(json.dumps(FULL).encode())) as fake:
        config = configured(providers={"p": deepseek(fake, headers={"x-mine": "1"})})
        async with outward(config, p="k") as out:
            assert await out.balances.refresh(config) == {}
            (found,) = out.allowances.of("p")
    assert (found.key, found.remaining, found.unit) == ("keyring", 7.25, "usd")
    assert (found.kind, found.source) == (AllowanceKind.RESOURCE, AllowanceSource.BALANCE)
    assert abs(found.seen_at - time.time()) < 10
    (asked,) = fake.received
    assert (asked.method, asked.path_qs, asked.body) == ("GET", "/user/balance", b"")
    assert asked.headers["authorization"] == "Bearer k"
    assert asked.headers["x-mine"] == "1"


async def test_an_empty_one_marks_its_key_until_it_is_topped_up() -> None:
    async with fake_provider(whole(json.dumps(EMPTY).encode())) as fake:
        config = configured(providers={"p": deepseek(fake)})
        async with outward(config, p="k") as out:
            await out.balances.refresh(config)
            assert marked(out) == {"keyring": math.inf}
            fake.script = whole(json.dumps(FULL).encode())
            await out.balances.refresh(config)
            assert marked(out) == {}


async def test_every_key_is_asked_for_also_after_one_was_refused() -> None:
    async def by_key(request: web.Request) -> web.StreamResponse:
        is_good = request.headers["authorization"] == "Bearer good"
        return web.json_response(
            EMPTY if is_good else {"error": {"message": "Bad key"}}, status=200 if is_good else 401
        )

    async with fake_provider(by_key) as fake:
        config = configured(providers={"p": deepseek(fake, keys=["keyring:a", "keyring:b"])})
        async with outward(config, **{"p/a": "bad", "p/b": "good"}) as out:
            failures = await out.balances.refresh(config)
            assert failures["p"].kind is FailureKind.UNAUTHENTICATED
            assert "p refuses its key" in failures["p"].sentence
            assert marked(out) == {"keyring:b": math.inf}


async def test_credits_that_only_special_keys_may_see_are_no_failure() -> None:
    async def openrouter(request: web.Request) -> web.StreamResponse:
        if request.path == "/api/v1/key":
            return web.json_response({"data": {**KEY_OF_OPENROUTER, "limit_reset": "daily"}})
        assert request.path == "/api/v1/credits"
        return web.json_response({"error": {"code": 403, "message": "Only management keys"}}, status=403)

    async with fake_provider(openrouter) as fake:
        config = configured(providers={"p": {"kind": "openrouter", "base_url": f"{fake.url}/api/v1"}})
        async with outward(config, p="k") as out:
            assert await out.balances.refresh(config) == {}
            assert [each.window for each in out.allowances.of("p")] == ["limit of the key"]


async def hang(_request: web.Request) -> web.StreamResponse:
    await asyncio.Event().wait()
    raise AssertionError


async def redirect(_request: web.Request) -> web.StreamResponse:
    return web.Response(status=302, headers={"location": "/elsewhere"})


@pytest.mark.parametrize(
    ("script", "kind"),
    [
        pytest.param(whole(b"<html>"), FailureKind.BAD_ANSWER, id="no JSON"),
        pytest.param(whole(b"\xff"), FailureKind.BAD_ANSWER, id="no text"),
        pytest.param(whole(b"[]"), FailureKind.BAD_ANSWER, id="no object"),
        pytest.param(whole(b'{"ok":1}'), FailureKind.BAD_ANSWER, id="no balance"),
        pytest.param(whole(b"", status=404), FailureKind.NOT_FOUND, id="nothing there"),
        pytest.param(hang, FailureKind.TIMEOUT, id="no answer"),
    ],
)
async def test_who_does_not_tell_says_why_and_keeps_nobody_waiting(script: Script, kind: FailureKind) -> None:
    async with fake_provider(script) as bad, fake_provider(whole(json.dumps(FULL).encode())) as good:
        config = configured(providers={"bad": deepseek(bad), "good": deepseek(good)})
        async with outward(config, bad="k", good="k") as out:
            hurried = Balances(out.balances._caller, out.balances._keys, out.allowances, seconds=0.3)
            failures = await hurried.refresh(config)
            assert {name: failure.kind for name, failure in failures.items()} == {"bad": kind}
            assert [each.remaining for each in out.allowances.of("good")] == [7.25]
            assert out.allowances.of("bad") == []


async def test_a_redirect_is_not_followed_with_the_key() -> None:
    async with fake_provider(redirect) as fake:
        config = configured(providers={"p": deepseek(fake)})
        async with outward(config, p="k") as out:
            assert "p" in await out.balances.refresh(config)
    assert [each.path_qs for each in fake.received] == ["/user/balance"]


async def test_nobody_is_asked_who_is_off_cannot_tell_or_is_elsewhere() -> None:
    async with fake_provider(whole(json.dumps(FULL).encode())) as fake:
        config = configured(
            providers={
                "off": deepseek(fake, enabled=False),
                "mute": {"kind": "openai-compatible", "base_url": fake.url},
                "away": {"kind": "deepseek"},
                "keyless": deepseek(fake),
                "clients": deepseek(fake, key="client"),
            },
            routing={"local_only": True},
        )
        async with outward(config, off="k", mute="k", away="k") as out:
            failures = await out.balances.refresh(config)
    assert fake.received == []
    assert sorted(failures) == ["away", "clients", "keyless"]
    assert "local_only" in failures["away"].sentence
    assert "tierwise providers add keyless" in failures["keyless"].sentence
