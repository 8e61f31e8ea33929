"""Which folder is home, and what is said when it cannot be."""

import stat
from pathlib import Path

import pytest

from app.errors import HomeError
from app.home import Home, find_home


def test_the_flag_wins_over_the_environment_and_both_over_the_usual_place(tmp_path: Path) -> None:
    environ = {"TIERWISE_HOME": str(tmp_path / "env")}
    assert find_home(str(tmp_path / "flag"), environ).root == tmp_path / "flag"
    assert find_home(None, environ).root == tmp_path / "env"
    assert find_home(None, {}).root.name == "tierwise"


def test_homes_are_told_apart_and_only_the_usual_one_has_no_mark(tmp_path: Path) -> None:
    usual = find_home(None, {})
    assert usual.mark == ""
    assert len({usual.mark, usual.demo.mark, Home(tmp_path).mark, Home(tmp_path / "a").mark}) == 4
    assert Home(tmp_path).mark == Home(tmp_path).mark


def test_everything_in_it_is_private(tmp_path: Path) -> None:
    home = Home(tmp_path / "deep" / "home")
    home.prepare()
    for folder in (home.root, home.logs, home.backups, home.run):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_preparing_twice_changes_nothing(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.prepare()
    home.config.write_text("# mine\n")
    home.prepare()
    assert home.config.read_text() == "# mine\n"


@pytest.mark.parametrize("below", ["", "below"])
def test_a_file_in_its_place_is_named(tmp_path: Path, below: str) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(HomeError, match=r"file.*--home DIR"):
        Home(tmp_path / "file" / below).prepare()


def test_the_home_of_nobody_is_named() -> None:
    with pytest.raises(
        HomeError, match=r"~nobody-of-that-name/x names the home of a user who does not exist"
    ):
        find_home("~nobody-of-that-name/x", {})


def test_a_folder_that_cannot_be_made_is_named() -> None:
    with pytest.raises(HomeError, match=r"/proc/tierwise cannot be created: .*--home DIR"):
        Home(Path("/proc/tierwise")).prepare()
