"""`detect --watch`: lines as things happen, in words and as JSON."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from app.commands.context import Context
from app.home import Home
from app.local import following
from app.local.changes import Change, Event
from app.local.following import as_json, followed, line
from proxy.config import Config, LocalConfig, ProviderConfig
from proxy.config.features import LocalServer as Entry
from proxy.local.found import State
from proxy.local.pace import Pace
from tests.app.proposal.here import ollama
from tests.fakes.local.llamacpp import FakeLlamaCpp
from tests.fakes.local.ollama import FakeOllama
from tests.fakes.local.server import FakeLocal

NOON = 1_795_345_200_000
QUICK = Pace(watched=0.02, loading=0.02, doubt=0.02)


class Heard:
    """The changes of one server, one after the other: others may well run on the machine of the tests."""

    def __init__(self, server: FakeLocal) -> None:
        self._server = server
        self._changes: asyncio.Queue[Change] = asyncio.Queue()

    def tell(self, change: Change) -> None:
        if change.server.place.port == self._server.port:
            self._changes.put_nowait(change)

    async def next(self) -> str:
        change = await self._changes.get()
        return f"{change.event} {change.model}".strip()


@asynccontextmanager
async def heard_of(server: FakeLocal, **local: Any) -> AsyncIterator[Heard]:
    heard = Heard(server)
    config = Config(local=LocalConfig(servers=(Entry(url=server.url),), **local))
    task = asyncio.create_task(followed(config, {}, heard.tell, pace=QUICK))
    try:
        yield heard
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_models_come_and_go_and_so_does_their_server() -> None:
    server = FakeOllama()
    async with server.running():
        server.memory.put("qwen3:8b", 8192)
        async with heard_of(server) as heard:
            assert [await heard.next(), await heard.next()] == ["found", "model_loaded qwen3:8b"]
            server.memory.unload("qwen3:8b")
            assert await heard.next() == "model_unloaded qwen3:8b"
            server.memory.put("qwen3:8b", 8192)
            assert await heard.next() == "model_loaded qwen3:8b"
            server.models = ()
            assert [await heard.next(), await heard.next()] == [
                "model_unloaded qwen3:8b",
                "model_removed qwen3:8b",
            ]
            assert server.was_only_looked_at


async def test_a_server_that_ends_and_comes_back_is_told_of() -> None:
    server = FakeOllama()
    async with server.running():
        pass  # it has its port
    async with heard_of(server) as heard:
        async with server.running():
            assert await heard.next() in ("found", "started")
        assert await heard.next() == "stopped"
        async with server.running():
            assert await heard.next() == "started"


async def test_a_server_is_ready_once_it_has_loaded() -> None:
    async with FakeLlamaCpp(is_loading=True).running() as server, heard_of(server) as heard:
        assert [await heard.next(), await heard.next()] == ["found", "loading"]
        server.is_loading = False
        assert await heard.next() == "ready"


async def test_what_is_switched_off_is_watched_when_it_is_asked_for() -> None:
    async with FakeOllama().running() as server, heard_of(server, enabled=False) as heard:
        assert await heard.next() == "found"


@pytest.mark.parametrize(
    ("event", "model", "words"),
    [
        (Event.FOUND, "", "is there"),
        (Event.STARTED, "", "has started"),
        (Event.STOPPED, "", "has stopped"),
        (Event.LOADING, "", "is loading its model"),
        (Event.READY, "", "is ready"),
        (Event.LOCKED, "", "wants a key"),
        (Event.MODEL_LOADED, "qwen3:8b", "has qwen3:8b in memory"),
        (Event.MODEL_UNLOADED, "qwen3:8b", "has unloaded qwen3:8b"),
        (Event.MODEL_ADDED, "{0}", "has {0} now"),
        (Event.MODEL_REMOVED, "qwen3:8b", "has qwen3:8b no more"),
    ],
)
def test_a_line_says_when_who_and_what(event: Event, model: str, words: str) -> None:
    said = line(Change(event, ollama(version="0.34.2"), model), NOON)
    assert re.fullmatch(
        r"2026-11-\d\d \d\d:\d\d:00  Ollama 0\.34\.2 at http://127\.0\.0\.1:11434 " + re.escape(words), said
    )


def test_every_event_has_its_words() -> None:
    assert set(following._WORDS) == set(Event)


def test_as_json_it_names_the_provider_and_leaves_nothing_to_be_parsed() -> None:
    config = Config(providers={"desk": ProviderConfig(kind="ollama")})
    change = Change(Event.MODEL_LOADED, ollama(version="0.34.2", state=State.READY), "qwen3:8b")
    expected = {
        "time": NOON,
        "event": "model_loaded",
        "provider": "desk",
        "kind": "ollama",
        "label": "Ollama",
        "url": "http://127.0.0.1:11434",
        "version": "0.34.2",
        "state": "ready",
        "model": "qwen3:8b",
    }
    assert as_json(change, NOON, config) == expected
    other = as_json(Change(Event.STARTED, ollama()), NOON, Config())
    assert (other["provider"], other["model"]) == (None, None)


@pytest.fixture
def nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty machine, on which somebody gives up at once."""

    async def looked(*asked: Any) -> None:
        asked[-1]()
        raise KeyboardInterrupt

    monkeypatch.setattr(following, "followed", looked)


@pytest.mark.parametrize(("as_json", "said"), [(False, "No model server is there yet"), (True, "")])
def test_ctrl_c_is_the_end_that_is_expected(
    nobody: None, tmp_path: Path, capsys: pytest.CaptureFixture[str], as_json: bool, said: str
) -> None:
    home = Home(tmp_path)
    home.prepare()
    assert following.follow(Context(home=home, json=as_json, environ={})) == 0
    spoken = capsys.readouterr()
    assert (spoken.out, said in spoken.err, bool(spoken.err)) == ("", True, bool(said))


def test_a_change_is_told_as_one_object_a_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async def two(
        _config: object, _environ: object, tell: Callable[[Change], None], _nothing: object
    ) -> None:
        tell(Change(Event.STARTED, ollama()))
        tell(Change(Event.STOPPED, ollama()))

    monkeypatch.setattr(following, "followed", two)
    home = Home(tmp_path)
    home.prepare()
    following.follow(Context(home=home, json=True, environ={}))
    told = [json.loads(each) for each in capsys.readouterr().out.splitlines()]
    assert [each["event"] for each in told] == ["started", "stopped"]


async def test_one_that_is_configured_and_stopped_is_told_at_the_beginning() -> None:
    config = Config(providers={"desk": ProviderConfig(kind="ollama", base_url="http://127.0.0.1:9")})
    told: asyncio.Queue[Change] = asyncio.Queue()
    task = asyncio.create_task(followed(config, {}, told.put_nowait, pace=QUICK))
    try:
        async with asyncio.timeout(20):
            while (change := await told.get()).server.place.port != 9:
                pass  # another one of this machine
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert change.event is Event.GONE
    assert line(change, NOON).endswith("Ollama at http://127.0.0.1:9 does not answer")
