"""A home and a keyring in memory, for every test of tokens."""

from pathlib import Path

import pytest

from app.home import Home
from tests.app.keyring.backends import MemoryBackend


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "state")
    home.prepare()
    return home


@pytest.fixture
def backend() -> MemoryBackend:
    return MemoryBackend()
