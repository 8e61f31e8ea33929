"""The choice of columns comes back, and a file that says nothing of the kind is no choice."""

from pathlib import Path

import pytest

from app.preferences.log_columns import keep_columns, kept_columns


def test_what_was_kept_comes_back(tmp_path: Path) -> None:
    keep_columns(tmp_path, frozenset({"time", "cost"}))
    assert kept_columns(tmp_path) == {"time", "cost"}


def test_without_a_choice_no_file_stays(tmp_path: Path) -> None:
    keep_columns(tmp_path, frozenset({"time"}))
    keep_columns(tmp_path, None)
    keep_columns(tmp_path, None)
    assert kept_columns(tmp_path) is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("data", [b"", b"{}", b"[1]", b"[]", b'["\xff"]'])
def test_another_shape_is_as_good_as_none(tmp_path: Path, data: bytes) -> None:
    keep_columns(tmp_path, frozenset({"time"}))
    (file,) = tmp_path.iterdir()
    file.write_bytes(data)
    assert kept_columns(tmp_path) is None


def test_a_folder_that_is_not_there_is_no_failure(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    keep_columns(tmp_path / "none", frozenset({"time"}))
    assert "not kept" in caplog.text
    assert kept_columns(tmp_path / "none") is None
