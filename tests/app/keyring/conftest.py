"""A home that does not exist yet, and where it keeps journal secrets that the keyring does not take."""

from pathlib import Path

import pytest

from app.home import Home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "state")


@pytest.fixture
def file(home: Home) -> Path:
    return home.run / "journal-secrets.json"
