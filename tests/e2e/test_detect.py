"""`tierwise detect` as a process: alone, beside a running Tierwise, at a terminal, and until Ctrl+C."""

import asyncio
import json
import os
import signal
import socket
import tomllib
import urllib.error
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from app.home import Home
from app.instance import Instance, InstanceLock
from proxy.version import __version__
from tests.e2e.program import END_SECONDS, Program, get, program, run
from tests.e2e.terminal import at_terminal, read_until
from tests.fakes.local.lmstudio import FakeLmStudio
from tests.fakes.local.ollama import FakeOllama
from tests.fakes.local.ollama_told import OllamaModel
from tests.llama.fixtures import llama
from tests.llama.server import LlamaServer

__all__ = ["llama"]

GREETING = "Hello from the tiny local model."
COMMENTED = "# mine\n[routing]\nlocal_only = true # nothing leaves\n"


@dataclass(frozen=True)
class Machine:
    """Three servers on ports of their own, each found by what tells of it."""

    home: Path
    environ: dict[str, str]
    urls: dict[str, str]

    async def run(self, *arguments: str) -> tuple[int, str, str]:
        return await asyncio.to_thread(run, *arguments, home=self.home, **self.environ)

    async def json(self, *arguments: str) -> dict[str, Any]:
        code, out, err = await self.run(*arguments, "--json")
        assert (code, err) == (0, "")
        answer: dict[str, Any] = json.loads(out)
        return answer

    def servers(self, told: dict[str, Any]) -> dict[str, dict[str, Any]]:
        """Ours by their kinds: others may well run on the machine of the tests."""
        return {each["kind"]: each for each in told["servers"] if each["url"] in self.urls.values()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "user").mkdir()
    (tmp_path / "state").mkdir()
    return tmp_path


@asynccontextmanager
async def machine(folder: Path, llama: LlamaServer) -> AsyncIterator[Machine]:
    models = [OllamaModel(name="qwen3:8b"), OllamaModel(name="glm:cloud", remote_host="https://ollama.com")]
    async with FakeOllama(models=models).running() as ollama, FakeLmStudio().running() as studio:
        file = folder / "user/.lmstudio/.internal/http-server-config.json"
        file.parent.mkdir(parents=True)
        file.write_text(json.dumps({"port": studio.port}))
        environ = {
            "HOME": str(folder / "user"),
            "OLLAMA_HOST": f"127.0.0.1:{ollama.port}",
            "LLAMA_ARG_PORT": str(llama.port),
        }
        urls = {"ollama": ollama.url, "lmstudio": studio.url, "llamacpp": llama.url}
        yield Machine(folder / "state", environ, urls)
        assert ollama.was_only_looked_at
        assert studio.was_only_looked_at


def asked(url: str, path: str, token: str, body: object) -> tuple[int, dict[str, str], Any]:
    headers = {"x-tierwise-token": token, "content-type": "application/json"}
    request = urllib.request.Request(url + path, json.dumps(body).encode(), headers, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=END_SECONDS) as answer:
            return answer.status, dict(answer.headers), json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers), json.load(error)


def test_it_explains_itself(tmp_path: Path) -> None:
    code, out, _ = run("detect", "--help", home=tmp_path)
    assert code == 0
    assert all(flag in out for flag in ("--watch", "--use", "--tier", "--yes", "--json", "--home DIR"))
    assert run("detect", "--use", "a/b", home=tmp_path)[0] == 2
    assert run("detect", "nonsense", home=tmp_path)[0] == 2
    assert list(tmp_path.iterdir()) == []


async def test_without_a_running_tierwise_it_looks_by_itself(folder: Path, llama: LlamaServer) -> None:
    async with machine(folder, llama) as here:
        code, out, err = await here.run("detect")
        assert (code, err) == (0, "")
        assert f"Ollama 0.34.2 at {here.urls['ollama']}: ready" in out
        assert f"LM Studio at {here.urls['lmstudio']}: ready" in out
        assert f"at {here.urls['llamacpp']}: ready, 2 at a time" in out
        assert "in the cloud" in out
        told = here.servers(await here.json("detect"))
        assert set(told) == {"ollama", "lmstudio", "llamacpp"}
        [tiny] = told["llamacpp"]["models"]
        assert (tiny["name"], tiny["loaded"], tiny["context"]) == ("tiny", True, 8192)
        assert [each["local"] for each in told["ollama"]["models"]] == [True, False]
    assert list(here.home.iterdir()) == []


async def test_a_model_that_was_found_serves_the_next_request(folder: Path, llama: LlamaServer) -> None:
    (folder / "state/config.toml").write_text(COMMENTED)
    async with machine(folder, llama) as here:
        with program("serve", "--port", "0", home=here.home, **here.environ) as serving:
            ready = serving.ready()
            await asyncio.to_thread(serving.wait_for, "tiers propose` proposes a tier map")
            told = here.servers(
                await asyncio.to_thread(get, f"{ready['url']}/api/local", ready["admin_token"])
            )
            body = {"server": told["llamacpp"]["url"], "model": "tiny", "tier": "SIMPLE"}
            status, _, used = await asyncio.to_thread(
                asked, ready["url"], "/api/local/use", ready["admin_token"], body
            )
            assert (status, used["tier"]) == (200, "SIMPLE")
            question = {
                "model": "auto",
                "max_tokens": 50,
                "messages": [{"role": "user", "content": "Hello"}],
            }
            status, headers, answer = await asyncio.to_thread(
                asked, ready["url"], "/v1/messages", ready["token"], question
            )
            assert (status, answer["content"][0]["text"]) == (200, GREETING)
            assert headers["x-tierwise-service"] == used["service"]
            found = here.servers(await here.json("detect"))["llamacpp"]
            assert (found["configured"], found["models"][0]["tiers"]) == (True, ["SIMPLE"])
            assert "model servers run on this machine: " in (await here.run("status"))[1]
            assert serving.end()[0] == 0
        written = (here.home / "config.toml").read_text()
    assert written.startswith(COMMENTED)
    tables = tomllib.loads(written)
    provider, _, model = used["service"].partition("/")
    assert tables["tiers"]["SIMPLE"]["services"] == [used["service"]]
    assert (model, tables["providers"][provider]["kind"]) == ("tiny", "llamacpp")
    assert tables["providers"][provider]["base_url"] == f"{llama.url}/v1"


async def test_by_hand_it_takes_one_command(folder: Path, llama: LlamaServer) -> None:
    async with machine(folder, llama) as here:
        name = here.servers(await here.json("detect"))["ollama"]["name"]
        done = await here.json("detect", "--use", f"{name}/qwen3:8b", "--tier", "medium", "--yes")
        assert done == {
            "tier": "MEDIUM",
            "service": f"{name}/qwen3:8b",
            "changed": True,
            "reloaded": False,
        }
        assert (await here.run("config", "check"))[0] == 0


def test_a_request_to_nobody_is_told_how_to_begin(tmp_path: Path) -> None:
    with program("serve", "--port", "0", home=tmp_path, HOME=str(tmp_path)) as serving:
        ready = serving.ready()
        question = {"model": "auto", "max_tokens": 5, "messages": [{"role": "user", "content": "Hello"}]}
        status, _, answer = asked(ready["url"], "/v1/messages", ready["token"], question)
    assert status == 503
    assert "`tierwise tiers propose`" in answer["error"]["message"]


async def test_watching_tells_of_each_change_until_ctrl_c(folder: Path, llama: LlamaServer) -> None:
    async with FakeOllama().running() as server:
        environ = {"HOME": str(folder / "user"), "OLLAMA_HOST": f"127.0.0.1:{server.port}"}
        with program("detect", "--watch", "--json", home=folder / "state", **environ) as watching:
            assert (await _next(watching, server.url))["event"] == "found"
            server.memory.put("qwen3:8b", 8192)
            told = await _next(watching, server.url)
            assert (told["event"], told["model"], told["kind"]) == ("model_loaded", "qwen3:8b", "ollama")
            watching.process.send_signal(signal.SIGINT)
            code, _ = await asyncio.to_thread(watching.wait)
            assert (code, watching.stderr) == (0, "")
        assert server.was_only_looked_at


async def _next(watching: Program, url: str) -> dict[str, Any]:
    """The next line about a server."""
    assert watching.process.stdout is not None
    while line := await asyncio.to_thread(watching.process.stdout.readline):
        told: dict[str, Any] = json.loads(line)
        if told["url"] == url:
            return told
    raise AssertionError(f"it ended:\n{watching.stderr}")


def test_who_waits_at_a_terminal_is_told_what_for(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.prepare()
    with socket.create_server(("127.0.0.1", 0)) as deaf, InstanceLock(home) as lock:
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}"
        lock.announce(Instance(pid=os.getpid(), url=url, admin_token="t", version=__version__))
        with at_terminal(tmp_path, "detect", "--json") as (process, terminal):
            read_until(terminal, b"Looking for model servers ...")
            assert process.stdout is not None
            assert json.loads(process.stdout.read())["looked"] is True
            assert process.wait(END_SECONDS) == 0
