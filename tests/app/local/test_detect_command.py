"""`tierwise detect --use` on a real config.toml, with the servers that a test puts on the machine."""

import io
import json
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from app import cli
from app.local import taking
from app.providers import consent
from proxy.local.found import LocalServer, State
from proxy.local.kinds import ServerKind
from proxy.local.place import Place
from tests.app.proposal.here import model, ollama, server
from tests.app.test_providers_command import NoDesktop

USE = ("--use", "ollama/qwen3:8b", "--tier", "simple")


class Machine:
    """The command line in one home."""

    def __init__(
        self, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.config = home / "config.toml"
        self.servers: Sequence[LocalServer] = [ollama(model(), model("glm:cloud", is_remote=True))]
        self._home, self._monkeypatch, self._capsys = home, monkeypatch, capsys
        monkeypatch.setattr(taking, "servers_of", lambda _context: list(self.servers))

    def at_a_terminal(self, answer: str) -> None:
        self._monkeypatch.setattr(sys, "stdin", io.StringIO(f"{answer}\n"))
        self._monkeypatch.setattr(consent, "somebody_is_there", lambda: True)

    def run(self, *arguments: str) -> tuple[int, str, str]:
        code = cli.run(["--home", str(self._home), "detect", *arguments], NoDesktop())
        spoken = self._capsys.readouterr()
        return code, spoken.out, spoken.err

    @property
    def tree(self) -> dict[str, Any]:
        return tomllib.loads(self.config.read_text()) if self.config.exists() else {}


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Machine:
    return Machine(tmp_path, monkeypatch, capsys)


def test_a_model_is_taken_into_use_in_one_step(machine: Machine) -> None:
    assert machine.run(*USE, "--yes") == (0, "SIMPLE asks ollama/qwen3:8b first.\n", "")
    assert machine.tree == {
        "providers": {"ollama": {"kind": "ollama"}},
        "tiers": {"SIMPLE": {"services": ["ollama/qwen3:8b"]}},
    }
    assert machine.run(*USE, "--yes") == (0, "SIMPLE asks ollama/qwen3:8b first already.\n", "")


def test_as_json_it_says_what_it_did(machine: Machine) -> None:
    told = {"tier": "SIMPLE", "service": "ollama/qwen3:8b", "changed": True, "reloaded": False}
    assert json.loads(machine.run(*USE, "--yes", "--json")[1]) == told
    assert json.loads(machine.run(*USE, "--yes", "--json")[1]) == {**told, "changed": False}


@pytest.mark.parametrize(("answer", "code", "is_written"), [("y", 0, True), ("n", 1, False), ("", 1, False)])
def test_at_a_terminal_it_asks(machine: Machine, answer: str, code: int, is_written: bool) -> None:
    machine.at_a_terminal(answer)
    done = machine.run(*USE)
    assert (done[0], bool(machine.tree)) == (code, is_written)
    assert done[2].startswith("Let ollama/qwen3:8b serve SIMPLE before all others? [y/N]\n")


def test_a_model_that_is_none_of_this_machine_is_said_to_be_so(machine: Machine) -> None:
    machine.at_a_terminal("n")
    _, _, err = machine.run("--use", "ollama/glm:cloud", "--tier", "SIMPLE")
    assert "what it is asked leaves this machine. [y/N]" in err


def test_the_second_of_a_kind_has_a_name_of_its_own(machine: Machine) -> None:
    machine.servers = [server(model("a")), server(model("b"), place=Place("127.0.0.1", 8081))]
    assert machine.run("--use", "llamacpp-2/b", "--tier", "SIMPLE", "--yes")[0] == 0
    assert machine.tree["providers"] == {
        "llamacpp-2": {"kind": "llamacpp", "base_url": "http://127.0.0.1:8081/v1"}
    }


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("--use", "ollama/qwen3:8b"), 2, "--use and --tier belong together"),
        (("--tier", "SIMPLE"), 2, "--use and --tier belong together"),
        (("--watch", *USE), 2, "--watch only looks on"),
        ((*USE[:3], "SIMPEL", "--yes"), 2, 'There is no tier "SIMPEL"; did you mean "SIMPLE"?'),
        (("--use", "qwen3:8b", *USE[2:], "--yes"), 2, "A service is named after its provider and its model"),
        ((*USE[:3], "SIMPEL"), 2, 'did you mean "SIMPLE"?'),
        (USE, 2, "repeat it with --yes"),
        (("--use", "olama/qwen3:8b", *USE[2:], "--yes"), 1, 'did you mean "ollama"?'),
        (("--use", "jan/a", *USE[2:], "--yes"), 1, "`detect` shows all that were."),
        (("--use", "ollama/qwen3:4b", *USE[2:], "--yes"), 1, 'did you mean "qwen3:8b"?'),
        (("--use", "ollama/zephyr", *USE[2:], "--yes"), 1, 'has no model "zephyr" now.'),
    ],
)
def test_what_cannot_be_done_changes_nothing(
    machine: Machine, arguments: tuple[str, ...], code: int, words: str
) -> None:
    done = machine.run(*arguments)
    assert (done[0], done[1], machine.tree) == (code, "", {})
    assert words in done[2]


def test_a_server_that_is_switched_off_is_not_made_anew(machine: Machine) -> None:
    machine.config.write_text('[providers.desk]\nkind = "ollama"\nenabled = false\n')
    before = machine.config.read_text()
    code, _, err = machine.run("--use", "desk/qwen3:8b", *USE[2:], "--yes")
    assert (code, machine.config.read_text()) == (1, before)
    assert "providers enable desk" in err


def test_a_server_with_a_key_has_nothing_to_offer_yet(machine: Machine) -> None:
    machine.servers = [server(kind=ServerKind.JAN)]
    assert machine.run("--use", "jan/a", "--tier", "SIMPLE", "--yes")[0] == 1


def test_of_two_of_a_name_the_one_that_runs_is_meant(machine: Machine) -> None:
    machine.config.write_text('[providers.desk]\nkind = "ollama"\nbase_url = "http://localhost:11434"\n')
    machine.servers = [ollama(state=State.GONE), ollama(model(), place=Place("::1", 11434))]
    assert machine.run("--use", "desk/qwen3:8b", *USE[2:], "--yes")[0] == 0


@pytest.mark.parametrize(
    ("state", "name", "sentence"),
    [
        (State.GONE, "mine", "does not answer now: start it"),
        (State.LOADING, "mine", "is loading a model"),
        (State.LOCKED, "mine", "shows its models only to who has its key"),
        (State.LOCKED, "ollama", "wants a key: `providers add ollama"),
    ],
)
def test_a_server_that_tells_nothing_is_not_said_to_lack_a_model(
    machine: Machine, state: State, name: str, sentence: str
) -> None:
    if name == "mine":
        machine.config.write_text('[providers.mine]\nkind = "ollama"\n')
    machine.servers = [ollama(state=state)]
    code, _, told = machine.run("--use", f"{name}/qwen3:8b", *USE[2:], "--yes")
    assert code == 1
    assert sentence in told


def test_of_services_with_priorities_it_is_first_all_the_same(machine: Machine) -> None:
    machine.config.write_text(
        '[providers.ollama]\nkind = "ollama"\n[providers.far]\nkind = "anthropic"\n[tiers.SIMPLE]\n'
        'services = [{provider = "far", model = "a", priority = 1}, '
        '{provider = "ollama", model = "qwen3:8b", priority = 5, weight = 2}]\n'
    )
    assert machine.run(*USE, "--yes")[1] == "SIMPLE asks ollama/qwen3:8b first.\n"
    first, second = machine.tree["tiers"]["SIMPLE"]["services"]
    assert first == {"provider": "ollama", "model": "qwen3:8b", "priority": 1, "weight": 2}
    assert second == {"provider": "far", "model": "a", "priority": 1}


def test_where_a_tactic_shares_turns_nobody_is_said_to_be_first(machine: Machine) -> None:
    machine.config.write_text('[tiers.SIMPLE]\ntactic = "random"\n')
    assert machine.run(*USE, "--yes")[1] == (
        "SIMPLE asks ollama/qwen3:8b. Its tactic is random, so its services share its turns.\n"
    )
