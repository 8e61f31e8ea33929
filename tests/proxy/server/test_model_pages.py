"""Which names the lists of models hold, in which order, and that nobody waits long for them."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web

from proxy.server.model_pages import AskedNames
from tests.fakes.provider import FakeProvider, fake_provider, whole
from tests.fakes.server import fake_llm
from tests.proxy.configured import configured
from tests.proxy.gateway_fixture import CLIENT_TOKEN, Running, running_gateway

OURS = ["auto", "simple", "medium", "complex", "reasoning"]
ALIASES = [f"claude-tierwise-{name}" for name in OURS]
QUESTION = [{"role": "user", "content": "Hi"}]
DEAD = "http://127.0.0.1:9/v1"


def listing(*models: dict[str, Any] | str) -> Any:
    data = [{"id": model} if isinstance(model, str) else model for model in models]
    return whole(json.dumps({"object": "list", "data": data}).encode())


def table(url: str, **more: Any) -> dict[str, Any]:
    return {"kind": "openai-compatible", "base_url": url, "key": "none", **more}


async def got(running: Running, path: str, **headers: str) -> Any:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    async with running.http.get(running.url + path, headers={"x-api-key": CLIENT_TOKEN, **named}) as answer:
        told = json.loads(await answer.read())
        assert answer.status == 200, told
        return told


async def ids(running: Running) -> list[str]:
    return [model["id"] for model in (await got(running, "/v1/models"))["data"]]


@asynccontextmanager
async def one_provider(
    *models: dict[str, Any] | str, **tables: Any
) -> AsyncIterator[tuple[Running, FakeProvider]]:
    async with fake_provider(listing(*models)) as fake:
        config = configured(providers={"p": table(fake.url)}, **tables)
        async with running_gateway(config) as running:
            yield running, fake


async def test_without_any_provider_our_own_names_are_listed_and_their_aliases() -> None:
    async with running_gateway() as running:
        assert await ids(running) == OURS + ALIASES


async def test_what_is_configured_comes_before_what_providers_list_and_each_once() -> None:
    tables = {
        "tiers": {"MEDIUM": {"services": ["p/configured", "p/listed"]}},
        "routes": [
            {"surface": "chat", "use": "pool", "services": ["p/routed"]},
            {"surface": "messages", "tiers": {"SIMPLE": ["p/of-its-tier"]}},
        ],
    }
    async with one_provider("listed", "more", **tables) as (running, _):
        found = await ids(running)
    assert found == [
        *OURS,
        *ALIASES,
        "p/configured",
        "p/listed",
        "p/routed",
        "p/of-its-tier",
        "p/more",
    ]


async def test_what_cannot_be_asked_is_not_listed() -> None:
    async with fake_provider(listing("listed")) as fake:
        config = configured(
            providers={"p": table(fake.url), "off": table(fake.url, enabled=False)},
            tiers={
                "SIMPLE": {
                    "services": [
                        {"provider": "p", "model": "inactive", "active": False},
                        {"provider": "off", "model": "of-nobody"},
                    ]
                }
            },
        )
        async with running_gateway(config) as running:
            assert await ids(running) == [*OURS, *ALIASES, "p/listed"]
        assert len(fake.received) == 1


async def test_what_a_provider_tells_of_its_models_is_told_on() -> None:
    told = {"id": "m", "name": "Maker: M", "context_length": 131_072, "max_output_tokens": 8192}
    async with one_provider(told) as (running, _):
        [found] = [each for each in (await got(running, "/v1/models"))["data"] if each["id"] == "p/m"]
        assert (found["owned_by"], found["context_length"]) == ("p", 131_072)
        one = await got(running, "/v1/models/p/m", anthropic_version="2023-06-01")
        assert (one["id"], one["max_input_tokens"]) == ("p/m", 131_072)
        gemini = await got(running, "/v1beta/models/p/m")
        assert (gemini["name"], gemini["inputTokenLimit"]) == ("models/p/m", 131_072)


async def test_what_a_provider_tells_of_a_model_that_is_configured_is_told_on_as_well() -> None:
    """Most models that are configured are listed, too; their window is what clients go by."""
    tiers = {"COMPLEX": {"services": ["p/m"]}}
    async with one_provider({"id": "m", "context_length": 131_072}, tiers=tiers) as (running, _):
        one = await got(running, "/v1/models/p/m", anthropic_version="2023-06-01")
    assert one["max_input_tokens"] == 131_072


@pytest.mark.parametrize(
    ("path", "member"),
    [("/v1/models/what-ever/is:named", "id"), ("/v1beta/models/what-ever/is:named", "name")],
)
async def test_every_name_exists_for_who_asks_about_it_and_for_nobody_else(path: str, member: str) -> None:
    async with running_gateway() as running:
        assert (await got(running, path))[member].removeprefix("models/") == "what-ever/is:named"
        assert await ids(running) == OURS + ALIASES


async def test_names_that_were_answered_come_last_the_latest_first() -> None:
    async with fake_llm("anthropic", "Hello", models=["m"]) as fake:
        providers = {"p": {"kind": "anthropic-compatible", "base_url": fake.base_url, "key": "none"}}
        config = configured(providers=providers, tiers={"COMPLEX": {"services": ["p/m"]}})
        async with running_gateway(config) as running:
            for name in ("claude-sonnet-4-8[1m]", "gpt-5.2", "claude-sonnet-4-8", "p/wrong"):
                body = {"model": name, "max_tokens": 5, "messages": QUESTION}
                async with running.post("/v1/messages", json.dumps(body).encode()) as answer:
                    assert (answer.status == 200) is (name != "p/wrong")
            found = await ids(running)
    assert found[len(OURS + ALIASES) :] == ["p/m", "claude-sonnet-4-8", "gpt-5.2"]


async def test_the_list_waits_a_second_and_a_half_at_most_and_has_what_was_there() -> None:
    gate = asyncio.Event()

    async def slow(_request: web.Request) -> web.StreamResponse:
        await gate.wait()
        return web.json_response({"data": [{"id": "late"}]})

    async with fake_provider(slow) as sluggard, fake_provider(listing("early")) as swift:
        providers = {"slow": table(sluggard.url), "swift": table(swift.url), "dead": table(DEAD)}
        async with running_gateway(configured(providers=providers)) as running:
            began = time.monotonic()
            found = await ids(running)
            assert time.monotonic() - began < 3
            assert found[len(OURS + ALIASES) :] == ["swift/early"]
            gate.set()
            assert "slow/late" in await ids(running)


async def test_a_list_is_asked_for_once_however_many_want_it() -> None:
    async with one_provider("m") as (running, fake):
        await asyncio.gather(*(ids(running) for _ in range(5)))
        await got(running, "/v1/models/p/m")
        await got(running, "/v1beta/models")
        assert len(fake.received) == 1


async def test_where_nothing_may_leave_this_machine_no_list_is_asked_for_elsewhere() -> None:
    async with fake_provider(listing("near")) as near, fake_provider(listing("far")) as far:
        providers = {"p": table(near.url), "far": table("http://far.invalid/v1", proxy=far.url)}
        for local_only, found in ((True, ["p/near"]), (False, ["p/near", "far/far"])):
            config = configured(providers=providers, routing={"local_only": local_only})
            async with running_gateway(config) as running:
                assert (await ids(running))[len(OURS + ALIASES) :] == found
            assert bool(far.received) is not local_only


async def test_pages_go_through_all_of_it() -> None:
    async with one_provider("a", "b", "c") as (running, _):
        found: list[str] = []
        query = "?limit=4"
        while True:
            page = await got(running, f"/v1/models{query}", anthropic_version="2023-06-01")
            found += [model["id"] for model in page["data"]]
            if not page["has_more"]:
                break
            query = f"?limit=4&after_id={page['last_id']}"
    assert found == [*OURS, *ALIASES, "p/a", "p/b", "p/c"]


async def test_whoever_has_no_token_gets_no_list() -> None:
    async with running_gateway() as running:
        for path in ("/v1/models", "/v1/models/m", "/v1beta/models", "/v1beta/models/m"):
            async with running.http.get(running.url + path) as answer:
                assert answer.status == 401


def test_names_are_remembered_once_without_what_clients_append() -> None:
    names = AskedNames()
    for name in ("a", "b[1m]", " c ", "a", None, "", "x" * 201):
        names.note(name)
    assert list(names) == ["a", "c", "b"]


def test_the_oldest_names_are_forgotten() -> None:
    names = AskedNames()
    for number in range(60):
        names.note(f"m{number}")
    assert list(names) == [f"m{number}" for number in range(59, 9, -1)]
