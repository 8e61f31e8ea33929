"""The keyring by name: what it says of itself, and what its backends' errors become."""

import asyncio
from collections.abc import Callable

import keyring.errors
import pytest

from app.keyring.entries import SERVICE, TrustedBackend
from app.keyring.state import (
    NOT_ASKED,
    READY,
    KeyringKind,
    KeyringState,
    KeyringUnavailableError,
    UntrustedKeyringError,
    UnusableSecretError,
)
from app.keyring.store import Keyring
from app.keyring.thread import KeyringThread
from proxy.secret import Secret
from tests.app.keyring.backends import CappedBackend, FailingBackend, GatedBackend, MemoryBackend, keyring_on

VALUE = "sk-canary-55e1"


class CodedError(Exception):
    winerror = 1783


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


class PromptDismissedException(Exception):  # noqa: N818 -- the name is what counts
    """As secretstorage names it."""


@pytest.mark.parametrize(
    ("error", "kind", "sentence"),
    [
        (keyring.errors.KeyringLocked("locked"), KeyringKind.LOCKED, "is locked"),
        (caused(keyring.errors.InitError("x"), PromptDismissedException()), KeyringKind.LOCKED, "is locked"),
        (keyring.errors.NoKeyringError("x"), KeyringKind.ABSENT, "cannot be reached"),
        (ConnectionRefusedError(), KeyringKind.ABSENT, "cannot be reached"),
        (keyring.errors.PasswordSetError(VALUE), KeyringKind.REFUSED, "(PasswordSetError)"),
        (CodedError(VALUE), KeyringKind.REFUSED, "(CodedError 1783)"),
        (OSError(13, VALUE), KeyringKind.REFUSED, "(PermissionError 13)"),
        (SystemExit(VALUE), KeyringKind.REFUSED, "(SystemExit)"),
    ],
)
def test_every_error_of_a_backend_becomes_a_sentence(
    error: BaseException, kind: KeyringKind, sentence: str
) -> None:
    ring = keyring_on(FailingBackend(lambda value: error))

    with pytest.raises(KeyringUnavailableError) as caught:
        ring.put_blocking("provider/x", Secret(VALUE))

    assert caught.value.state.kind is kind
    assert sentence in str(caught.value)
    assert VALUE not in str(caught.value)
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)
    assert ring.state() == caught.value.state


def test_its_state_is_what_it_answered_last() -> None:
    backend = FailingBackend(None)
    ring = keyring_on(backend)

    assert ring.state() == NOT_ASKED
    assert asyncio.run(ring.check()) == ring.state() == READY
    backend.error = lambda value: keyring.errors.KeyringLocked("locked")
    assert asyncio.run(ring.check()).kind is ring.state().kind is KeyringKind.LOCKED


def test_a_keyring_that_hangs_is_waiting() -> None:
    backend = GatedBackend()
    ring = keyring_on(backend)

    assert asyncio.run(ring.check(timeout=0.02)).kind is KeyringKind.WAITING
    assert ring.state().kind is KeyringKind.WAITING
    backend.gate.set()


@pytest.mark.parametrize(
    ("error", "kind", "choices"),
    [
        (KeyringUnavailableError, KeyringKind.ABSENT, 2),
        (KeyringUnavailableError, KeyringKind.REFUSED, 2),
        (UntrustedKeyringError, KeyringKind.REFUSED, 1),
    ],
    ids=["absent", "refuses now", "untrusted"],
)
def test_only_an_untrusted_keyring_stays_refused(
    error: type[KeyringUnavailableError], kind: KeyringKind, choices: int
) -> None:
    made = 0

    def choose() -> TrustedBackend:
        nonlocal made
        made += 1
        raise error(KeyringState(kind, "not now"))

    ring = Keyring(KeyringThread(), choose)
    for _ in range(2):
        with pytest.raises(KeyringUnavailableError, match="not now"):
            ring.get_blocking("provider/x")

    assert made == choices


@pytest.mark.parametrize("make", [MemoryBackend, lambda: CappedBackend(100)], ids=["any length", "capped"])
def test_text_that_is_not_unicode_is_refused_before_any_backend_sees_it(
    make: Callable[[], MemoryBackend],
) -> None:
    backend = make()

    with pytest.raises(UnusableSecretError, match="not valid Unicode") as caught:
        keyring_on(backend).put_blocking("provider/x", Secret(f"{VALUE}\udc80"))

    assert VALUE not in str(caught.value)
    assert backend.values == {}


def test_a_damaged_entry_does_not_discredit_the_keyring() -> None:
    backend = CappedBackend(100)
    backend.values[SERVICE, "provider/x"] = "tierwise-pieces:nonsense"
    ring = keyring_on(backend, limit=100)

    with pytest.raises(UnusableSecretError):
        ring.get_blocking("provider/x")
    assert ring.state() == READY


def test_a_keyring_that_only_pretends_to_delete_is_found_out() -> None:
    class Clinging(MemoryBackend):
        def delete_password(self, service: str, username: str) -> None:
            pass

    ring = keyring_on(Clinging())
    ring.put_blocking("provider/x", Secret(VALUE))

    with pytest.raises(UnusableSecretError, match="does not let go of provider/x"):
        ring.delete_blocking("provider/x")


def test_long_secrets_pass_through_short_entries() -> None:
    ring = keyring_on(CappedBackend(100), limit=100)

    ring.put_blocking("provider/x", Secret("k" * 5000))

    assert ring.get_blocking("provider/x") == Secret("k" * 5000)
