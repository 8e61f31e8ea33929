"""One Tierwise per home, and how others find it."""

import contextlib
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from app.errors import HomeError
from app.home import Home
from app.instance import AlreadyRunningError, Instance, InstanceLock, find_running, is_locked

INSTANCE = Instance(pid=1, url="http://127.0.0.1:1", admin_token="t", version="v")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "tierwise")
    home.prepare()
    return home


def test_a_second_one_is_refused_and_told_about_the_first(home: Home) -> None:
    with InstanceLock(home) as first:
        first.announce(INSTANCE)
        with pytest.raises(AlreadyRunningError, match=r"process 1 at http://127\.0\.0\.1:1") as refused:
            InstanceLock(home).acquire()
        assert refused.value.exit_code == 3
    with InstanceLock(home):
        pass


def test_one_that_is_only_starting_is_told_apart(home: Home) -> None:
    with InstanceLock(home), pytest.raises(AlreadyRunningError, match="starting or stopping"):
        InstanceLock(home).acquire()


def test_it_is_found_while_it_runs_and_not_after(home: Home) -> None:
    assert find_running(home) is None
    assert not is_locked(home)
    with InstanceLock(home) as lock:
        assert is_locked(home)
        assert find_running(home) is None
        lock.announce(INSTANCE)
        assert find_running(home) == INSTANCE
    assert find_running(home) is None
    assert not (home.run / "instance.json").exists()


def test_what_it_tells_is_for_the_user_alone(home: Home) -> None:
    with InstanceLock(home) as lock:
        lock.announce(INSTANCE)
        assert stat.S_IMODE((home.run / "instance.json").stat().st_mode) == 0o600


def test_one_that_was_killed_leaves_nothing_in_the_way(home: Home) -> None:
    code = (
        "import sys; from pathlib import Path; from app.home import Home; from app.instance import *;"
        f"lock = InstanceLock(Home(Path({str(home.root)!r}))); lock.acquire();"
        "lock.announce(Instance(pid=1, url='http://127.0.0.1:1', admin_token='t', version='v'));"
        "print('ready', flush=True); sys.stdin.read()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    assert find_running(home) is not None
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    assert (home.run / "instance.json").exists()
    assert find_running(home) is None
    with InstanceLock(home):
        pass


def test_what_a_killed_one_left_behind_is_forgotten_before_the_next_is_ready(home: Home) -> None:
    (home.run / "instance.json").write_bytes(msgspec.json.encode(INSTANCE))
    with InstanceLock(home):
        assert not (home.run / "instance.json").exists()
        assert find_running(home) is None


def test_a_file_that_names_a_dead_process_is_not_believed(home: Home) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    with InstanceLock(home) as lock:
        lock.announce(msgspec.structs.replace(INSTANCE, pid=ended.pid))
        assert find_running(home) is None


@pytest.mark.parametrize("name", ["lock", "instance.json"])
def test_a_folder_in_place_of_its_files_is_named(home: Home, name: str) -> None:
    (home.run / name).mkdir()
    with pytest.raises(HomeError, match=rf"{name} cannot be used: .*--home DIR"):
        InstanceLock(home).acquire()
    with contextlib.suppress(OSError):
        (home.run / name).rmdir()
    with InstanceLock(home):
        pass


def test_the_hint_names_the_command_that_ends_it(home: Home) -> None:
    with InstanceLock(home) as first:
        first.announce(INSTANCE)
        with pytest.raises(AlreadyRunningError, match="stop --demo` ends it"):
            InstanceLock(home, stop_hint="stop --demo").acquire()
