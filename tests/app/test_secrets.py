"""Secrets by name: remembered, read once for all who ask, and never kept anywhere but in the keyring."""

import asyncio
from pathlib import Path

import keyring.errors
import pytest

from app.home import Home
from app.keyring.entries import SERVICE
from app.keyring.state import KeyringUnavailableError
from proxy.secret import Secret, SecretSource
from tests.app.keyring.backends import (
    FailingBackend,
    GatedBackend,
    MemoryBackend,
    secrets_on,
)

KEY = (SERVICE, "provider/x")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "state")
    home.prepare()
    return home


def test_a_name_of_the_environment_is_read_there_each_time(home: Home) -> None:
    backend, environ = MemoryBackend(), {"KEY": "one"}
    secrets: SecretSource = secrets_on(backend, home, environ)

    assert asyncio.run(secrets.get("env:KEY")) == Secret("one")
    environ["KEY"] = "two\n"
    assert asyncio.run(secrets.get("env:KEY")) == Secret("two")
    environ["KEY"] = "\n"
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


def test_reads_of_one_secret_at_the_same_time_are_one_read(home: Home) -> None:
    backend = GatedBackend()
    backend.values[KEY] = "one"
    secrets = secrets_on(backend, home)

    async def read_at_once() -> list[Secret | None]:
        first = asyncio.ensure_future(secrets.get("provider/x"))
        others = [asyncio.ensure_future(secrets.get("provider/x")) for _ in range(49)]
        await asyncio.to_thread(backend.entered.wait)
        first.cancel()
        backend.gate.set()
        return await asyncio.gather(*others)

    assert asyncio.run(read_at_once()) == [Secret("one")] * 49
    assert backend.reads == 1


def test_each_reader_waits_no_longer_than_it_wants_to(home: Home) -> None:
    backend = GatedBackend()
    backend.values[KEY] = "one"
    secrets = secrets_on(backend, home)

    async def read_at_once() -> Secret | None:
        patient = asyncio.ensure_future(secrets.get("provider/x"))
        with pytest.raises(KeyringUnavailableError, match="waiting for you"):
            await secrets.get("provider/x", timeout=0.01)
        backend.gate.set()
        return await patient

    assert asyncio.run(read_at_once()) == Secret("one")


def test_closing_leaves_nothing_behind_and_tells_those_who_wait(home: Home) -> None:
    backend = GatedBackend()
    secrets = secrets_on(backend, home)

    async def close_while_reading() -> None:
        reading = asyncio.ensure_future(secrets.get("provider/x"))
        await asyncio.to_thread(backend.entered.wait)
        await secrets.close()
        with pytest.raises(KeyringUnavailableError):
            await reading
        assert asyncio.all_tasks() == {asyncio.current_task()}
        backend.gate.set()

    asyncio.run(close_while_reading())


def test_a_provider_key_never_goes_to_a_file(home: Home) -> None:
    backend = FailingBackend(keyring.errors.PasswordSetError)
    secrets = secrets_on(backend, home)

    with pytest.raises(KeyringUnavailableError):
        asyncio.run(secrets.put("provider/x", Secret("sk-1")))

    assert [path for path in home.root.rglob("*") if path.is_file()] == []
