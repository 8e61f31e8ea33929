"""A proposal that is written: file and keyring together, whatever comes between, and back again."""

import os
import signal
import tomllib
from typing import Any

import pytest

from app.settings import Loaded, SettingsFile, Wanted
from tests.app.keyring.backends import keyring_on, locked, no_keyring
from tests.app.proposal.here import model, ollama
from tests.app.tiers.program import CANARY, Program

CODEX = {"OPENAI_API_KEY": CANARY}


def written(program: Program) -> dict[str, Any]:
    return tomllib.loads(program.config.read_text())


def test_import_keys_copies_all_that_are_used_into_the_keyring(program: Program) -> None:
    program.set("ANTHROPIC_API_KEY", "sk-ant-Zp4Xw9Lm2Kd7")
    program.put(".codex/auth.json", CODEX)
    answer = program.json("propose", "--yes", "--import-keys")
    assert answer["applied"] is True
    assert program.stored == {"provider/openai": CANARY, "provider/anthropic": "sk-ant-Zp4Xw9Lm2Kd7"}
    assert {name: table["key"] for name, table in written(program)["providers"].items()} == {
        "anthropic": "keyring",
        "openai": "keyring",
    }
    assert answer["stored"] == ["provider/anthropic", "provider/openai"]


@pytest.mark.parametrize("answers", [("y", "n"), ("y", ""), ("y",)])
def test_a_no_to_the_map_leaves_neither_file_nor_key(program: Program, answers: tuple[str, ...]) -> None:
    program.put(".codex/auth.json", CODEX)
    program.at_a_terminal(*answers)
    assert program.run("propose")[0] == 1
    assert not program.config.exists()
    assert program.stored == {}


def test_what_the_keyring_holds_already_stays_and_is_used(program: Program) -> None:
    program.put(".codex/auth.json", CODEX)
    program.backend.values["tierwise", "provider/openai"] = "the one before"
    answer = program.json("propose", "--yes", "--import-keys")
    assert (answer["applied"], answer["stored"]) == (True, [])
    assert program.stored == {"provider/openai": "the one before"}


@pytest.mark.parametrize("keyring", [no_keyring, lambda: keyring_on(locked())], ids=["absent", "locked"])
def test_without_a_keyring_nothing_is_written(program: Program, keyring: Any) -> None:
    program.keyring = keyring()
    program.put(".codex/auth.json", CODEX)
    code, out, err = program.run("propose", "--yes", "--import-keys")
    assert (code, out) == (1, "")
    assert err
    assert not program.config.exists()


@pytest.mark.parametrize("keyring", [no_keyring, lambda: keyring_on(locked())], ids=["absent", "locked"])
def test_without_a_keyring_a_key_that_was_to_be_copied_stays_where_it_is(
    program: Program, keyring: Any
) -> None:
    program.keyring = keyring()
    program.set("ANTHROPIC_API_KEY")
    program.put(".codex/auth.json", CODEX)
    program.at_a_terminal("k", "y", "y")
    code, _, err = program.run("propose")
    assert code == 0
    assert "So it is used from where it is." in err
    assert "So it is not used." in err
    assert written(program)["providers"] == {
        "anthropic": {"kind": "anthropic", "key": "env:ANTHROPIC_API_KEY"}
    }


def test_the_advice_without_a_keyring_is_one_that_this_command_has(program: Program) -> None:
    program.keyring = no_keyring()
    program.set("ANTHROPIC_API_KEY")
    err = program.run("propose", "--yes", "--import-keys")[2]
    assert "--no-keys does without any" in err
    assert "--key-env" not in err


MINE = '[providers.mine]\nkind = "openai-compatible"\nbase_url = "https://example.com/v1"\nkey = "none"\n'


def test_what_somebody_writes_into_a_tier_while_asked_is_not_lost(program: Program) -> None:
    program.has(f'{MINE}[tiers.SIMPLE]\nservices = ["mine/a"]\n')
    program.servers = [ollama(model())]
    program.put(".codex/auth.json", CODEX)
    changed = program.config.read_text().replace('"mine/a"', '"mine/a", "mine/b"')

    def edits() -> str:
        program.config.write_text(changed)
        return "y"

    program.at_a_terminal("y", edits)
    code, out, err = program.run("propose")
    assert (code, out) == (1, "")
    assert "was changed while the proposal stood, so nothing was written" in err
    assert program.config.read_text() == changed
    assert program.stored == {}
    assert not program.copy.exists()
    assert program.json("propose", "--yes")["applied"] is True
    assert [each.rpartition("/")[0] for each in written(program)["tiers"]["SIMPLE"]["services"]] == [
        "ollama",
        "mine",
        "mine",
    ]


def test_a_change_in_the_very_moment_of_writing_is_not_lost(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    program.config.parent.mkdir()
    program.config.write_text(MINE)
    program.put(".codex/auth.json", CODEX)
    changed = MINE + '[tiers.SIMPLE]\nservices = ["mine/a"]\n'
    edit_by = SettingsFile.edit_by

    def late(self: SettingsFile, wanted: Wanted) -> Loaded:
        program.config.write_text(changed)
        return edit_by(self, wanted)

    with monkeypatch.context() as patched:
        patched.setattr(SettingsFile, "edit_by", late)
        code, out, err = program.run("propose", "--yes", "--import-keys")
    assert (code, out) == (1, "")
    assert "was changed while the proposal stood, so nothing was written" in err
    assert program.config.read_text() == changed
    assert program.stored == {}


def test_a_proposal_that_could_not_be_written_leaves_the_one_before_undoable(program: Program) -> None:
    program.set("ANTHROPIC_API_KEY")
    program.json("propose", "--yes")
    program.put(".codex/auth.json", CODEX)
    program.keyring = keyring_on(locked())
    assert program.run("propose", "--yes", "--import-keys")[0] == 1
    assert program.run("propose", "--undo", "--yes")[0] == 0
    assert not program.config.exists()


def test_ctrl_c_while_it_is_written_waits_until_it_can_be_undone(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit_by = SettingsFile.edit_by

    def interrupted(self: SettingsFile, wanted: Wanted) -> Loaded:
        loaded = edit_by(self, wanted)
        os.kill(os.getpid(), signal.SIGINT)
        return loaded

    program.put(".codex/auth.json", CODEX)
    with monkeypatch.context() as patched:
        patched.setattr(SettingsFile, "edit_by", interrupted)
        assert program.run("propose", "--yes", "--import-keys")[0] == 130
    assert program.stored == {"provider/openai": CANARY}
    assert program.run("propose", "--undo", "--yes")[0] == 0
    assert not program.config.exists()
    assert program.stored == {}


def test_ctrl_c_at_a_question_changes_nothing(program: Program) -> None:
    def ctrl_c() -> str:
        raise KeyboardInterrupt

    program.put(".codex/auth.json", CODEX)
    for answers in ([ctrl_c], ["y", ctrl_c]):
        program.at_a_terminal(*answers)
        assert program.run("propose")[0] == 130
        assert not program.config.exists()
        assert program.stored == {}


LAYOUTS = (
    "\ufeff# a mark\r\n[server]\r\nport = 5000\r\n",
    "tiers = { SIMPLE = { services = [] } }\n",
    "[tiers]\nSIMPLE.services = [ # mine\n]\n",
    "[providers]\n[tiers.SIMPLE]\n",
    (
        f"{MINE}[tiers.SIMPLE]\nservices = [\n"
        "  'mine/a', # why\n  {provider='mine', model='b', weight=3}, # heavy\n]"
    ),
    "",
)


@pytest.mark.parametrize("text", LAYOUTS)
def test_however_the_file_is_laid_out_it_stays_so_and_comes_back(program: Program, text: str) -> None:
    program.home.mkdir()
    program.config.write_bytes(text.encode())
    program.set("ANTHROPIC_API_KEY")
    program.servers = [ollama(model())]
    assert program.json("propose", "--yes")["applied"] is True
    after = program.config.read_text()
    assert all(comment in after for comment in ("# a mark", "# mine", "# why", "# heavy") if comment in text)
    assert program.json("propose", "--undo", "--yes")["undone"] is True
    assert program.config.read_bytes() == text.encode()


@pytest.mark.parametrize("text", ["", "# mine\n"])
def test_a_file_that_is_linked_to_stays_linked_to(program: Program, text: str) -> None:
    real = program.user / "dotfiles.toml"
    real.write_text(text)
    program.home.mkdir()
    program.config.symlink_to(real)
    program.set("ANTHROPIC_API_KEY")
    program.json("propose", "--yes")
    assert program.config.is_symlink()
    program.json("propose", "--undo", "--yes")
    assert program.config.is_symlink()
    assert real.read_text() == text


def test_undo_puts_the_file_back_as_it_was_and_takes_the_keys_out(program: Program) -> None:
    before = "# mine\n[server]\nport = 5000 # not the usual one\n"
    program.has(before)
    program.put(".codex/auth.json", CODEX)
    assert program.json("propose", "--yes", "--import-keys")["undo"].endswith("tiers propose --undo")
    assert program.copy.read_text() == before
    assert "# not the usual one" in program.config.read_text()
    assert program.json("propose", "--undo", "--yes") == {"undone": True, "reloaded": False}
    assert program.config.read_text() == before
    assert program.stored == {}
    code, _, err = program.run("propose", "--undo", "--yes")
    assert code == 1
    assert "There is no proposal to undo." in err


def test_undo_removes_a_file_that_was_not_there(program: Program) -> None:
    program.set("ANTHROPIC_API_KEY")
    program.json("propose", "--yes")
    program.at_a_terminal("y")
    assert program.run("propose", "--undo")[0] == 0
    assert not program.config.exists()


def test_undo_never_takes_a_later_change_along(program: Program) -> None:
    program.set("ANTHROPIC_API_KEY")
    program.json("propose", "--yes")
    program.run("disable", "REASONING", "--yes")
    text = program.config.read_text()
    answer = program.json("propose", "--undo", "--yes", code=1)
    assert answer["error"]["type"] == "undo"
    assert str(program.copy) in answer["error"]["message"]
    assert program.config.read_text() == text


def test_undo_asks(program: Program) -> None:
    program.set("ANTHROPIC_API_KEY")
    program.json("propose", "--yes")
    assert program.run("propose", "--undo")[0] == 2
    program.at_a_terminal("n")
    assert program.run("propose", "--undo")[0] == 1
    assert program.config.exists()


def test_a_mark_that_makes_no_sense_undoes_nothing(program: Program) -> None:
    program.set("ANTHROPIC_API_KEY")
    program.json("propose", "--yes")
    program.copy.with_suffix(".json").write_text("{")
    assert program.json("propose", "--undo", "--yes", code=1)["error"]["type"] == "undo"


def test_a_broken_file_is_neither_read_past_nor_written(program: Program) -> None:
    program.has("[tiers\n")
    program.set("ANTHROPIC_API_KEY")
    assert program.run("propose", "--yes")[0] == 2
    assert program.config.read_text() == "[tiers\n"
