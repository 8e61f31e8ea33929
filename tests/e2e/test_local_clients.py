"""Claude Code at a real llama.cpp that was found on this machine and put into a tier with one call."""

import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.clients.claude_code import ClaudeCode
from tests.e2e.clients.client import Place
from tests.e2e.clients.npm import MISSING
from tests.e2e.clients.stage import started
from tests.e2e.program import Program, program
from tests.llama.fixtures import need_llama
from tests.llama.server import LlamaServer, llama_server

pytestmark = [
    pytest.mark.long,
    pytest.mark.timeout(300),
    pytest.mark.skipif(bool(MISSING), reason=MISSING),
]

CLAUDE_CODE = ClaudeCode()
ROOM = 220_000
"""A token is a byte to the tiny model, and Claude Code begins with a hundred thousand of them."""


@pytest.fixture(scope="module")
def roomy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LlamaServer]:
    need_llama()
    with llama_server(tmp_path_factory.mktemp("roomy"), context=ROOM, slots=1) as server:
        yield server


@pytest.fixture
def gateway(roomy: LlamaServer, tmp_path: Path) -> Iterator[Program]:
    """It knows where to look, and nothing else."""
    home = tmp_path / "gateway"
    home.mkdir()
    (home / "config.toml").write_text(f'[[local.servers]]\nurl = "{roomy.url}"\n')
    with program("serve", "--port", "0", home=home) as running:
        yield running


def told(ready: dict[str, Any], method: str, path: str, body: object = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    headers = {"x-tierwise-token": ready["admin_token"]}
    request = urllib.request.Request(ready["url"] + path, data, headers, method=method)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=20) as answer:
        return json.load(answer)


@pytest.mark.parametrize(
    ("prompt", "answer"),
    [
        ("[think] Say hello.", "Hello from the tiny local model."),
        ("Look around.", "Done: the tool answered."),
    ],
    ids=["a text", "a tool and its result"],
)
def test_claude_code_is_served_by_what_was_found(
    gateway: Program, roomy: LlamaServer, tmp_path: Path, prompt: str, answer: str
) -> None:
    ready = gateway.ready()
    found = told(ready, "POST", "/api/local/look")["servers"]
    [server] = [each for each in found if each["url"] == roomy.url]
    for tier in ("SIMPLE", "COMPLEX"):
        used = told(
            ready, "POST", "/api/local/use", {"server": server["name"], "model": "tiny", "tier": tier}
        )
        assert used["service"] == f"{server['name']}/tiny"
    with started(CLAUDE_CODE, Place.below(tmp_path, ready), prompt) as running:
        said = running.ended()
    assert said.text == answer, said.errors + gateway.stderr
    rows = told(ready, "GET", "/api/logs")["rows"]
    assert {(row["provider"], row["status"], row["cost_usd"]) for row in rows} == {(server["name"], 200, 0)}
    [server] = [each for each in told(ready, "GET", "/api/local")["servers"] if each["url"] == roomy.url]
    assert server["configured"]
    assert server["models"][0]["tiers"] == ["SIMPLE", "COMPLEX"]
