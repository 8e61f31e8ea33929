"""A running application and the model servers around it: what it says, proposes and writes."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from app.application import Application, Options
from app.found_keys.vendors import ADDRESSES, variables
from app.home import Home
from app.instance import InstanceLock
from tests.fakes.local.ollama import FakeOllama
from tests.fakes.local.server import FakeLocal

CANARY = "canary-q7Rk2vN8sT4w"
COMMENTED = '# mine\n[providers.desk]\nkind = "ollama"\nbase_url = "{url}" # on the desk\n'


class Stage:
    """An application in a home, spoken to by its own interface."""

    def __init__(self, application: Application, http: aiohttp.ClientSession) -> None:
        self.application = application
        self._http = http

    async def ask(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        url = self.application.gateway.url + path
        async with self._http.request(method, url, json=body) as answer:
            return answer.status, await answer.json()

    async def looked(self) -> None:
        done = asyncio.Event()
        stop = self.application.on_local_servers(done.set)
        while self.application.local_servers() is None:
            await done.wait()
            done.clear()
        stop()


@asynccontextmanager
async def running(
    folder: Path, config: str, environ: Mapping[str, str] | None = None
) -> AsyncIterator[Stage]:
    home = Home(folder)
    home.prepare()
    home.config.write_text(config)
    application = Application(home, InstanceLock(home), Options(0), {"HOME": str(folder), **(environ or {})})
    await application.start()
    token = application.admin_token().reveal()
    try:
        async with aiohttp.ClientSession(headers={"x-tierwise-token": token}) as http:
            yield Stage(application, http)
    finally:
        await application.stop()


def entry(server: FakeLocal) -> str:
    return f'[[local.servers]]\nurl = "{server.url}"\n'


@pytest.fixture(autouse=True)
def nothing_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    addresses = (name for names in ADDRESSES.values() for name in names)
    for name in (*variables(), *addresses):
        monkeypatch.delenv(name, raising=False)


async def test_who_has_nothing_configured_is_told_once_what_there_is(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "tierwise.app")
    async with FakeOllama().running() as server, running(tmp_path, entry(server)) as stage:
        await stage.looked()
        await stage.ask("POST", "/api/local/look")
    [said] = [each for each in caplog.messages if "tiers propose" in each]
    assert said.startswith("Found on this machine: ")
    assert "Ollama (1 model)" in said


@pytest.mark.parametrize("config", ['[providers.x]\nkind = "vllm"\n', "[local]\nenabled = false\n"])
async def test_who_has_a_provider_or_does_not_want_it_is_told_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, config: str
) -> None:
    caplog.set_level(logging.INFO, "tierwise.app")
    async with running(tmp_path, config) as stage:
        if "local" not in config:
            await stage.looked()
        await stage.ask("POST", "/api/local/look")
    assert "tiers propose" not in caplog.text


async def test_a_model_that_was_found_is_used_under_the_name_its_server_has(tmp_path: Path) -> None:
    async with FakeOllama().running() as server:
        config = COMMENTED.format(url=server.url)
        async with running(tmp_path, config) as stage:
            await stage.looked()
            body = {"server": server.url, "model": "qwen3:8b", "tier": "medium"}
            status, told = await stage.ask("POST", "/api/local/use", body)
            assert (status, told["service"], told["tier"]) == (200, "desk/qwen3:8b", "MEDIUM")
            tier = stage.application.gateway.config.tiers["MEDIUM"]
            assert [each.name for each in tier.services] == ["desk/qwen3:8b"]
    after = (tmp_path / "config.toml").read_text()
    assert after == f'{config}\n[tiers.MEDIUM]\nservices = ["desk/qwen3:8b"]\n'


async def test_a_server_whose_provider_is_off_is_not_used(tmp_path: Path) -> None:
    async with FakeOllama().running() as server:
        config = f"{COMMENTED.format(url=server.url)}enabled = false\n{entry(server)}"
        async with running(tmp_path, config) as stage:
            await stage.looked()
            body = {"server": server.url, "model": "qwen3:8b", "tier": "SIMPLE"}
            status, told = await stage.ask("POST", "/api/local/use", body)
    assert (status, told["applied"]) == (422, False)
    assert "providers enable desk" in told["problems"][0]
    assert (tmp_path / "config.toml").read_text() == config


async def test_a_proposal_is_made_of_what_is_here_and_tells_no_secret(tmp_path: Path) -> None:
    environ = {"ANTHROPIC_API_KEY": f"sk-ant-{CANARY}"}
    async with FakeOllama().running() as server, running(tmp_path, entry(server), environ) as stage:
        config = (tmp_path / "config.toml").read_text()
        status, told = await stage.ask("GET", "/api/tiers/proposal")
        assert (tmp_path / "config.toml").read_text() == config
        assert server.was_only_looked_at
    assert (status, told["new"]) == (200, True)
    providers = {each["label"]: each for each in told["providers"]}
    assert providers["Anthropic"]["found_key"]["source"] == "env:ANTHROPIC_API_KEY"
    assert CANARY not in str(told)
    services = [service["service"] for tier in told["tiers"] for service in tier["services"]]
    assert any(each.startswith("ollama") and each.endswith("/qwen3:8b") for each in services)
    assert any(each.startswith("anthropic/") for each in services)


async def test_without_anything_the_proposal_says_what_to_do(tmp_path: Path) -> None:
    async with running(tmp_path, "[local]\nenabled = false\n") as stage:
        status, told = await stage.ask("GET", "/api/tiers/proposal")
    assert (status, told["new"], told["providers"]) == (200, False, [])
    assert "Start Ollama" in told["advice"]


async def test_the_proposal_is_described_whole(tmp_path: Path) -> None:
    async with running(tmp_path, "[local]\nenabled = false\n") as stage:
        _, described = await stage.ask("GET", "/api/openapi.json")
    answer = described["paths"]["/api/tiers/proposal"]["get"]["responses"]["200"]
    schema = answer["content"]["application/json"]["schema"]
    assert set(schema["properties"]) == {"new", "providers", "tiers", "left_out", "advice"}
    assert "$ref" not in str(schema)
