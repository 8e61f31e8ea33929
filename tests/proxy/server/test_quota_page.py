"""GET /api/quota of a running gateway: what went by in headers, what was asked for, and who may see it."""

import json
import time
from typing import Any

import pytest
from aiohttp import web

from proxy.config import BudgetsConfig
from proxy.money.budget import BudgetSums, Spending
from proxy.server import quota_page
from proxy.server.quotas import Quotas
from tests.fakes.provider import fake_provider, whole
from tests.proxy.configured import configured
from tests.proxy.gateway_fixture import ADMIN_TOKEN, CLIENT_TOKEN, Running, running_gateway
from tests.proxy.talk import ASKED, END, GOOD, START, TEXT, error

BODY = json.dumps(ASKED).encode()
STREAMED = json.dumps({**ASKED, "stream": True}).encode()


async def quota(running: Running, **query: str) -> dict[str, Any]:
    headers = {"x-tierwise-token": ADMIN_TOKEN}
    async with running.http.get(f"{running.url}/api/quota", params=query, headers=headers) as answer:
        assert answer.status == 200
        told: dict[str, Any] = await answer.json()
        return told


async def asked(running: Running, body: bytes = BODY) -> int:
    async with running.post("/v1/messages", body) as answer:
        await answer.read()
        return answer.status


def plan(used: float, reset: float) -> dict[str, str]:
    return {
        "anthropic_ratelimit_unified_5h_utilization": str(used),
        "anthropic_ratelimit_unified_5h_reset": str(int(reset)),
    }


def asking(*urls: str) -> dict[str, Any]:
    """Anthropic-like providers a, b, ... at these addresses, asked in this order."""
    names = "ab"[: len(urls)]
    return {
        "providers": {
            name: {"kind": "anthropic-compatible", "base_url": url, "key": "none"}
            for name, url in zip(names, urls, strict=True)
        },
        "tiers": {"COMPLEX": {"services": [f"{name}/m" for name in names]}},
    }


async def test_without_any_answer_everything_is_unknown() -> None:
    tables = {"p": {"kind": "anthropic"}, "d": {"kind": "deepseek"}, "off": {"enabled": False}}
    async with running_gateway(configured(providers=tables)) as running:
        blank = {"tightest": None, "windows": [], "error": None, "detail": None}
        assert await quota(running) == {
            "providers": [
                {"provider": "p", "balance_supported": False, **blank},
                {"provider": "d", "balance_supported": True, **blank},
            ],
            "budgets": {
                "daily": {"spent_usd": None, "limit_usd": None, "unknown": 0},
                "monthly": {"spent_usd": None, "limit_usd": None, "unknown": 0},
                "in_flight_usd": 0.0,
                "over": False,
                "action": "warn",
                "sentence": "",
                "resets_at": None,
            },
        }


@pytest.mark.parametrize(
    ("status", "body", "sent"),
    [(200, GOOD, BODY), (200, START + TEXT + END, STREAMED), (400, error("invalid_request_error"), BODY)],
    ids=["whole", "streamed", "an error"],
)
async def test_what_any_answer_tells_on_its_way_is_shown(status: int, body: bytes, sent: bytes) -> None:
    reset = time.time() + 3000
    content = "text/event-stream" if sent is STREAMED else "application/json"
    script = whole(
        body,
        status=status,
        **plan(0.4213, reset),
        x_ratelimit_limit_requests="10",
        x_ratelimit_remaining_requests="9",
        content_type=content,
    )
    async with fake_provider(script) as fake, running_gateway(configured(**asking(fake.url))) as running:
        assert await asked(running, sent) == status
        (told,) = (await quota(running))["providers"]
    of_plan, of_model = told["windows"]
    assert told["tightest"] == of_plan
    assert abs(of_plan.pop("seen_at") - time.time()) < 10
    assert of_plan.pop("resets_at") == pytest.approx(reset, abs=2)
    assert of_plan == {
        "name": "unified 5h",
        "kind": "limit",
        "key": "none",
        "model": "",
        "counts": True,
        "used_percent": 42.13,
        "limit": None,
        "remaining": None,
        "unit": "percent",
        "source": "headers",
    }
    assert (of_model["name"], of_model["model"], of_model["resets_at"]) == ("requests", "m", None)


async def test_a_plan_that_is_used_up_sends_the_next_request_elsewhere_until_it_is_free() -> None:
    reset = time.time() + 3000
    async with (
        fake_provider(whole(GOOD, **plan(1.0, reset))) as a,
        fake_provider(whole(GOOD)) as b,
        running_gateway(configured(**asking(a.url, b.url))) as running,
    ):
        for _ in range(3):
            assert await asked(running) == 200
        assert (len(a.received), len(b.received)) == (1, 2)
        b.script = whole(error("overloaded_error"), status=529)
        a.script = whole(GOOD, **plan(0.01, reset))
        assert await asked(running) == 200
        assert await asked(running) == 200
        assert (len(a.received), len(b.received)) == (3, 3)


async def test_a_refresh_asks_now_and_tells_who_did_not_answer_beside_the_others() -> None:
    async def balance(request: web.Request) -> web.StreamResponse:
        if request.headers["authorization"] == "Bearer bad":
            return web.json_response({"error": {"message": "No such key"}}, status=401)
        amounts = [{"currency": "USD", "total_balance": "0.00"}]
        return web.json_response({"is_available": False, "balance_infos": amounts})

    async with fake_provider(balance) as fake:
        table = {"kind": "deepseek", "base_url": fake.url}
        config = configured(providers={"good": table, "bad": table})
        secrets = {"provider/good": "good", "provider/bad": "bad"}
        async with running_gateway(config, secrets) as running:
            await quota(running)
            assert fake.received == []
            good, bad = (await quota(running, refresh="1"))["providers"]
            assert (good["error"], good["tightest"]["used_percent"]) == (None, 100.0)
            assert (good["tightest"]["kind"], good["tightest"]["source"]) == ("resource", "balance")
            assert (bad["error"], bad["tightest"]) == ("unauthenticated", None)
            assert "bad refuses its key" in bad["detail"]
            later = (await quota(running))["providers"]
            assert [each["error"] for each in later] == [None, None]
            assert later[0] == good


async def test_only_the_users_own_tools_may_see_it() -> None:
    async with running_gateway() as running:
        headers = {"x-tierwise-token": CLIENT_TOKEN}
        async with running.http.get(f"{running.url}/api/quota", headers=headers) as answer:
            assert answer.status == 401


async def test_a_reload_forgets_an_account_that_was_exchanged() -> None:
    async with (
        fake_provider(whole(GOOD, **plan(0.5, time.time() + 3000))) as fake,
        running_gateway(configured(**asking(fake.url))) as running,
    ):
        await asked(running)
        running.gateway.apply(configured(**asking(fake.url)))
        assert (await quota(running))["providers"][0]["windows"]
        running.gateway.apply(configured(**asking(fake.url + "/other")))
        assert not (await quota(running))["providers"][0]["windows"]


async def test_budgets_are_told_by_whoever_counts_them() -> None:
    now = time.time()
    sums = BudgetSums(Spending(2_000_000_000, 2_000_000_000), now)
    async with running_gateway() as running:
        out = running.gateway._outward
        (endpoint,) = quota_page.endpoints(
            Quotas(
                lambda: out.config,
                out.balances,
                out.allowances,
                lambda: sums.state(BudgetsConfig(daily_usd=1.5), now),
            )
        )
        application = web.Application()
        application.router.add_route("GET", endpoint.path, endpoint.handle)
        runner = web.AppRunner(application)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        async with running.http.get(f"http://127.0.0.1:{runner.addresses[0][1]}/api/quota") as answer:
            budgets = (await answer.json())["budgets"]
        await runner.cleanup()
    assert (budgets["daily_spent"], budgets["daily_limit"]) == (2_000_000_000, 1_500_000_000)
    assert (budgets["monthly_limit"], budgets["over"], budgets["action"]) == (None, True, "warn")
