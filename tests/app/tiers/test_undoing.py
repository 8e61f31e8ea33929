"""What is kept of config.toml before a proposal is written, and when it can be put back."""

from pathlib import Path

import pytest

from app.home import Home
from app.settings import EditError, SettingsFile
from app.tiers.undoing import Before, UndoError
from app.toml.edits import Assign

EDITS = [Assign(("server", "port"), 5000)]
TEXT = "[server]\nport = 5000\n"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path)
    home.prepare()
    return home


def test_it_can_be_put_back_while_the_file_is_what_the_edits_made_of_it(home: Home) -> None:
    before = Before(home)
    content = before.keep()
    home.config.write_text(TEXT)
    assert before.remember(content, EDITS, ["provider/a"])
    assert Before(home).check() == ("provider/a",)
    Before(home).put_back()
    assert not home.config.exists()


def test_a_file_that_was_there_and_empty_is_there_afterwards(home: Home) -> None:
    home.config.touch()
    before = Before(home)
    content = before.keep()
    home.config.write_text(TEXT)
    assert before.remember(content, EDITS, [])
    Before(home).put_back()
    assert home.config.read_bytes() == b""


def test_what_somebody_else_wrote_in_that_moment_is_not_undone(home: Home) -> None:
    before = Before(home)
    content = before.keep()
    home.config.write_text(f"# theirs\n{TEXT}")
    assert not before.remember(content, EDITS, [])
    with pytest.raises(UndoError, match="no proposal to undo"):
        before.check()


def test_a_second_proposal_makes_the_first_one_final(home: Home) -> None:
    before = Before(home)
    content = before.keep()
    home.config.write_text(TEXT)
    before.remember(content, EDITS, [])
    before.keep()
    with pytest.raises(UndoError):
        before.check()
    assert before.copy.read_text() == TEXT


def test_where_no_copy_can_be_kept_nothing_goes_on(home: Home) -> None:
    home.backups.rmdir()
    home.backups.write_text("a file in the way")
    with pytest.raises(UndoError, match="Nothing was changed"):
        Before(home).keep()


def test_it_is_not_put_back_while_another_program_edits_the_file(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = Before(home)
    content = before.keep()
    home.config.write_text(TEXT)
    before.remember(content, EDITS, [])
    monkeypatch.setattr("app.settings._OTHERS_SECONDS", 0.0)
    with SettingsFile(home).alone(), pytest.raises(EditError, match="another Tierwise is changing it"):
        before.put_back()
    assert home.config.read_text() == TEXT
    before.put_back()
    assert not home.config.exists()
