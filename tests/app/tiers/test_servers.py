"""The speeds that a running Tierwise has measured, asked for from another process."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import msgspec
import pytest

from app.commands.context import Context
from app.home import Home
from app.instance import Instance, InstanceLock
from app.tiers.servers import speeds_of
from proxy.config import Config, ProviderConfig
from proxy.routing.service import Service
from proxy.server.local_told import ToldServers
from tests.app.proposal.here import model, ollama

CONFIG = Config(providers={"ollama": ProviderConfig(kind="ollama")})
MEASURED = {Service("ollama", "a"): 12.34}


@contextmanager
def running(home: Home, status: int, answer: Any) -> Iterator[None]:
    """Something that answers every request like that, announced as the Tierwise of this home."""

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == "/api/local" else 404)
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
def context(tmp_path: Any) -> Context:
    home = Home(tmp_path)
    home.prepare()
    return Context(home=home)


def test_they_are_those_that_were_measured(context: Context) -> None:
    told = ToldServers.of([ollama(model("a"), model("b"))], CONFIG, MEASURED.get)
    with running(context.home, 200, msgspec.to_builtins(told)):
        assert speeds_of(context) == {"ollama/a": 12.3}


@pytest.mark.parametrize(("status", "answer"), [(404, {"error": {}}), (200, {"servers": 3}), (200, [])])
def test_one_that_tells_none_is_no_obstacle(context: Context, status: int, answer: Any) -> None:
    with running(context.home, status, answer):
        assert speeds_of(context) == {}


def test_without_one_that_runs_nothing_was_measured(context: Context) -> None:
    assert speeds_of(context) == {}
