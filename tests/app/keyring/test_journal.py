"""Secrets of client settings: in the keyring, or in a private file until it takes them."""

import asyncio
import logging
import os
import stat
import threading
from pathlib import Path

import pytest

from app.home import Home
from app.keyring.entries import SERVICE
from app.keyring.files import PrivateFileError
from app.keyring.state import KeyringUnavailableError
from app.secrets import Secrets
from proxy.secret import Secret
from tests.app.keyring.backends import FailingBackend, MemoryBackend, keyring_on, locked


def entry(home: Home) -> tuple[str, str]:
    return SERVICE, f"home-{home.mark}/journal/codex/1"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "state")


@pytest.fixture
def file(home: Home) -> Path:
    return home.run / "journal-secrets.json"


def secrets_on(backend: MemoryBackend, home: Home) -> Secrets:
    return Secrets(home, {}, keyring_on(backend))


def test_with_a_keyring_nothing_lies_in_files(home: Home) -> None:
    backend = MemoryBackend()
    journal = secrets_on(backend, home).journal

    asyncio.run(journal.put("codex/1", Secret("before")))

    assert backend.values == {entry(home): "before"}
    assert not home.run.exists()
    assert asyncio.run(journal.get("codex/1")) == Secret("before")
    assert asyncio.run(journal.get("codex/2")) is None
    asyncio.run(journal.delete("codex/1"))
    assert backend.values == {}
    assert journal.notice() is None


def test_without_one_they_lie_in_a_private_file_and_the_user_is_told_once(
    home: Home, file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    journal = secrets_on(locked(), home).journal

    with caplog.at_level(logging.WARNING):
        asyncio.run(journal.put("codex/1", Secret("before")))
        asyncio.run(journal.put("codex/2", Secret("é\n")))

    assert asyncio.run(journal.get("codex/1")) == Secret("before")
    assert asyncio.run(journal.get("codex/2")) == Secret("é\n")
    assert file.exists()
    if os.name == "posix":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert stat.S_IMODE(home.run.stat().st_mode) == 0o700
    assert len(caplog.records) == 1
    assert str(file) in caplog.text
    assert str(file) in (journal.notice() or "")


def test_deleting_the_last_one_removes_the_file(home: Home, file: Path) -> None:
    journal = secrets_on(locked(), home).journal
    asyncio.run(journal.put("codex/1", Secret("before")))

    asyncio.run(journal.delete("codex/1"))

    assert not file.exists()
    assert journal.notice() is None


def test_what_only_the_keyring_knows_is_unknown_while_it_is_locked(home: Home) -> None:
    journal = secrets_on(locked(), home).journal

    with pytest.raises(KeyringUnavailableError):
        asyncio.run(journal.get("codex/1"))
    with pytest.raises(KeyringUnavailableError):
        asyncio.run(journal.delete("codex/1"))


@pytest.mark.parametrize("sign_of_life", ["check", "get", "put", "journal"])
def test_they_move_into_the_keyring_when_it_works_again(sign_of_life: str, home: Home, file: Path) -> None:
    backend = locked()
    asyncio.run(secrets_on(backend, home).journal.put("codex/1", Secret("before")))
    backend.error = None
    backend.values[SERVICE, "provider/x"] = "key"
    secrets = secrets_on(backend, home)  # the next run of the program

    asyncio.run(
        {
            "check": secrets.check,
            "get": lambda: secrets.get("provider/x"),
            "put": lambda: secrets.put("provider/y", Secret("y")),
            "journal": lambda: secrets.journal.put("codex/2", Secret("other")),
        }[sign_of_life]()
    )

    assert backend.values[entry(home)] == "before"
    assert not file.exists()
    assert secrets.journal.notice() is None


def test_a_value_in_the_file_is_newer_than_the_one_in_the_keyring(home: Home) -> None:
    backend = FailingBackend(None)
    journal = secrets_on(backend, home).journal
    asyncio.run(journal.put("codex/1", Secret("first")))
    backend.error = locked().error
    asyncio.run(journal.put("codex/1", Secret("second")))
    backend.error = None

    assert asyncio.run(journal.get("codex/1")) == Secret("second")
    asyncio.run(journal.settle())
    assert backend.values[entry(home)] == "second"


def test_a_value_that_changes_while_it_moves_stays_in_the_file(home: Home, file: Path) -> None:
    class Slow(FailingBackend):
        moving, go_on = threading.Event(), threading.Event()

        def set_password(self, service: str, username: str, password: str) -> None:
            super().set_password(service, username, password)
            self.moving.set()
            self.go_on.wait()

    backend = Slow(locked().error)
    journal = secrets_on(backend, home).journal
    asyncio.run(journal.put("codex/1", Secret("first")))
    backend.error = None

    async def change_while_moving() -> None:
        settling = asyncio.ensure_future(journal.settle())
        await asyncio.to_thread(backend.moving.wait)
        await journal.put("codex/1", Secret("second"), timeout=0.02)
        backend.go_on.set()
        await settling

    asyncio.run(change_while_moving())

    assert asyncio.run(journal.get("codex/1")) == Secret("second")


def test_a_damaged_file_is_said_to_be_damaged_and_left_alone(home: Home, file: Path) -> None:
    home.run.mkdir(parents=True)
    file.write_text("[half")
    journal = secrets_on(locked(), home).journal

    with pytest.raises(PrivateFileError, match="is damaged"):
        asyncio.run(journal.get("codex/1"))
    with pytest.raises(PrivateFileError, match="is damaged"):
        asyncio.run(journal.put("codex/1", Secret("before")))
    assert file.read_text() == "[half"


def test_a_damaged_file_takes_no_provider_key_away(home: Home, file: Path) -> None:
    home.run.mkdir(parents=True)
    file.write_text("[half")
    backend = MemoryBackend()
    backend.values[SERVICE, "provider/x"] = "key"
    secrets = secrets_on(backend, home)

    assert asyncio.run(secrets.get("provider/x")) == Secret("key")
    assert "is damaged" in (secrets.journal.notice() or "")
