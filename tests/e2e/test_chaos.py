"""Killed at any moment, in the middle of anything: the next start finds nothing half done."""

import contextlib
import random
import signal
import subprocess
import tomllib
from pathlib import Path

import pytest

from app.home import Home
from app.instance import is_locked
from app.settings import SettingsFile
from app.toml.edits import Assign
from tests.e2e.program import Program, get, program, run

pytestmark = [pytest.mark.long, pytest.mark.timeout(600)]

ROUNDS = 25
_LONGEST_LIFE = 1.5


@pytest.mark.parametrize("seed", [1, 2])
def test_kill_9_at_any_moment_leaves_a_home_that_starts(tmp_path: Path, seed: int) -> None:
    moments = random.Random(seed)
    with program("serve", "--port", "0", home=tmp_path) as serving:
        tokens = serving.ready()
    for _ in range(ROUNDS):
        with program("serve", "--port", "0", home=tmp_path) as serving:
            end_after(serving, moments.uniform(0, _LONGEST_LIFE))
        assert not is_locked(Home(tmp_path))
    with program("serve", "--port", "0", home=tmp_path) as serving:
        again = serving.ready()
        assert (again["token"], again["admin_token"]) == (tokens["token"], tokens["admin_token"])
        assert get(f"{again['url']}/api/openapi.json", again["admin_token"])


def test_edits_and_kills_together_never_leave_half_a_configuration(tmp_path: Path) -> None:
    moments = random.Random(3)
    home = Home(tmp_path)
    home.prepare()
    file = SettingsFile(home)
    for number in range(ROUNDS):
        with program("serve", "--port", "0", home=tmp_path) as serving:
            for _ in range(5):
                file.edit(Assign(("server", "max_body_mb"), moments.randint(1, 500)))
            end_after(serving, moments.uniform(0, 1.0))
        text = home.config.read_text()
        assert tomllib.loads(text)["server"]["max_body_mb"] >= 1, f"round {number}"
        last_good = home.backups / "config.last-good.toml"
        assert tomllib.loads(last_good.read_text())
    assert run("config", "check", home=tmp_path)[0] == 0


def end_after(serving: Program, seconds: float) -> None:
    """Killed at that moment of its life, ready or not."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        serving.process.wait(seconds)
    serving.process.send_signal(signal.SIGKILL)
    serving.process.wait()
