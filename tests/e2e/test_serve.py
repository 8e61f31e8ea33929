"""`tierwise serve` as a process: the ready line, signals, bad input, a second one, and its end."""

import json
import os
import signal
import socket
import stat
import time
from pathlib import Path

import psutil
import pytest

from tests.e2e.program import get, program, run

EXIT_SECONDS = 3.0


def test_the_ready_line_is_the_only_thing_on_stdout_and_tells_the_truth(tmp_path: Path) -> None:
    with program("serve", "--port", "0", home=tmp_path / "home") as serving:
        ready = serving.ready()
        assert set(ready) == {"event", "url", "token", "admin_token"}
        assert get(f"{ready['url']}/api/health")["status"] == "ok"
        assert get(f"{ready['url']}/api/openapi.json", ready["admin_token"])["openapi"] == "3.1.0"
        assert serving.instance()["url"] == ready["url"]
        assert serving.instance()["pid"] == serving.process.pid
        assert stat.S_IMODE((tmp_path / "home/run/instance.json").stat().st_mode) == 0o600
        code, rest = serving.end()
        assert (code, rest) == (0, "")


def test_the_tokens_can_be_left_out(tmp_path: Path) -> None:
    with program("serve", "--port", "0", "--no-ready-token", home=tmp_path) as serving:
        assert set(serving.ready()) == {"event", "url"}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_in_time_and_leaves_nothing_behind(tmp_path: Path, number: int) -> None:
    with program("serve", "--port", "0", home=tmp_path) as serving:
        ready = serving.ready()
        began = time.monotonic()
        code, _ = serving.end(number)
        assert code == 0
        assert time.monotonic() - began < EXIT_SECONDS
        assert not (tmp_path / "run/instance.json").exists()
        assert "Traceback" not in serving.stderr
        with pytest.raises(OSError, match="refused"):
            get(f"{ready['url']}/api/health")


def test_it_ends_in_time_with_an_open_connection_and_has_no_children(tmp_path: Path) -> None:
    with program("serve", "--port", "0", home=tmp_path) as serving:
        ready = serving.ready()
        assert psutil.Process(serving.process.pid).children() == []
        port = int(ready["url"].rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port)) as idle:
            idle.sendall(b"POST /v1/messages HTTP/1.1\r\nhost: localhost\r\ncontent-length: 10\r\n")
            began = time.monotonic()
            assert serving.end()[0] == 0
            assert time.monotonic() - began < EXIT_SECONDS


def test_a_second_one_in_the_same_home_is_rc_3_and_names_the_first(tmp_path: Path) -> None:
    with program("serve", "--port", "0", home=tmp_path) as first:
        ready = first.ready()
        code, out, err = run("serve", "--port", "0", home=tmp_path)
        assert code == 3
        assert out == ""
        assert str(first.process.pid) in err
        assert ready["url"] in err
        assert get(f"{ready['url']}/api/health")["status"] == "ok"


def test_another_home_runs_beside_it(tmp_path: Path) -> None:
    with (
        program("serve", "--port", "0", home=tmp_path / "a") as first,
        program("serve", "--port", "0", home=tmp_path / "b") as second,
    ):
        assert first.ready()["url"] != second.ready()["url"]


def test_one_that_was_killed_does_not_keep_the_next_from_starting(tmp_path: Path) -> None:
    with program("serve", "--port", "0", home=tmp_path) as first:
        tokens = first.ready()
        first.end(signal.SIGKILL)
    with program("serve", "--port", "0", home=tmp_path) as second:
        again = second.ready()
        assert (again["token"], again["admin_token"]) == (tokens["token"], tokens["admin_token"])


def test_a_taken_port_is_rc_1_with_its_owner_and_a_free_one(tmp_path: Path) -> None:
    with socket.socket() as mine:
        mine.bind(("127.0.0.1", 0))
        mine.listen()
        port = mine.getsockname()[1]
        code, out, err = run("serve", "--port", str(port), home=tmp_path)
        assert code == 1
        assert out == ""
        assert f"Port {port} on 127.0.0.1 is taken by" in err
        assert f"process {os.getpid()}" in err
        assert "--port " in err
        assert "Traceback" not in err


def test_a_home_that_cannot_be_is_rc_1_and_nothing_is_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    code, out, err = run("serve", "--port", "0", home=tmp_path / "file")
    assert code == 1
    assert out == ""
    assert "is a file, and Tierwise needs a folder there" in err
    assert (tmp_path / "file").read_text() == "mine"


def test_an_unreadable_home_is_rc_1(tmp_path: Path) -> None:
    code, _, err = run("serve", "--port", "0", home=Path("/proc/tierwise"))
    assert code == 1
    assert "/proc/tierwise cannot be created" in err


def test_a_broken_configuration_without_a_good_one_before_is_rc_2_with_every_error(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[server]\nport = "x"\n[routing]\nprofil = "save"\n')
    code, out, err = run("serve", "--port", "0", home=tmp_path)
    assert code == 2
    assert out == ""
    assert "config.toml:2" in err
    assert "config.toml:4" in err
    assert 'did you mean "profile"' in err


def test_a_broken_configuration_falls_back_to_the_last_good_one(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text("[server]\nmax_body_mb = 7\n")
    with program("serve", "--port", "0", home=tmp_path) as serving:
        serving.ready()
    config.write_text("[server\n")
    with program("serve", "--port", "0", home=tmp_path) as serving:
        serving.ready()
        assert "last good" in serving.wait_for("last good")
    assert config.read_text() == "[server\n"


def test_a_changed_file_is_in_force_without_a_restart(tmp_path: Path) -> None:
    with program("serve", "--port", "0", home=tmp_path) as serving:
        serving.ready()
        (tmp_path / "config.toml").write_text('[providers.x]\nkind = "ollama"\n')
        serving.wait_for("is in force")
        (tmp_path / "config.toml").write_text("[providers.x\n")
        serving.wait_for("the running configuration stays")


def test_without_a_keyring_it_says_so_and_keeps_its_tokens_in_private_files(tmp_path: Path) -> None:
    with program("serve", "--port", "0", home=tmp_path) as serving:
        ready = serving.ready()
        serving.wait_for("keyring")
        assert (tmp_path / "run" / "token").read_text().strip() == ready["token"]
        for name in ("token", "admin-token"):
            assert stat.S_IMODE((tmp_path / "run" / name).stat().st_mode) == 0o600


def test_tokens_of_the_environment_win_and_are_written_nowhere(tmp_path: Path) -> None:
    tokens = {"TIERWISE_TOKEN": "client-from-env", "TIERWISE_ADMIN_TOKEN": "admin-from-env"}
    with program("serve", "--port", "0", home=tmp_path, **tokens) as serving:
        ready = serving.ready()
        assert (ready["token"], ready["admin_token"]) == ("client-from-env", "admin-from-env")
        get(f"{ready['url']}/api/openapi.json", "admin-from-env")
        for file in tmp_path.rglob("*"):
            if file.is_file() and file.name != "instance.json":
                assert b"-from-env" not in file.read_bytes(), file


def test_logs_go_to_stderr_and_to_a_file_with_the_request_they_belong_to(tmp_path: Path) -> None:
    with program("serve", "--port", "0", home=tmp_path) as serving:
        ready = serving.ready()
        with pytest.raises(OSError, match="404"):
            get(f"{ready['url']}/nowhere")
        line = serving.wait_for("nowhere")
        assert "server" in line
        assert "[req_" in line
        serving.end()
    assert line in (tmp_path / "logs" / "tierwise.log").read_text()


def test_smoke_starts_checks_and_quits(tmp_path: Path) -> None:
    code, out, _ = run("serve", "--port", "0", "--smoke", home=tmp_path)
    assert code == 0
    assert json.loads(out)["event"] == "ready"
