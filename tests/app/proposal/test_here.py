"""A proposal for a machine: its keys, its prices, and without the program itself."""

import os
from pathlib import Path

import pytest

from app.home import Home
from app.instance import Instance, InstanceLock
from app.proposal import proposal_here
from app.proposal.here import user_folder
from app.settings import Settings
from proxy.local.place import Place
from tests.app.proposal.here import everywhere, model, ollama, server, tiers

KEY = "xai-canary-q7Rk2vN8sT4w"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "state")
    home.prepare()
    return home


def test_servers_and_keys_of_the_machine_are_proposed(home: Home, tmp_path: Path) -> None:
    environ = {"HOME": str(tmp_path), "XAI_API_KEY": KEY}
    found = tiers(proposal_here(home, Settings(), [ollama(model())], environ))
    assert found == {**everywhere("xai/grok-4.3"), "SIMPLE": ["ollama/qwen3:8b", "xai/grok-4.3"]}


def test_a_tierwise_that_runs_in_this_home_is_no_server(home: Home, tmp_path: Path) -> None:
    with InstanceLock(home) as lock:
        lock.announce(Instance(os.getpid(), "http://127.0.0.1:4999", "token", "1"))
        servers = [server(model(), place=Place("127.0.0.1", 4999))]
        assert not proposal_here(home, Settings(), servers, {"HOME": str(tmp_path)}).is_new
    assert proposal_here(home, Settings(), servers, {"HOME": str(tmp_path)}).is_new


@pytest.mark.parametrize("variable", ["HOME", "USERPROFILE"])
def test_the_users_folder_is_the_one_the_environment_names(variable: str) -> None:
    assert user_folder({variable: os.sep + "there"}) == Path(os.sep + "there")
    assert user_folder({}) == Path.home()


def test_a_slow_model_is_left_out_where_others_are_there(home: Home, tmp_path: Path) -> None:
    environ = {"HOME": str(tmp_path), "XAI_API_KEY": KEY}
    speeds = {"ollama/qwen3:8b": 1.0}
    found = tiers(proposal_here(home, Settings(), [ollama(model())], environ, speeds))
    assert found == everywhere("xai/grok-4.3")
