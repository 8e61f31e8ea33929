"""The wall around the real home folder holds."""

import sqlite3
from pathlib import Path

import pytest

from tests.guard import REAL_HOME, RealHomeTouchedError


def test_writing_into_the_real_home_is_refused() -> None:
    with pytest.raises(RealHomeTouchedError):
        (REAL_HOME / "tierwise-was-here").write_text("no")


def test_making_a_folder_in_the_real_home_is_refused() -> None:
    with pytest.raises(RealHomeTouchedError):
        (REAL_HOME / "tierwise-was-here").mkdir()


def test_reading_a_clients_own_files_is_refused() -> None:
    with pytest.raises(RealHomeTouchedError):
        (REAL_HOME / ".claude" / "settings.json").read_text()


def test_opening_a_database_in_the_real_home_is_refused() -> None:
    with pytest.raises(RealHomeTouchedError):
        sqlite3.connect(REAL_HOME / "tierwise-was-here.db")


def test_the_home_of_a_test_is_its_own(own_home: Path) -> None:
    assert Path.home() == own_home
    (own_home / "file").write_text("fine")
