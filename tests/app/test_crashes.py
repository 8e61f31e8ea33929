"""What a run leaves behind that ended where it should not."""

import logging
import subprocess
import sys
from pathlib import Path

import pytest

from app.crashes import Crashes
from app.errors import UserError

CRASH = """
import faulthandler, sys
from pathlib import Path
from app.crashes import Crashes

def the_place_of_the_crash():
    faulthandler._sigsegv()

with Crashes(Path(sys.argv[1])):
    the_place_of_the_crash()
"""


@pytest.fixture
def crashed(tmp_path: Path) -> Path:
    ended = subprocess.run([sys.executable, "-c", CRASH, str(tmp_path)], check=False, timeout=60)
    assert ended.returncode != 0
    return tmp_path


def test_a_crash_leaves_where_it_was(crashed: Path) -> None:
    assert "the_place_of_the_crash" in (crashed / "crash.log").read_text()


def test_the_next_start_tells_of_it_once(crashed: Path, caplog: pytest.LogCaptureFixture) -> None:
    with Crashes(crashed):
        assert str(crashed / "crash.last.log") in caplog.text
    assert "the_place_of_the_crash" in (crashed / "crash.last.log").read_text()
    caplog.clear()
    with Crashes(crashed):
        assert caplog.text == ""


def test_a_usual_end_leaves_nothing(tmp_path: Path) -> None:
    with Crashes(tmp_path):
        assert list(tmp_path.iterdir()) == [tmp_path / "crash.log"]
    assert list(tmp_path.iterdir()) == []


def test_without_a_place_to_write_to_the_program_runs(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with Crashes(tmp_path / "missing"):
        assert "a crash would leave no trace" in caplog.text


def test_a_mistake_that_nobody_has_caught_is_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    before = sys.excepthook
    with Crashes(tmp_path), caplog.at_level(logging.ERROR):
        try:
            int("x")
        except ValueError as mistake:
            sys.excepthook(ValueError, mistake, mistake.__traceback__)
    assert sys.excepthook is before
    assert "a mistake that nobody has caught" in caplog.text
    assert "test_crashes.py" in caplog.text


def test_a_mistake_that_ends_the_run_is_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(ZeroDivisionError), Crashes(tmp_path):
        raise ZeroDivisionError("oops")
    assert "ZeroDivisionError: oops" in caplog.text


def test_what_the_user_is_told_is_no_mistake(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(UserError), Crashes(tmp_path):
        raise UserError("The port is taken.")
    assert caplog.text == ""


def test_an_orderly_end_was_no_crash_whatever_was_written(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with Crashes(tmp_path):
        (tmp_path / "crash.log").write_text("handled\n")
    with Crashes(tmp_path):
        assert caplog.text == ""
