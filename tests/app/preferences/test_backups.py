"""What a backup holds is shown before it is put back, and the command for that can be pasted."""

import shlex
import sys
from pathlib import Path

import pytest

from app.home import Home, find_home
from app.preferences.backups import held_in, restore_command
from app.record.archive import NoBackupError
from tests.app.record.made import WHEN, backup_in


def test_what_one_holds(tmp_path: Path) -> None:
    held = held_in(backup_in(tmp_path / "other"))
    assert (held.created, held.has_config) == (WHEN, True)
    assert held.record.startswith("3 exchanges from ")


def test_another_file_is_no_backup(tmp_path: Path) -> None:
    other = tmp_path / "letter.zip"
    other.write_text("Dear all")
    with pytest.raises(NoBackupError):
        held_in(other)


@pytest.mark.skipif(sys.platform == "win32", reason="another shell")
def test_the_command_names_a_home_of_its_own_and_bears_spaces(tmp_path: Path) -> None:
    command = shlex.split(restore_command(Home(tmp_path), tmp_path / "my backup.zip"))
    assert command[1:] == ["--home", str(tmp_path), "restore", str(tmp_path / "my backup.zip")]


def test_the_usual_home_needs_no_name(tmp_path: Path) -> None:
    assert "--home" not in restore_command(find_home(None, {}), tmp_path / "backup.zip")
