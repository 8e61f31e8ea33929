"""A server that is shared: counting loads nothing, and all providers that lead there share its slots."""

from pathlib import Path

import msgspec
import pytest

from proxy.wire.format import Format
from tests.fakes.local.llamacpp import FakeLlamaRouter
from tests.fakes.local.llamacpp_told import LlamaModel
from tests.fakes.local.ollama import FakeOllama
from tests.fakes.server import fake_llm
from tests.llama.asking import busy
from tests.llama.fixtures import need_llama
from tests.llama.server import llama_server
from tests.proxy.server.local.stage import FROM_AFAR, KEY, among, hosted, llamacpp, ollama

_COUNTED = msgspec.json.encode({"model": "auto", "messages": [{"role": "user", "content": "Hi"}]})


@pytest.mark.parametrize("name", ["loaded", "unloaded"])
async def test_a_count_loads_no_model(tmp_path: Path, name: str) -> None:
    models = [LlamaModel(name="loaded", status="loaded"), LlamaModel(name="unloaded")]
    server = FakeLlamaRouter(models=models)
    async with server.running():
        tiers = {"SIMPLE": {"services": [f"near/{name}"]}}
        async with (
            among(tmp_path, providers={"near": llamacpp(server.url)}, tiers=tiers) as stage,
            stage.running.post("/v1/messages/count_tokens", _COUNTED) as answer,
        ):
            told = await answer.json()
    assert (answer.status, told["input_tokens"] > 0, server.loads) == (200, True, [])
    asked = [each for each in server.seen if each.path.endswith("/count_tokens")]
    assert [each.query.get("autoload") for each in asked] == ["false"]


async def test_two_providers_at_one_server_share_its_slots(tmp_path: Path) -> None:
    need_llama()
    with llama_server(tmp_path, slots=1, context=65_536) as server:
        async with fake_llm(Format.OPENAI_CHAT, FROM_AFAR, key=KEY) as afar:
            here = llamacpp(server.url)
            providers = {"near": here, "second": here, "afar": hosted(afar.base_url)}
            tiers = {
                "SIMPLE": {"services": ["near/tiny"]},
                "COMPLEX": {"services": ["second/tiny", "afar/m"]},
            }
            local = {"queue_seconds": 0.05}
            async with among(tmp_path, providers=providers, tiers=tiers, local=local) as stage:
                async with stage.streaming("[loop]", model="simple", max_tokens=30_000):
                    await busy(server)
                    meanwhile = await stage.ask("Hi", model="complex")
                await stage.recorded()
                afterwards = await stage.ask("Hi", model="complex")
    assert (meanwhile.service, afterwards.service) == ("afar/m", "second/tiny")


@pytest.mark.parametrize(
    "params",
    [{"num_ctx": "4096"}, {"options": {"num_ctx": 4096}}, {"options": {"num_ctx": "4096"}}],
    ids=["as text", "among the options", "both"],
)
async def test_a_context_that_the_user_wrote_is_the_one_that_is_told(
    tmp_path: Path, params: dict[str, object]
) -> None:
    server = FakeOllama()
    async with server.running():
        service = {"provider": "near", "model": "qwen3:8b", "params": params}
        tiers = {"SIMPLE": {"services": [service]}}
        async with among(tmp_path, providers={"near": ollama(server.url)}, tiers=tiers) as stage:
            answer = await stage.ask("Hi", max_tokens=50)
    (asked,) = [each.body for each in server.seen if each.line == "POST /api/chat"]
    assert answer.status == 200
    assert (asked["options"]["num_ctx"], asked["options"]["num_predict"]) == (4096, 50)
    assert "num_ctx" not in asked
