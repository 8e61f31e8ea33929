"""`tierwise providers` in words and as JSON, with a real config.toml and a keyring in memory."""

import io
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from app import cli
from app.commands import providers
from app.commands.context import Context
from app.ending import End
from app.keyring.store import Keyring
from proxy.secret import Secret
from tests.app.keyring.backends import MemoryBackend, keyring_on, no_keyring

CANARY = "sk-canary-4711"


class NoDesktop:
    """These commands need none."""

    def run(self, context: Context, end: End) -> int:
        raise AssertionError

    def tell(self, sentence: str, end: End) -> None:
        raise AssertionError


class Program:
    """The command line in one home with one keyring, which outlives the calls."""

    def __init__(
        self, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.home = home
        self.config = home / "config.toml"
        self.backend = MemoryBackend()
        self.keyring: Keyring = keyring_on(self.backend)
        self._capsys = capsys
        monkeypatch.setattr(providers, "keyring_of", lambda _context: self.keyring)

    def run(self, *arguments: str) -> tuple[int, str, str]:
        code = cli.run(["--home", str(self.home), "providers", *arguments], NoDesktop())
        spoken = self._capsys.readouterr()
        assert CANARY not in spoken.out + spoken.err
        assert not self.config.exists() or CANARY not in self.config.read_text()
        return code, spoken.out, spoken.err

    def json(self, *arguments: str, code: int = 0) -> dict[str, Any]:
        found, out, err = self.run(*arguments, "--json")
        assert (found, err) == (code, "")
        answer: dict[str, Any] = json.loads(out)
        return answer

    @property
    def stored(self) -> Mapping[str, Secret]:
        return {name: Secret(value) for (_, name), value in self.backend.values.items()}


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Program:
    return Program(tmp_path / "home", monkeypatch, capsys)


def give(monkeypatch: pytest.MonkeyPatch, key: str = CANARY) -> None:
    """The next program that reads stdin finds a key there."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{key}\n"))


def test_an_empty_list_says_how_to_go_on(program: Program) -> None:
    code, out, _ = program.run("list")
    assert code == 0
    assert "providers list --presets" in out
    assert program.json("list") == {"providers": []}


def test_presets_are_listed_with_what_is_added_already(program: Program) -> None:
    program.run("add", "ollama", "--yes")
    rows = {row["id"]: row for row in program.json("list", "--presets")["presets"]}
    assert rows["ollama"]["added"] is True
    assert rows["anthropic"]["added"] is False
    assert (rows["ollama"]["where"], rows["anthropic"]["where"]) == ("local", "cloud")
    out = program.run("list", "--presets")[1]
    assert "added already" in next(line for line in out.splitlines() if line.startswith("ollama "))


def test_a_key_from_stdin_goes_into_the_keyring_and_nowhere_else(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    give(monkeypatch)
    code, out, _ = program.run("add", "anthropic", "--key-stdin", "--yes")
    assert code == 0
    assert out.startswith("anthropic is added (anthropic, cloud; key: in the keyring).")
    assert program.config.read_text() == '[providers.anthropic]\nkind = "anthropic"\nkey = "keyring"\n'
    assert program.stored == {"provider/anthropic": Secret(CANARY)}


def test_the_list_tells_where_keys_are_and_what_is_missing(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    give(monkeypatch)
    program.run("add", "anthropic", "--key-stdin", "--yes")
    program.run("add", "openai", "--key-env", "TIERWISE_TEST_KEY", "--yes")
    program.run("add", "ollama", "--yes")
    program.run("disable", "ollama", "--yes")
    rows = {row["name"]: row for row in program.json("list")["providers"]}
    assert rows["anthropic"] == {
        "name": "anthropic",
        "kind": "anthropic",
        "where": "cloud",
        "enabled": True,
        "address": "https://api.anthropic.com",
        "keys": [{"form": "keyring", "state": "stored"}],
        "missing": None,
    }
    assert rows["openai"]["keys"] == [{"form": "env:TIERWISE_TEST_KEY", "state": "unset"}]
    assert rows["openai"]["missing"]
    assert (rows["ollama"]["enabled"], rows["ollama"]["where"], rows["ollama"]["missing"]) == (
        False,
        "local",
        None,
    )
    monkeypatch.setenv("TIERWISE_TEST_KEY", CANARY)
    out = program.run("list")[1]
    assert "key: environment variable TIERWISE_TEST_KEY, set" in out
    assert "key: none needed" in out
    assert "missing:" not in out


def test_what_a_kind_needs_beside_a_key_is_told(program: Program) -> None:
    answer = program.json("add", "vertex", "--yes")["provider"]
    assert "project" in answer["missing"]
    assert answer["keys"][0]["state"] == "account"
    answer = program.json("add", "vertex", "--preset", "vertex", "--project", "mine", "--replace", "--yes")
    assert answer["provider"]["missing"] is None


def test_an_address_is_told_without_what_stands_before_the_at(program: Program) -> None:
    program.home.mkdir()
    program.config.write_text(
        '[providers.p]\nkind = "openai-compatible"\nbase_url = "https://me:hidden@h.example/v1"\n'
    )
    listed, removed = program.run("list"), program.run("remove", "p", "--yes")
    for _, out, err in (listed, removed):
        assert "https://h.example/v1" in out
        assert "hidden" not in out + err


def test_a_further_key_makes_keys_of_key(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    for label in ([], ["--label", "work"]):
        give(monkeypatch)
        assert program.run("add", "anthropic", "--key-stdin", "--yes", *label)[0] == 0
    assert 'keys = ["keyring", "keyring:work"]' in program.config.read_text()
    assert set(program.stored) == {"provider/anthropic", "provider/anthropic/work"}


def test_a_key_that_the_keyring_has_is_used_and_only_replaced_on_demand(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    program.backend.values = {("tierwise", "provider/anthropic"): "sk-old"}
    give(monkeypatch)
    assert program.json("add", "anthropic", "--key-stdin", "--yes", code=1)["error"]["type"] == "exists"
    assert not program.config.exists()
    assert program.json("add", "anthropic", "--yes")["added"] is True
    assert program.json("add", "anthropic", "--yes", code=1)["error"]["type"] == "exists"
    assert program.stored == {"provider/anthropic": Secret("sk-old")}
    give(monkeypatch)
    assert program.json("add", "anthropic", "--key-stdin", "--replace", "--yes")["added"] is False
    assert program.stored == {"provider/anthropic": Secret(CANARY)}


def test_the_clients_own_credential_needs_consent_to_the_terms(program: Program) -> None:
    code, _, err = program.run("add", "anthropic", "--client-key")
    assert (code, program.config.exists()) == (2, False)
    assert "--yes" in err
    code, _, err = program.run("add", "anthropic", "--client-key", "--yes")
    assert code == 0
    assert "terms of use" in err
    assert 'key = "client"' in program.config.read_text()


def test_remove_takes_the_table_and_the_keys_and_tells_what_still_names_it(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    program.home.mkdir()
    program.config.write_text(
        '# mine\n[tiers.SIMPLE]\nservices = ["anthropic/m"]\n\n'
        '[providers.anthropic]\nkind = "anthropic"\nkeys = ["keyring:a", "keyring", "env:B"]\n'
    )
    names = ("provider/anthropic", "provider/anthropic/a", "provider/openai")
    program.backend.values = {("tierwise", name): CANARY for name in names}
    answer = program.json("remove", "anthropic", "--yes")
    assert answer["still_named_by"] == ["tiers.SIMPLE.services[0]"]
    assert answer["undo"].endswith("providers add anthropic --kind anthropic --label a")
    assert program.config.read_text() == '# mine\n[tiers.SIMPLE]\nservices = ["anthropic/m"]\n\n'
    assert set(program.stored) == {"provider/openai"}


@pytest.mark.parametrize(
    ("flags", "undo"),
    [
        (["--key-env", "KEY"], "--kind openai --key-env KEY"),
        (["--no-key"], "--kind openai --no-key"),
        (["--client-key"], "--kind openai --client-key"),
        (
            ["--base-url", "https://h.example", "--no-key"],
            "--kind openai --base-url https://h.example/v1 --no-key",
        ),
    ],
)
def test_what_remove_says_brings_the_provider_back(program: Program, flags: list[str], undo: str) -> None:
    program.run("add", "openai", "--kind", "openai", "--yes", *flags)
    before = program.config.read_text()
    answer = program.json("remove", "openai", "--yes")
    assert answer["undo"].endswith(f"providers add openai {undo}")
    assert program.run(*answer["undo"].split()[2:], "--yes")[0] == 0
    assert program.config.read_text() == before


def test_switching_off_and_on_keeps_everything_else(program: Program) -> None:
    program.home.mkdir()
    program.config.write_text('[providers.ollama]  # here\nkind = "ollama"\n')
    assert program.run("enable", "ollama", "--yes")[1] == "ollama is enabled already.\n"
    assert program.json("disable", "ollama", "--yes")["changed"] is True
    assert program.config.read_text() == '[providers.ollama]  # here\nkind = "ollama"\nenabled = false\n'
    assert program.run("enable", "ollama", "--yes")[1] == "ollama is enabled.\n"
    assert program.json("list")["providers"][0]["enabled"] is True


@pytest.mark.parametrize("action", ["remove", "enable", "disable"])
def test_a_name_that_is_not_there_is_no_provider(program: Program, action: str) -> None:
    program.run("add", "ollama", "--yes")
    answer = program.json(action, "olama", "--yes", code=1)
    assert answer["error"]["type"] == "unknown_provider"
    assert 'did you mean "ollama"?' in answer["error"]["message"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["add", "openai", "--no-key"],
        ["add", "openai", "--key-stdin"],
        ["remove", "ollama"],
        ["disable", "ollama"],
    ],
)
def test_without_a_terminal_a_change_needs_yes(
    program: Program, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    program.run("add", "ollama", "--yes")
    before = program.config.read_text()
    give(monkeypatch)
    code, out, err = program.run(*arguments)
    assert (code, out) == (2, "")
    assert "repeat it with --yes" in err
    assert program.config.read_text() == before
    assert program.stored == {}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "say which: list, add"),
        (["add"], "NAME"),
        (["add", "x", "--kind", "nonsense", "--yes"], "invalid choice: 'nonsense'"),
        (["add", "x", "--kind", "openai", "--preset", "openai", "--yes"], "not allowed with"),
        (["add", "openai", "--no-key", "--key-stdin", "--yes"], "not allowed with"),
        (["add", "openai", "--key-env", "sk-canary-1", "--yes"], "not a key"),
        (["add", "openai", "--base-url", "https://h.example/?k", "--no-key", "--yes"], "query"),
        (["add", "openai", "--yes"], "--key-stdin"),
    ],
)
def test_wrong_usage_is_rc_2_and_changes_nothing(program: Program, arguments: list[str], words: str) -> None:
    assert words in program.json(*arguments, code=2)["error"]["message"]
    assert not program.config.exists()


def test_a_broken_file_is_rc_2_with_its_lines_and_stays(program: Program) -> None:
    program.home.mkdir()
    program.config.write_text("[servr]\n")
    for arguments in (["list"], ["add", "ollama", "--yes"], ["remove", "ollama", "--yes"]):
        assert "config.toml:1" in program.json(*arguments, code=2)["error"]["message"]
    assert program.config.read_text() == "[servr]\n"


def test_without_a_keyring_a_key_in_the_environment_still_works(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    program.keyring = no_keyring()
    give(monkeypatch)
    answer = program.json("add", "openai", "--key-stdin", "--yes", code=1)
    assert answer["error"]["type"] == "keyring"
    assert "--key-env" in answer["error"]["message"]
    assert program.run("add", "openai", "--key-env", "KEY", "--yes")[0] == 0
    assert program.run("add", "anthropic", "--no-key", "--yes")[0] == 0
    assert program.run("remove", "anthropic", "--yes")[0] == 0
