"""Models that a server here passes on to its vendor are not of this machine, whatever they are called."""

import json
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from proxy.routing.service import Service
from tests.fakes.local.ollama import FakeOllama
from tests.fakes.local.ollama_told import Cloud, OllamaModel
from tests.proxy.configured import configured
from tests.proxy.server.dashboard.stage import dashboard
from tests.proxy.server.local.stage import GREETING, Stage, against, among, nobody_else, ollama, prose

HERE, SAYS_SO, DOES_NOT = "qwen3:8b", "gpt-oss:120b-cloud", "big:latest"
MODELS = (
    OllamaModel(name=HERE),
    OllamaModel(name=SAYS_SO, remote_host="https://ollama.com:443", remote_model="gpt-oss:120b"),
    OllamaModel(name=DOES_NOT, remote_host="https://ollama.com:443", remote_model="big"),
)
REMOTE = (SAYS_SO, DOES_NOT, "big", "library/big", "unlisted:cloud")
passed_on = pytest.mark.parametrize("model", REMOTE)


def server() -> FakeOllama:
    return FakeOllama(models=MODELS, cloud=Cloud.SIGNED_IN)


def tables(url: str, *models: str, **more: Any) -> dict[str, Any]:
    services = [f"near/{each}" for each in models]
    return {"providers": {"near": ollama(url)}, "tiers": {"SIMPLE": {"services": services}}, **more}


GLOBALLY: dict[str, Any] = {"routing": {"local_only": True}}
ON_THE_ROUTE: dict[str, Any] = {"routes": [{"name": "private", "local_only": True}]}


async def test_they_are_shown_as_what_they_are(tmp_path: Path) -> None:
    async with server().running() as near, among(tmp_path, **tables(near.url, HERE)) as stage:
        found = (await stage.look())["near"]
    told = {each["name"]: (each["local"], each["loaded"]) for each in found["models"]}
    assert told == {HERE: (True, False), SAYS_SO: (False, None), DOES_NOT: (False, None)}


@passed_on
@pytest.mark.parametrize("forbids", [GLOBALLY, ON_THE_ROUTE], ids=["globally", "on the route"])
async def test_what_must_stay_here_never_reaches_them(
    tmp_path: Path, model: str, forbids: dict[str, Any]
) -> None:
    near = server()
    async with near.running(), among(tmp_path, **tables(near.url, model, HERE, **forbids)) as stage:
        routed = await stage.ask("Hi")
        named = await stage.ask("Hi", model=f"near/{model}")
        probed = await probe(stage, f"near/{model}")
        told = await stage.explained("Hi")
    assert (routed.service, routed.text) == (f"near/{HERE}", GREETING)
    assert (named.status, probed) == (503, 503)
    assert "local_only forbids" in (against(told, f"near/{model}") or "")
    assert {each.body["model"] for each in near.seen if each.method == "POST"} == {HERE}


async def probe(stage: Stage, service: str) -> int:
    body = json.dumps({"model": "auto", "messages": [{"role": "user", "content": "Hi"}]}).encode()
    async with stage.running.post("/v1/chat/completions", body, **{"x-tierwise-service": service}) as answer:
        return answer.status


async def test_nothing_is_sent_there_before_it_is_known_what_is_there(tmp_path: Path) -> None:
    near = server()
    async with near.running():
        near.goes_on.clear()
        near.arrived.clear()
        config = tables(near.url, DOES_NOT, HERE, **GLOBALLY)
        async with among(tmp_path, looks=False, **config) as stage:
            await near.arrived.wait()
            near.goes_on.set()
            assert (await stage.ask("Hi")).service == f"near/{HERE}"


async def test_nothing_is_sent_there_while_its_server_is_gone_and_may_be_back(tmp_path: Path) -> None:
    near = server()
    async with AsyncExitStack() as first:
        await first.enter_async_context(near.running())
        async with among(tmp_path, **tables(near.url, DOES_NOT, **GLOBALLY)) as stage:
            await first.aclose()
            assert (await stage.look())["near"]["state"] == "gone"
            async with near.running():
                assert (await stage.ask("Hi")).status == 503
    assert near.was_only_looked_at


@pytest.mark.parametrize("model", [SAYS_SO, DOES_NOT, "big", "unlisted:cloud"])
async def test_where_they_may_be_asked_they_are_asked_as_they_are(tmp_path: Path, model: str) -> None:
    """How much context they have is their vendor's business, and how long they are kept as well."""
    async with server().running() as near:
        config = tables(near.url, model, local={"keep_alive": "1h"})
        async with among(tmp_path, **config) as stage:
            answer = await stage.ask("Hi")
    assert answer.text == GREETING
    [asked] = [each for each in near.seen if each.method == "POST"]
    assert "keep_alive" not in asked.body
    assert "num_ctx" not in asked.body.get("options", {})


async def test_they_are_not_taken_to_cut_a_long_prompt(tmp_path: Path) -> None:
    async with server().running() as near, among(tmp_path, **tables(near.url, DOES_NOT)) as stage:
        assert (await stage.ask(prose(45_000))).status == 200


@pytest.mark.parametrize("model", [SAYS_SO, DOES_NOT, "big"])
async def test_they_are_not_free(tmp_path: Path, model: str) -> None:
    """Neither where services are compared nor in the record, nor in what is left of a used-up budget."""
    async with server().running() as near:
        config = configured(**tables(near.url, model, HERE))
        async with dashboard(tmp_path, config, surroundings=nobody_else(tmp_path)) as board:
            stage = Stage(board.running)
            await stage.look()
            prices = board.running.gateway._choosing.world.prices
            assert prices.price(Service("near", HERE), 0.0) == 0
            assert prices.price(Service("near", model), 0.0) is None
            await stage.ask("Hi")
            await stage.ask("Hi", model=f"near/{HERE}")
            await stage.recorded()
            await board.written()
            logs, listed = await board.logs(), (await board.page("/api/prices"))["services"]
    rows = {each["model"]: each for each in logs["rows"]}
    sources = {each["service"]: each["source"] for each in listed}
    assert sources == {f"near/{HERE}": "local", f"near/{model}": "unpriced"}
    assert (rows[HERE]["cost_usd"], rows[HERE]["local"]) == (0, True)
    assert (rows[model]["cost_usd"], rows[model]["local"], rows[model]["unpriced"]) == (None, False, True)
