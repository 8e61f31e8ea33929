"""Export, backup and restore as processes, with and without a running Tierwise."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from app.commands.export import ORIGINS
from proxy.exchange import Origin
from tests.e2e.program import environment, program, run
from tests.proxy.ledger.made import NOW, exchange, filled

CONFIG = "[server]\nport = 4518\n"


def home_in(folder: Path, exchanges: int = 3) -> Path:
    folder.mkdir()
    filled(folder / "tierwise.db", [exchange(received=NOW + place) for place in range(exchanges)])
    (folder / "config.toml").write_text(CONFIG)
    return folder


def exported(home: Path, *arguments: str) -> list[dict[str, str]]:
    code, out, err = run("export", *arguments, home=home)
    assert (code, err) == (0, "")
    return list(csv.DictReader(io.StringIO(out, newline="")))


def test_there_and_back_again_beside_a_running_one(tmp_path: Path) -> None:
    home = home_in(tmp_path / "home")
    with program("serve", "--port", "0", home=home) as serving:
        serving.ready()
        code, out, err = run("backup", home=home)
        assert (code, err) == (0, "")
        (backup,) = (home / "backups").glob("tierwise-*.zip")
        assert out.startswith(f"{backup} holds the record with 3 exchanges from 2026-05-2")
        assert len(exported(home)) == 3
        code, out, err = run("restore", str(backup), "--yes", home=home)
        assert (code, out) == (1, "")
        assert f"A Tierwise runs in {home}" in err
        assert "stop`, then restore." in err
        assert serving.end()[0] == 0
    filled(home / "tierwise.db", [exchange(received=NOW + 100)])
    (home / "config.toml").write_text("")
    assert len(exported(home)) == 4
    code, out, err = run("restore", str(backup), "--yes", home=home)
    assert (code, err) == (0, "")
    assert out.startswith(f"{home} is as it was on 20")
    assert len(exported(home)) == 3
    assert (home / "config.toml").read_text() == CONFIG
    with program("serve", "--port", "0", home=home) as serving:
        serving.ready()
        assert serving.end()[0] == 0


def test_as_json(tmp_path: Path) -> None:
    home = home_in(tmp_path / "home")
    made = json.loads(run("backup", "--json", str(tmp_path / "mine.zip"), home=home)[1])
    assert made["file"] == str(tmp_path / "mine.zip")
    assert (made["record"]["exchanges"], made["config"]) == (3, True)
    done = json.loads(run("restore", "--json", "--yes", made["file"], home=home)[1])
    assert (done["restored"], done["created"], done["notes"]) == (made["file"], made["created"], [])
    assert Path(done["kept"][0]).is_file()
    code, out, err = run("export", "--json", home=home)
    assert (code, err) == (0, "")
    assert len(json.loads(out)["exchanges"]) == 3


def test_nobody_is_asked_where_nobody_is(tmp_path: Path) -> None:
    home = home_in(tmp_path / "home")
    code, out, err = run("restore", str(tmp_path / "any.zip"), home=home)
    assert (code, out) == (2, "")
    assert "--yes" in err


def test_into_a_file_that_is_whole_or_not_there(tmp_path: Path) -> None:
    home = home_in(tmp_path / "home")
    target = tmp_path / "rows.csv"
    code, out, _ = run("export", "--output", str(target), home=home)
    assert (code, out) == (0, f"The exchanges are in {target}.\n")
    assert len(target.read_text().splitlines()) == 4
    code, out, err = run("export", "--output", str(tmp_path / "missing" / "rows.csv"), home=home)
    assert (code, out) == (1, "")
    assert "rows.csv cannot be written: No such file or directory." in err


def test_which_rows(tmp_path: Path) -> None:
    home = home_in(tmp_path / "home")
    at = int(NOW * 1000)
    assert len(exported(home, "--since", str(at + 1000))) == 2
    assert len(exported(home, "--since", str(at), "--until", str(at + 1000))) == 1
    assert len(exported(home, "--origin", "demo")) == 0
    assert len(exported(home, "--origin", "all", "--csv")) == 3


@pytest.mark.parametrize(
    "arguments", [("--csv", "--json"), ("--since", "yesterday"), ("--origin", "nobody"), ("--since",)]
)
def test_wrong_usage(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    assert run("export", *arguments, home=home_in(tmp_path / "home"))[0] == 2


@pytest.mark.parametrize("command", ["export", "backup"])
def test_nothing_to_tell_is_rc_1_and_makes_nothing(tmp_path: Path, command: str) -> None:
    home = tmp_path / "home"
    code, out, err = run(command, home=home)
    assert (code, out) == (1, "")
    assert str(home) in err
    assert json.loads(run(command, "--json", home=home)[1])["error"]["type"] == "no_record"
    assert not home.exists()


def test_a_reader_that_has_seen_enough_is_no_failure(tmp_path: Path) -> None:
    home = home_in(tmp_path / "home", 3000)
    exporting = subprocess.Popen(
        [sys.executable, "-m", "app", "--home", str(home), "export"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    )
    assert exporting.stdout is not None
    assert exporting.stderr is not None
    with exporting:
        assert exporting.stdout.readline().startswith(b"id,received,")
        exporting.stdout.close()
        assert exporting.stderr.read() == b""
        assert exporting.wait(20) == 0


def test_the_origins_are_those_of_the_record() -> None:
    assert tuple(Origin) == ORIGINS
