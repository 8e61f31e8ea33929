"""Secrets of client settings: in the keyring, or in a private file until it takes them."""

import asyncio
import json
import logging
import os
import stat
from pathlib import Path

import pytest

from app.home import Home
from app.keyring.entries import SERVICE
from app.keyring.files import PrivateFile, PrivateFileError
from app.keyring.state import KeyringUnavailableError
from proxy.secret import Secret
from tests.app.keyring.backends import (
    FailingBackend,
    MemoryBackend,
    background_work,
    locked,
    secrets_on,
)


def entry(home: Home) -> tuple[str, str]:
    return SERVICE, f"home-{home.mark}/journal/codex/1"


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


def test_what_only_the_keyring_knows_is_unknown_while_it_is_locked(home: Home) -> None:
    journal = secrets_on(locked(), home).journal

    with pytest.raises(KeyringUnavailableError):
        asyncio.run(journal.get("codex/1"))


@pytest.mark.parametrize("newer", ["in the file", "nowhere"])
def test_what_is_deleted_while_the_keyring_is_locked_does_not_come_back(
    newer: str, home: Home, file: Path
) -> None:
    backend = FailingBackend(None)
    journal = secrets_on(backend, home).journal
    asyncio.run(journal.put("codex/1", Secret("old")))
    backend.error = locked().error
    if newer == "in the file":
        asyncio.run(journal.put("codex/1", Secret("new")))

    asyncio.run(journal.delete("codex/1"))

    assert asyncio.run(journal.get("codex/1")) is None
    assert journal.notice() is None, "a tombstone is no secret"
    assert json.loads(file.read_text()) == {"codex/1": None}
    backend.error = None
    journal = secrets_on(backend, home).journal  # the next run of the program
    assert asyncio.run(journal.get("codex/1")) is None
    asyncio.run(journal.settle())
    assert backend.values == {}
    assert not file.exists()
    assert asyncio.run(journal.get("codex/1")) is None


def test_a_secret_that_is_put_again_replaces_its_tombstone(home: Home, file: Path) -> None:
    backend = locked()
    journal = secrets_on(backend, home).journal
    asyncio.run(journal.delete("codex/1"))
    asyncio.run(journal.put("codex/1", Secret("again")))
    assert asyncio.run(journal.get("codex/1")) == Secret("again")
    asyncio.run(journal.delete("codex/1"))
    backend.error = None

    asyncio.run(journal.put("codex/1", Secret("at last")))

    assert asyncio.run(journal.get("codex/1")) == Secret("at last")
    assert not file.exists()


@pytest.mark.parametrize("damage", [b"[half", b'{"codex/1": 1}', b"\xff\xfe"])
@pytest.mark.parametrize("with_keyring", [True, False])
def test_a_damaged_file_is_set_aside_and_we_go_on(
    with_keyring: bool, damage: bytes, home: Home, file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    home.run.mkdir(parents=True)
    file.write_bytes(damage)
    backend = MemoryBackend() if with_keyring else locked()
    journal = secrets_on(backend, home).journal

    asyncio.run(journal.put("codex/1", Secret("before")))

    assert asyncio.run(journal.get("codex/1")) == Secret("before")
    (aside,) = home.run.glob(f"{file.name}.damaged-*")
    assert aside.read_bytes() == damage
    for said in (caplog.text, journal.notice() or ""):
        assert "was damaged" in said
        assert str(aside) in said
    assert file.exists() is not with_keyring


def test_a_file_that_cannot_be_changed_is_no_reason_to_fail_once_the_keyring_has_the_secret(
    home: Home, file: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(self: PrivateFile) -> None:
        raise PrivateFileError("the disk is read-only")

    backend = locked()
    journal = secrets_on(backend, home).journal
    asyncio.run(journal.put("codex/1", Secret("first")))
    backend.error = None

    with monkeypatch.context() as patched:
        patched.setattr(PrivateFile, "remove", fail)
        asyncio.run(journal.put("codex/1", Secret("second")))

    assert "the disk is read-only" in caplog.text
    assert asyncio.run(journal.get("codex/1")) == Secret("second")
    asyncio.run(journal.settle())
    assert asyncio.run(journal.get("codex/1")) == Secret("second")
    assert backend.values[entry(home)] == "second"
    assert not file.exists()


def test_a_damaged_file_takes_no_provider_key_away(home: Home, file: Path) -> None:
    home.run.mkdir(parents=True)
    file.write_text("[half")
    backend = MemoryBackend()
    backend.values[SERVICE, "provider/x"] = "key"
    secrets = secrets_on(backend, home)

    async def ask() -> Secret | None:
        key = await secrets.get("provider/x")
        await background_work()
        return key

    assert asyncio.run(ask()) == Secret("key")
    assert "was damaged" in (secrets.journal.notice() or "")
