"""The other commands as processes: what they print, in words and as JSON, and their exit codes."""

import json
from pathlib import Path

import pytest

from proxy.version import __version__
from tests.e2e.program import program, run


def test_version() -> None:
    assert run("--version") == (0, f"tierwise {__version__}\n", "")


@pytest.mark.parametrize("arguments", [("nonsense",), ("serve", "--port", "99999"), ("config",), ("--home",)])
def test_wrong_usage_is_rc_2_with_a_hint(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    code, out, err = run(*arguments)
    assert code == 2
    assert out == ""
    assert "usage: tierwise" in err
    code, out, err = run("--json", *arguments)
    assert (code, err) == (2, "")
    assert json.loads(out)["error"]["type"] == "usage"


COMMANDS = (
    "", "serve", "demo", "status", "stop", "usage", "logs", "quota", "estimate", "export", "backup",
    "restore", "providers", "config", "config check",
)  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str) -> None:
    code, out, _ = run(*command.split(), "--help")
    assert code == 0
    assert "--home DIR" in out
    assert "--json" in out


def test_status_of_nothing(tmp_path: Path) -> None:
    code, out, _ = run("status", home=tmp_path)
    assert (code, out) == (1, "Tierwise is not running.\n")
    assert json.loads(run("--json", "status", home=tmp_path)[1])["running"] is False
    assert list(tmp_path.iterdir()) == []


def test_status_and_stop_of_a_running_one(tmp_path: Path) -> None:
    with program("serve", "--port", "0", home=tmp_path) as serving:
        ready = serving.ready()
        code, out, _ = run("status", home=tmp_path)
        assert code == 0
        assert ready["url"] in out
        answer = json.loads(run("status", "--json", home=tmp_path)[1])
        assert answer["running"] is True
        assert answer["pid"] == serving.process.pid
        assert answer["open_requests"] == 0
        assert ready["admin_token"] not in json.dumps(answer)
        assert run("stop", home=tmp_path)[:2] == (0, "Tierwise has stopped.\n")
        assert serving.wait()[0] == 0
    assert run("stop", home=tmp_path)[:2] == (0, "Tierwise is not running.\n")


def test_config_path(tmp_path: Path) -> None:
    assert run("config", "path", home=tmp_path)[:2] == (0, f"{tmp_path}/config.toml\n")
    answer = json.loads(run("config", "path", "--json", home=tmp_path)[1])
    assert answer == {"path": f"{tmp_path}/config.toml", "exists": False}


def test_the_home_may_come_from_the_environment(tmp_path: Path) -> None:
    assert run("config", "path", TIERWISE_HOME=str(tmp_path))[1] == f"{tmp_path}/config.toml\n"


ODD = '[[routes]]\nclient = "x"\nuse = "pool"\n'


def test_config_check(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    assert run("config", "check", home=tmp_path)[0] == 0
    config.write_text("[server]\nport = 4517\n")
    code, out, _ = run("config", "check", home=tmp_path)
    assert (code, out) == (0, f"{config} is fine.\n")
    config.write_text(f"{ODD}{ODD}")
    code, out, err = run("config", "check", home=tmp_path)
    assert (code, out) == (0, f"{config} can be used, with 2 remarks.\n")
    assert "its requests are refused" in err
    config.write_text("[servr]\n[routing]\nthresholds = [50, 20, 75]\n")
    code, out, err = run("config", "check", home=tmp_path)
    assert (code, out) == (2, "")
    assert "config.toml:1" in err
    assert 'did you mean "server"' in err
    assert "config.toml:3" in err
    answer = json.loads(run("config", "check", "--json", home=tmp_path)[1])
    assert answer["ok"] is False
    assert [problem["line"] for problem in answer["problems"]] == [1, 3]


def test_errors_are_json_where_json_was_asked_for(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    code, out, err = run("serve", "--json", home=tmp_path / "file")
    assert (code, err) == (1, "")
    assert json.loads(out)["error"]["type"] == "home"


def test_without_a_display_the_tray_says_so_and_serves(tmp_path: Path) -> None:
    with program("--smoke", "--port", "0", home=tmp_path) as running:
        running.ready()
        assert running.wait()[0] == 0
        assert "No tray: there is no display" in running.stderr


def test_an_empty_home_is_refused_and_an_empty_variable_is_none(tmp_path: Path) -> None:
    code, out, err = run("config", "path", "--home", "")
    assert (code, out) == (2, "")
    assert "argument --home: the name of the folder is empty" in err
    assert run("config", "path", TIERWISE_HOME="") == run("config", "path")
