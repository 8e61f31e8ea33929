"""What every test stands on: a home of its own, and a wall around the real one."""

from pathlib import Path

import pytest

from tests import guard  # first: it replaces HOME before anything of ours is imported

__all__ = ["guard"]


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every test has a HOME that nobody else sees, and subprocesses inherit it."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    return home
