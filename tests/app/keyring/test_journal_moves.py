"""Secrets of client settings move from the file into the keyring, in nobody's way."""

import asyncio
import json
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from app.home import Home
from app.keyring.entries import SERVICE
from app.keyring.store import WRITE_TIMEOUT
from app.secrets import Secrets
from proxy.secret import Secret
from tests.app.keyring.backends import (
    CappedBackend,
    FailingBackend,
    background_work,
    locked,
    no_keyring,
    secrets_on,
)


def entry(home: Home) -> tuple[str, str]:
    return SERVICE, f"home-{home.mark}/journal/codex/1"


@pytest.mark.parametrize("sign_of_life", ["check", "get", "put", "journal"])
def test_they_move_into_the_keyring_when_it_works_again(sign_of_life: str, home: Home, file: Path) -> None:
    backend = locked()
    asyncio.run(secrets_on(backend, home).journal.put("codex/1", Secret("before")))
    backend.error = None
    backend.values[SERVICE, "provider/x"] = "key"
    secrets = secrets_on(backend, home)  # the next run of the program

    async def live() -> None:
        await {
            "check": secrets.check,
            "get": lambda: secrets.get("provider/x"),
            "put": lambda: secrets.put("provider/y", Secret("y")),
            "journal": lambda: secrets.journal.put("codex/2", Secret("other")),
        }[sign_of_life]()
        await background_work()

    asyncio.run(live())

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


class SlowBackend(FailingBackend):
    """Takes every secret, but hangs in its first write until told to go on."""

    def __init__(self, error: Callable[[str], BaseException] | None) -> None:
        super().__init__(error)
        self.moving, self.go_on = threading.Event(), threading.Event()

    def set_password(self, service: str, username: str, password: str) -> None:
        super().set_password(service, username, password)
        self.moving.set()
        self.go_on.wait()


@pytest.mark.parametrize("change", ["refused", "taken", "deleted"])
def test_a_value_that_changes_while_it_moves_is_not_overtaken(change: str, home: Home, file: Path) -> None:
    backend = SlowBackend(locked().error)
    journal = secrets_on(backend, home).journal
    asyncio.run(journal.put("codex/1", Secret("first")))
    backend.error = None

    async def change_while_moving() -> None:
        settling = asyncio.ensure_future(journal.settle())
        await asyncio.to_thread(backend.moving.wait)
        if change == "refused":
            await journal.put("codex/1", Secret("second"), timeout=0.0)
            backend.go_on.set()
        else:
            changing = asyncio.ensure_future(
                journal.delete("codex/1") if change == "deleted" else journal.put("codex/1", Secret("second"))
            )
            await asyncio.sleep(0)  # it has asked the keyring
            backend.go_on.set()
            await changing
        await settling

    asyncio.run(change_while_moving())

    assert backend.values == ({} if change == "deleted" else {entry(home): "second"})
    assert not file.exists()


def test_a_request_does_not_wait_for_secrets_to_move(home: Home) -> None:
    backend = SlowBackend(locked().error)
    backend.values[SERVICE, "provider/x"] = "key"
    asyncio.run(secrets_on(backend, home).journal.put("codex/1", Secret("before")))
    backend.error = None
    secrets = secrets_on(backend, home)

    async def ask() -> None:
        async with asyncio.timeout(WRITE_TIMEOUT / 2):
            assert await secrets.get("provider/x") == Secret("key")
        await asyncio.to_thread(backend.moving.wait)
        assert await secrets.get("provider/x") == Secret("key")
        await secrets.close()
        assert asyncio.all_tasks() == {asyncio.current_task()}
        backend.go_on.set()

    asyncio.run(ask())

    assert asyncio.run(secrets.journal.get("codex/1")) == Secret("before")


def test_one_secret_that_the_keyring_cannot_hold_keeps_no_other_back(
    home: Home, file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    class Clinging(CappedBackend):
        def delete_password(self, service: str, username: str) -> None:
            pass

    asyncio.run(Secrets(home, {}, no_keyring()).journal.delete("codex/0"))
    asyncio.run(Secrets(home, {}, no_keyring()).journal.put("codex/1", Secret("before")))
    backend = Clinging(100)
    backend.values[SERVICE, f"home-{home.mark}/journal/codex/0"] = "stays"
    backend.values[SERVICE, "provider/x"] = "key"
    secrets = secrets_on(backend, home)

    async def ask() -> None:
        for _ in range(2):
            assert await secrets.get("provider/x") == Secret("key")
            await background_work()
            secrets.forget()

    asyncio.run(ask())

    assert backend.values[entry(home)] == "before"
    assert json.loads(file.read_text()) == {"codex/0": None}
    assert caplog.text.count("does not let go") == 1
