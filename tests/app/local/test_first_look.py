"""What is said after the first look."""

from pathlib import Path

import pytest

from app.local.first_look import advice, once_looked, what_was_found
from proxy.config import Config, LocalConfig
from proxy.config.features import LocalServer as Entry
from proxy.local.found import LocalServer, State
from proxy.local.kinds import ServerKind
from proxy.local.surroundings import Surroundings
from proxy.local.watch import Watch
from proxy.local.where.scene import NOTHING_SEEN
from tests.app.proposal.here import model, ollama, server
from tests.fakes.local.ollama import FakeOllama


def surroundings(folder: Path) -> Surroundings:
    return Surroundings(environ={}, home=folder, look_around=lambda _promising: NOTHING_SEEN)


@pytest.mark.parametrize(
    ("servers", "words"),
    [
        ([], ""),
        ([ollama(state=State.GONE)], ""),
        ([ollama()], "Ollama (no model)"),
        ([ollama(model())], "Ollama (1 model)"),
        (
            [ollama(model(), model("b"), model("embed", chats=False), model("c:cloud", is_remote=True))],
            "Ollama (2 models)",
        ),
        ([server(kind=ServerKind.JAN, state=State.LOCKED)], "Jan"),
        ([server(state=State.LOADING), ollama(model())], "llama.cpp, Ollama (1 model)"),
    ],
)
def test_each_server_is_told_with_what_it_has_to_chat_with(servers: list[LocalServer], words: str) -> None:
    assert what_was_found(servers) == words


@pytest.mark.parametrize(
    ("servers", "words"),
    [([], "No model server was found"), ([ollama(model())], "Found on this machine: Ollama (1 model). ")],
)
def test_the_advice_leads_to_a_proposal(servers: list[LocalServer], words: str) -> None:
    assert advice(servers).startswith(words)
    assert "tiers propose` proposes a tier map" in advice(servers)


async def test_it_is_said_once_and_not_before_the_first_look_is_over(tmp_path: Path) -> None:
    async with FakeOllama().running() as server:
        config = Config(local=LocalConfig(servers=(Entry(url=server.url),)))
        watch, calls, changes = Watch(config, surroundings(tmp_path)), [], []
        once_looked(watch, lambda: calls.append(watch.has_looked))
        watch.listen(lambda: changes.append(watch.has_looked))
        await watch.look()
        assert calls == [True]
        assert changes[0] is False
        server.models = ()
        await watch.look()
        await watch.stop()
    assert len(changes) > 2
    assert calls == [True]
    once_looked(watch, lambda: calls.append("at once"))
    assert calls == [True, "at once"]


async def test_who_does_not_look_says_nothing(tmp_path: Path) -> None:
    watch, calls = Watch(Config(local=LocalConfig(enabled=False)), surroundings(tmp_path)), []
    once_looked(watch, lambda: calls.append(True))
    await watch.look()
    await watch.stop()
    assert calls == []
