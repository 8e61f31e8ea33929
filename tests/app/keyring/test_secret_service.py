"""The keyring against a real Secret Service: open, locked, never unlocked, and unlocked late."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine, Iterator

import pytest

pytest.importorskip("secretstorage", reason="SecretStorage is installed on Linux only")

from app.keyring.state import KeyringKind, KeyringUnavailableError
from app.keyring.store import Keyring
from app.keyring.thread import KeyringThread
from proxy.secret import Secret
from tests.app.keyring.secret_service import SecretService, needs_secret_service, secret_service

pytestmark = needs_secret_service

SHORT = 0.3
LONG = 60.0


@pytest.fixture
def keyring() -> Keyring:
    return Keyring(KeyringThread(patience=0.05))


@pytest.fixture
def unlocked(monkeypatch: pytest.MonkeyPatch) -> Iterator[SecretService]:
    monkeypatch.delenv("PYTHON_KEYRING_BACKEND", raising=False)
    with secret_service(unlocked=True) as service:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", service.address)
        yield service


@pytest.fixture
def never_unlocked(monkeypatch: pytest.MonkeyPatch) -> Iterator[SecretService]:
    monkeypatch.delenv("PYTHON_KEYRING_BACKEND", raising=False)
    with secret_service(unlocked=False) as service:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", service.address)
        service.hold_prompts()
        yield service


@pytest.mark.parametrize(
    "value",
    ["sk-ant-1", "é\U0001f600\ufeff\n", "", "k" * 1_000_000],
    ids=["plain", "unicode", "empty", "1 MB"],
)
def test_what_is_put_comes_back(unlocked: SecretService, keyring: Keyring, value: str) -> None:
    async def use() -> None:
        assert await keyring.get("provider/x") is None
        await keyring.put("provider/x", Secret(value))
        assert await keyring.get("provider/x") == Secret(value)
        await keyring.delete("provider/x")
        assert await keyring.get("provider/x") is None
        await keyring.delete("provider/x")

    asyncio.run(use())
    assert keyring.state().kind is KeyringKind.READY


def test_commands_use_it_without_a_loop(unlocked: SecretService, keyring: Keyring) -> None:
    keyring.put_blocking("provider/x", Secret("one"))
    keyring.put_blocking("provider/x", Secret("two"))

    assert keyring.get_blocking("provider/x") == Secret("two")
    keyring.delete_blocking("provider/x")
    assert keyring.get_blocking("provider/x") is None


def test_a_locked_collection_says_so_and_works_again_when_unlocked(
    unlocked: SecretService, keyring: Keyring
) -> None:
    keyring.put_blocking("provider/x", Secret("key"))
    unlocked.lock()

    for ask in (
        lambda: keyring.get_blocking("provider/x"),
        lambda: keyring.put_blocking("provider/x", Secret("other")),
        lambda: keyring.delete_blocking("provider/x"),
    ):
        with pytest.raises(KeyringUnavailableError, match="is locked") as caught:
            ask()
        assert caught.value.state.kind is KeyringKind.LOCKED

    unlocked.unlock()
    assert keyring.get_blocking("provider/x") == Secret("key")
    assert keyring.state().kind is KeyringKind.READY


def test_a_collection_that_was_never_unlocked_is_left_after_the_time_out(
    never_unlocked: SecretService, keyring: Keyring
) -> None:
    began = time.monotonic()
    with pytest.raises(KeyringUnavailableError, match="waiting for you to unlock"):
        keyring.get_blocking("provider/x", SHORT)
    first = time.monotonic() - began
    with pytest.raises(KeyringUnavailableError, match="waiting for you to unlock"):
        asyncio.run(keyring.get("provider/y", LONG))
    second = time.monotonic() - began - first

    assert SHORT <= first < LONG / 2
    assert second < LONG / 2
    assert keyring.state().kind is KeyringKind.WAITING


def test_a_collection_made_at_last_is_used(never_unlocked: SecretService, keyring: Keyring) -> None:
    give_up_at_the_prompt(never_unlocked, keyring.put("provider/x", Secret("given up"), LONG))

    never_unlocked.create_collection()
    never_unlocked.dismiss_prompts()

    assert eventually(keyring, "provider/x") is None, "a write that was given up is not carried out late"
    keyring.put_blocking("provider/x", Secret("key"))
    assert keyring.get_blocking("provider/x") == Secret("key")


@pytest.mark.parametrize(
    "change",
    [
        lambda keyring: keyring.put("provider/x", Secret("given up"), LONG),
        lambda keyring: keyring.delete("provider/x", LONG),
    ],
    ids=["put", "delete"],
)
def test_a_prompt_answered_late_lets_the_thread_go_on_without_the_change_that_was_given_up(
    unlocked: SecretService, keyring: Keyring, change: Callable[[Keyring], Coroutine[None, None, None]]
) -> None:
    keyring.put_blocking("provider/x", Secret("old"))
    unlocked.lock()
    unlocked.hold_prompts()
    give_up_at_the_prompt(unlocked, change(keyring))
    assert keyring.state().kind is KeyringKind.WAITING

    unlocked.unlock()
    unlocked.dismiss_prompts()

    assert eventually(keyring, "provider/x") == Secret("old")
    assert keyring.state().kind is KeyringKind.READY


def test_a_service_that_dies_is_absent(unlocked: SecretService, keyring: Keyring) -> None:
    keyring.put_blocking("provider/x", Secret("key"))

    unlocked.stop()

    with pytest.raises(KeyringUnavailableError) as caught:
        keyring.get_blocking("provider/x")
    assert caught.value.state.kind is KeyringKind.ABSENT


def test_a_hung_keyring_does_not_delay_the_end_of_the_process(never_unlocked: SecretService) -> None:
    program = """
import asyncio
from app.keyring.state import KeyringUnavailableError
from app.keyring.store import Keyring
from app.keyring.thread import KeyringThread

async def main():
    try:
        await Keyring(KeyringThread()).get("provider/x", 0.3)
    except KeyringUnavailableError as error:
        print(error)

asyncio.run(main())
"""
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=LONG, check=False
    )

    assert (ended.returncode, ended.stderr) == (0, "")
    assert "waiting for you to unlock" in ended.stdout


def give_up_at_the_prompt(service: SecretService, change: Coroutine[None, None, None]) -> None:
    async def give_up() -> None:
        changing = asyncio.ensure_future(change)
        await asyncio.to_thread(service.wait_for_prompt)
        changing.cancel()
        await asyncio.wait((changing,))

    asyncio.run(give_up())


def eventually(keyring: Keyring, name: str) -> Secret | None:
    """What the keyring answers once the call it was stuck in has returned."""
    deadline = time.monotonic() + LONG
    while time.monotonic() < deadline:
        try:
            return keyring.get_blocking(name)  # each try waits for the thread, a moment at least
        except KeyringUnavailableError:
            continue
    raise AssertionError("the keyring did not answer again")
