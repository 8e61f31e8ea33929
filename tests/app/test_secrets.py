"""Secrets by name: remembered, forgotten, and never kept anywhere but in the keyring."""

import asyncio
from pathlib import Path

import keyring.errors
import pytest

from app.home import Home
from app.keyring.entries import SERVICE
from app.keyring.state import KeyringKind, KeyringUnavailableError
from app.secrets import Secrets
from proxy.secret import Secret, SecretSource
from tests.app.keyring.backends import FailingBackend, GatedBackend, MemoryBackend, keyring_on, locked

KEY = (SERVICE, "provider/x")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "state")
    home.prepare()
    return home


def secrets_on(backend: MemoryBackend, home: Home, environ: dict[str, str] | None = None) -> Secrets:
    return Secrets(home, environ if environ is not None else {}, keyring_on(backend))


def test_a_name_of_the_environment_is_read_there_each_time(home: Home) -> None:
    backend, environ = MemoryBackend(), {"KEY": "one"}
    secrets: SecretSource = secrets_on(backend, home, environ)

    assert asyncio.run(secrets.get("env:KEY")) == Secret("one")
    environ["KEY"] = "two"
    assert asyncio.run(secrets.get("env:KEY")) == Secret("two")
    environ["KEY"] = ""
    assert asyncio.run(secrets.get("env:KEY")) is None
    assert asyncio.run(secrets.get("env:OTHER")) is None
    assert backend.reads == 0


def test_the_environment_is_only_read(home: Home) -> None:
    secrets = secrets_on(MemoryBackend(), home)

    with pytest.raises(ValueError, match="env:KEY"):
        asyncio.run(secrets.put("env:KEY", Secret("x")))
    with pytest.raises(ValueError, match="env:KEY"):
        asyncio.run(secrets.delete("env:KEY"))


def test_a_secret_is_read_once_until_it_is_forgotten(home: Home) -> None:
    backend = MemoryBackend()
    backend.values[KEY] = "one"
    secrets = secrets_on(backend, home)

    assert [asyncio.run(secrets.get("provider/x")) for _ in range(3)] == [Secret("one")] * 3
    assert backend.reads == 1
    backend.values[KEY] = "two"
    secrets.forget("provider/other")
    assert asyncio.run(secrets.get("provider/x")) == Secret("one")
    secrets.forget("provider/x")
    assert asyncio.run(secrets.get("provider/x")) == Secret("two")
    backend.values[KEY] = "three"
    secrets.forget()
    assert asyncio.run(secrets.get("provider/x")) == Secret("three")


def test_a_missing_secret_is_found_once_another_program_adds_it(home: Home) -> None:
    backend = MemoryBackend()
    secrets = secrets_on(backend, home)

    assert asyncio.run(secrets.get("provider/x")) is None
    backend.values[KEY] = "added"
    assert asyncio.run(secrets.get("provider/x")) == Secret("added")


def test_putting_and_deleting_are_seen_at_once(home: Home) -> None:
    secrets = secrets_on(MemoryBackend(), home)

    async def use() -> None:
        await secrets.put("provider/x", Secret("one"))
        assert await secrets.get("provider/x") == Secret("one")
        await secrets.put("provider/x", Secret("two"))
        assert await secrets.get("provider/x") == Secret("two")
        await secrets.delete("provider/x")
        assert await secrets.get("provider/x") is None

    asyncio.run(use())


def test_a_read_that_began_before_a_change_is_not_remembered(home: Home) -> None:
    backend = GatedBackend()
    backend.values[KEY] = "old"
    secrets = secrets_on(backend, home)

    async def change_while_reading() -> None:
        reading = asyncio.ensure_future(secrets.get("provider/x"))
        await asyncio.to_thread(backend.entered.wait)
        backend.values[KEY] = "new"
        secrets.forget("provider/x")
        backend.gate.set()
        assert await reading == Secret("old")

    asyncio.run(change_while_reading())

    assert asyncio.run(secrets.get("provider/x")) == Secret("new")


def test_a_keyring_that_locks_itself_takes_no_known_secret_away(home: Home) -> None:
    backend = FailingBackend(None)
    backend.values[KEY] = "one"
    secrets = secrets_on(backend, home)
    asyncio.run(secrets.get("provider/x"))

    backend.error = locked().error

    assert asyncio.run(secrets.get("provider/x")) == Secret("one")


def test_a_locked_keyring_is_not_asked_again_for_every_request(home: Home) -> None:
    backend, now = locked(), 1000.0
    secrets = Secrets(home, {}, keyring_on(backend), clock=lambda: now)

    for _ in range(5):
        with pytest.raises(KeyringUnavailableError, match="is locked"):
            asyncio.run(secrets.get("provider/x"))
    assert backend.reads == 1
    assert secrets.state().kind is KeyringKind.LOCKED

    backend.error = None
    with pytest.raises(KeyringUnavailableError):
        asyncio.run(secrets.get("provider/x"))
    now += 31
    assert asyncio.run(secrets.get("provider/x")) is None


@pytest.mark.parametrize("act", ["check", "put", "forget"])
def test_what_the_user_does_on_purpose_asks_a_locked_keyring_at_once(act: str, home: Home) -> None:
    backend = locked()
    secrets = secrets_on(backend, home)
    with pytest.raises(KeyringUnavailableError):
        asyncio.run(secrets.get("provider/x"))
    backend.error = None

    if act == "check":
        assert asyncio.run(secrets.check()).kind is KeyringKind.READY
    elif act == "put":
        asyncio.run(secrets.put("provider/y", Secret("y")))
    else:
        secrets.forget()

    assert asyncio.run(secrets.get("provider/x")) is None


def test_a_provider_key_never_goes_to_a_file(home: Home) -> None:
    backend = FailingBackend(keyring.errors.PasswordSetError)
    secrets = secrets_on(backend, home)

    with pytest.raises(KeyringUnavailableError):
        asyncio.run(secrets.put("provider/x", Secret("sk-1")))

    assert [path for path in home.root.rglob("*") if path.is_file()] == []
