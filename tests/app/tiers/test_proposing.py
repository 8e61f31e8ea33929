"""`tierwise tiers propose`: shown, asked about, written in one step, and taken back."""

import json
import tomllib
from typing import Any

import pytest

from tests.app.proposal.here import model, ollama
from tests.app.tiers.program import CANARY, CLAUDES, Program

OPUS = "anthropic/claude-opus-4-8"


CODEX = {"OPENAI_API_KEY": CANARY}


def written(program: Program) -> dict[str, Any]:
    return tomllib.loads(program.config.read_text())


def test_in_a_pipe_it_is_shown_and_nothing_changes(program: Program) -> None:
    program.set("ANTHROPIC_API_KEY")
    program.servers = [ollama(model())]
    code, out, err = program.run("propose")
    assert (code, err) == (0, "")
    assert "+  ollama/qwen3:8b" in out
    assert "key: the environment variable ANTHROPIC_API_KEY, which stays there" in out
    assert "tiers propose --yes` writes it." in out
    assert "--import-keys" not in out
    assert not program.config.exists()
    answer = program.json("propose")
    assert (answer["new"], answer["applied"]) == (True, False)
    assert [tier["tier"] for tier in answer["tiers"]] == ["SIMPLE", "MEDIUM", "COMPLEX", "REASONING"]
    assert not program.copy.exists()


def test_with_nothing_found_it_says_how_to_go_on(program: Program) -> None:
    code, out, _ = program.run("propose", "--yes")
    assert code == 0
    assert "Start Ollama" in out
    assert not program.config.exists()


def test_yes_uses_keys_of_the_environment_from_there_and_leaves_others_where_they_are(
    program: Program,
) -> None:
    program.set("ANTHROPIC_API_KEY", "sk-ant-Zp4Xw9Lm2Kd7")
    program.put(".codex/auth.json", CODEX)
    program.servers = [ollama(model())]
    code, out, err = program.run("propose", "--yes")
    assert code == 0
    assert "propose --undo` puts it back" in out
    assert (
        "Left out: the key of OpenAI in OPENAI_API_KEY in ~/.codex/auth.json of Codex: it would have" in err
    )
    config = written(program)
    assert config["providers"] == {
        "ollama": {"kind": "ollama"},
        "anthropic": {"kind": "anthropic", "key": "env:ANTHROPIC_API_KEY"},
    }
    assert config["tiers"]["REASONING"] == {"services": [OPUS]}
    assert config["tiers"]["SIMPLE"]["services"][0] == "ollama/qwen3:8b"
    assert program.stored == {}


def test_no_keys_uses_none(program: Program) -> None:
    program.set("ANTHROPIC_API_KEY")
    program.servers = [ollama(model())]
    assert program.json("propose", "--yes", "--no-keys")["applied"] is True
    assert list(written(program)["providers"]) == ["ollama"]


def test_what_was_written_is_not_proposed_again(program: Program) -> None:
    program.set("ANTHROPIC_API_KEY")
    program.servers = [ollama(model())]
    program.json("propose", "--yes")
    text = program.config.read_text()
    again = program.json("propose", "--yes")
    assert (again["new"], again["applied"]) == (False, False)
    assert program.config.read_text() == text


@pytest.mark.parametrize(
    ("answer", "form", "stored"),
    [
        ("", "env:ANTHROPIC_API_KEY", {}),
        ("y", "env:ANTHROPIC_API_KEY", {}),
        ("k", "keyring", {"provider/anthropic": CLAUDES}),
    ],
)
def test_at_a_terminal_a_key_of_the_environment_stays_there_unless_one_wants_it_copied(
    program: Program, answer: str, form: str, stored: dict[str, str]
) -> None:
    program.set("ANTHROPIC_API_KEY")
    program.at_a_terminal(answer, "y")
    code, _, err = program.run("propose")
    assert code == 0
    assert "[Y/n/k]" in err
    assert written(program)["providers"]["anthropic"]["key"] == form
    assert program.stored == stored


def test_at_a_terminal_a_key_in_a_file_is_copied_only_if_that_is_wanted(program: Program) -> None:
    program.put(".codex/auth.json", CODEX)
    program.at_a_terminal("", "y")
    code, out, err = program.run("propose")
    assert (code, out) == (0, "Nothing was changed.\n")
    assert "into the keyring and use it? [y/N]" in err
    assert not program.config.exists()
    program.at_a_terminal("y", "y")
    assert program.run("propose")[0] == 0
    assert program.stored == {"provider/openai": CANARY}


def test_without_a_key_the_proposal_is_another_one_and_shown_again(program: Program) -> None:
    program.set("ANTHROPIC_API_KEY")
    program.servers = [ollama(model())]
    program.at_a_terminal("n", "y")
    err = program.run("propose")[2]
    assert "So it would be" in err
    assert written(program)["tiers"]["REASONING"] == {"services": ["ollama/qwen3:8b"]}
    assert list(written(program)["providers"]) == ["ollama"]


def test_in_a_pipe_it_says_what_becomes_of_keys_in_files(program: Program) -> None:
    program.put(".codex/auth.json", CODEX)
    out = program.run("propose")[1]
    assert "--yes --import-keys` writes it and copies all keys into the keyring" in out
    code, out, _ = program.run("propose", "--yes")
    assert code == 0
    assert "it would have to be copied; --import-keys does that" in out
    assert not program.config.exists()


def test_json_at_a_terminal_asks_nothing(program: Program) -> None:
    program.set("ANTHROPIC_API_KEY")
    program.at_a_terminal()
    assert program.json("propose")["applied"] is False


def test_a_proposal_that_stays_as_it_was_is_not_shown_twice(program: Program) -> None:
    program.put(".codex/auth.json", CODEX)
    program.at_a_terminal("y", "y")
    assert program.run("propose")[2].count("REASONING") == 1


def test_a_key_in_a_file_is_not_said_to_be_copied_where_another_one_is_used(program: Program) -> None:
    program.set("OPENAI_API_KEY", "sk-Zp4Xw9Lm2Kd7q7Rk2")
    program.put(".codex/auth.json", CODEX)
    answer = program.json("propose", "--yes")
    assert answer["applied"] is True
    assert answer["left_out"] == []


def test_a_key_of_somebody_elses_gateway_is_left_out_with_the_reason(program: Program) -> None:
    program.set("OPENAI_API_KEY", f"sk-{CANARY}")
    program.set("OPENAI_BASE_URL", "https://user:hunter2@gateway.example.com/v1")
    answer = program.json("propose", "--yes", "--import-keys")
    assert answer["applied"] is False
    assert "gateway.example.com" in answer["left_out"][0]["why"]
    assert "hunter2" not in json.dumps(answer)
    assert program.stored == {}


def test_what_is_written_says_what_comes_next(program: Program) -> None:
    program.set("ANTHROPIC_API_KEY")
    out = program.run("propose", "--yes")[1]
    assert "Tierwise has to be started where ANTHROPIC_API_KEY can be found" in out


def test_a_model_that_was_seen_to_be_slow_is_not_proposed_beside_others(program: Program) -> None:
    program.set("ANTHROPIC_API_KEY")
    program.servers, program.speeds = [ollama(model())], {"ollama/qwen3:8b": 1.5}
    assert [each["name"] for each in program.json("propose")["providers"]] == ["anthropic"]


def test_the_answer_for_programs_holds_no_secret_and_all_reasons(program: Program) -> None:
    program.set("ANTHROPIC_API_KEY")
    program.put(".codex/auth.json", CODEX)
    answer = program.json("propose", "--import-keys")
    assert CANARY not in json.dumps(answer)
    assert all(each["why"] for tier in answer["tiers"] for each in tier["services"])


def test_without_keys_the_command_that_writes_what_was_shown_is_told(program: Program) -> None:
    program.servers = [ollama(model())]
    program.set("ANTHROPIC_API_KEY")
    assert "tiers propose --yes --no-keys` writes it" in program.run("propose", "--no-keys")[1]
    assert "tiers propose --yes` writes it" in program.run("propose")[1]
