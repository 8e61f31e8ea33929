"""Secrets while the keyring is locked, hangs or is gone: what is known goes on serving."""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from app.home import Home
from app.keyring.entries import SERVICE
from app.keyring.state import KeyringKind, KeyringUnavailableError
from app.secrets import Secrets
from proxy.secret import Secret
from tests.app.keyring.backends import (
    FailingBackend,
    keyring_on,
    locked,
    secrets_on,
)

KEY = (SERVICE, "provider/x")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "state")
    home.prepare()
    return home


def hang(gate: threading.Event) -> Callable[[str], BaseException]:
    def error(value: str) -> BaseException:
        gate.wait()
        return RuntimeError("given up long ago")

    return error


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


@pytest.mark.parametrize("forgotten", [None, "provider/x"], ids=["reload", "rejected key"])
@pytest.mark.parametrize("why", ["locked", "gone", "waiting"])
def test_a_forgotten_secret_goes_on_serving_while_the_keyring_cannot_be_asked(
    why: str, forgotten: str | None, home: Home
) -> None:
    backend, gate = FailingBackend(None), threading.Event()
    backend.values[KEY] = "one"
    secrets = secrets_on(backend, home)
    asyncio.run(secrets.get("provider/x"))
    backend.error = {"locked": locked().error, "gone": lambda _: ConnectionError(), "waiting": hang(gate)}[
        why
    ]

    for _ in range(2):
        secrets.forget(forgotten)
        assert asyncio.run(secrets.get("provider/x", timeout=0.1)) == Secret("one")

    with pytest.raises(KeyringUnavailableError):
        asyncio.run(secrets.get("provider/y", timeout=0.1))
    gate.set()
    backend.error = None
    backend.values[KEY] = "two"
    while asyncio.run(secrets.check()).kind is not KeyringKind.READY:
        pass  # it waits for the hung call to return, a moment each time
    assert asyncio.run(secrets.get("provider/x")) == Secret("two")


@pytest.mark.parametrize("now", [None, "two"])
def test_what_the_keyring_says_wins_over_a_forgotten_secret(now: str | None, home: Home) -> None:
    backend = FailingBackend(None)
    backend.values[KEY] = "one"
    secrets = secrets_on(backend, home)
    asyncio.run(secrets.get("provider/x"))
    secrets.forget()
    del backend.values[KEY]
    backend.values |= {} if now is None else {KEY: now}

    assert asyncio.run(secrets.get("provider/x")) == (Secret(now) if now else None)

    backend.error = locked().error
    if now is None:
        with pytest.raises(KeyringUnavailableError):
            asyncio.run(secrets.get("provider/x"))
    else:
        assert asyncio.run(secrets.get("provider/x")) == Secret(now)


@pytest.mark.parametrize("change", ["put", "delete"])
def test_a_changed_secret_serves_no_longer_even_if_the_keyring_locks_itself(change: str, home: Home) -> None:
    backend = FailingBackend(None)
    backend.values[KEY] = "one"
    secrets = secrets_on(backend, home)
    asyncio.run(secrets.get("provider/x"))

    changing = secrets.put("provider/x", Secret("two")) if change == "put" else secrets.delete("provider/x")
    asyncio.run(changing)
    backend.error = locked().error

    with pytest.raises(KeyringUnavailableError):
        asyncio.run(secrets.get("provider/x"))


def test_a_change_that_the_keyring_refuses_leaves_the_old_secret_in_service(home: Home) -> None:
    backend = FailingBackend(None)
    backend.values[KEY] = "one"
    secrets = secrets_on(backend, home)
    asyncio.run(secrets.get("provider/x"))
    backend.error = locked().error

    with pytest.raises(KeyringUnavailableError):
        asyncio.run(secrets.put("provider/x", Secret("two")))

    assert asyncio.run(secrets.get("provider/x")) == Secret("one")


def test_a_rejected_key_asks_a_locked_keyring_no_more_often(home: Home) -> None:
    backend = FailingBackend(None)
    backend.values[KEY] = "one"
    secrets = secrets_on(backend, home)
    asyncio.run(secrets.get("provider/x"))
    backend.error = locked().error
    backend.reads = 0

    for _ in range(5):
        secrets.forget("provider/x")
        assert asyncio.run(secrets.get("provider/x")) == Secret("one")

    assert backend.reads == 1


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
