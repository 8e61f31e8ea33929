"""The speeds that a running Tierwise has measured, asked for from another process."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import msgspec
import pytest

from app.commands.context import Context
from app.home import Home
from app.instance import Instance, InstanceLock
from app.local import here, waiting
from app.tiers.servers import servers_and_speeds, servers_of
from proxy.config import Config, ProviderConfig
from proxy.local.found import LocalServer
from proxy.routing.service import Service
from proxy.server.local_told import ToldServers
from tests.app.proposal.here import model, ollama

CONFIG = Config(providers={"ollama": ProviderConfig(kind="ollama")})
MEASURED = {Service("ollama", "a"): 12.34}


@contextmanager
def running(home: Home, status: int, answer: Any) -> Iterator[None]:
    """Something that answers every request like that, announced as the Tierwise of this home."""

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(status if self.path == "/api/local/look" else 404)
            self.end_headers()
            self.wfile.write(json.dumps(answer).encode())

        def log_message(self, *_words: object) -> None: ...

    with InstanceLock(home) as lock, HTTPServer(("127.0.0.1", 0), Answering) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        lock.announce(Instance(os.getpid(), f"http://127.0.0.1:{server.server_port}", "token", "1"))
        try:
            yield
        finally:
            server.shutdown()


@pytest.fixture
def context(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Context:
    """Of a machine with nothing on it."""

    async def nothing(_config: Config, _environ: Mapping[str, str]) -> list[LocalServer]:
        return []

    monkeypatch.setattr(here, "look", nothing)
    home = Home(tmp_path)
    home.prepare()
    return Context(home=home)


def test_they_are_those_that_were_measured(context: Context) -> None:
    told = ToldServers.of([ollama(model("a"), model("b"))], CONFIG, MEASURED.get)
    with running(context.home, 200, msgspec.to_builtins(told)):
        servers, speeds = servers_and_speeds(context)
    assert [each.sort.label for each in servers] == ["Ollama"]
    assert speeds == {"ollama/a": 12.3}


@pytest.mark.parametrize(("status", "answer"), [(404, {"error": {}}), (200, {"servers": 3}), (200, [])])
def test_one_that_tells_none_is_no_obstacle(context: Context, status: int, answer: Any) -> None:
    with running(context.home, status, answer):
        assert servers_and_speeds(context) == ([], {})


def test_without_one_that_runs_nothing_was_measured(context: Context) -> None:
    assert servers_and_speeds(context) == ([], {})


def test_who_waits_is_told_what_for(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[str] = []

    @contextmanager
    def said(sentence: str, _stream: object) -> Iterator[None]:
        waited.append(sentence)
        yield

    monkeypatch.setattr(waiting, "said_while_waiting", said)
    servers_of(context)
    assert waited == ["Looking for model servers ..."]
