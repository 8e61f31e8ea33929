"""Only the operating system's own stores are trusted, and every refusal says what, why, and what to do."""

import subprocess
import sys
from pathlib import Path

import keyring.backend
import pytest
from keyring.backends import SecretService, Windows, chainer, fail, kwallet, libsecret, macOS, null

from app.keyring.choice import choose_backend, first_trusted
from app.keyring.state import KeyringKind, KeyringUnavailableError, UntrustedKeyringError
from app.keyring.store import Keyring
from app.keyring.thread import KeyringThread
from tests.app.keyring.backends import MemoryBackend

REMEDY = "Set PYTHON_KEYRING_BACKEND to keyring.backends.SecretService.Keyring"

ELSEWHERE = f"keyring.backends.{'macOS.Keyring' if sys.platform == 'win32' else 'Windows.WinVaultKeyring'}"


@pytest.mark.parametrize(
    ("offered", "chosen", "limit"),
    [
        ([SecretService.Keyring], SecretService.Keyring, None),
        ([libsecret.Keyring, SecretService.Keyring], libsecret.Keyring, None),
        ([kwallet.DBusKeyring, SecretService.Keyring], SecretService.Keyring, None),
        ([macOS.Keyring], macOS.Keyring, None),
        ([Windows.WinVaultKeyring], Windows.WinVaultKeyring, 1200),
    ],
)
def test_the_first_store_of_the_system_is_used(
    offered: list[type[keyring.backend.KeyringBackend]],
    chosen: type[keyring.backend.KeyringBackend],
    limit: int | None,
) -> None:
    trusted = first_trusted([kind() for kind in offered])

    assert type(trusted.backend) is chosen
    assert trusted.limit == limit


@pytest.mark.parametrize(
    ("offered", "path", "why"),
    [
        ([null.Keyring], "keyring.backends.null.Keyring", "forgets every secret"),
        ([fail.Keyring], "keyring.backends.fail.Keyring", "stores nothing"),
        ([kwallet.DBusKeyring], "keyring.backends.kwallet.DBusKeyring", "Secret Service only"),
        ([SecretService.Keyring, null.Keyring], "keyring.backends.null.Keyring", "forgets every secret"),
        ([SecretService.Keyring, MemoryBackend], "MemoryBackend", "no store of the operating system"),
    ],
)
def test_everything_else_is_refused_even_beside_a_store_of_the_system(
    offered: list[type[keyring.backend.KeyringBackend]], path: str, why: str
) -> None:
    with pytest.raises(KeyringUnavailableError) as caught:
        first_trusted([kind() for kind in offered])

    assert caught.value.state.kind is KeyringKind.REFUSED
    assert isinstance(caught.value, UntrustedKeyringError) is (offered != [kwallet.DBusKeyring])
    for part in (path, why, REMEDY):
        assert part in str(caught.value)


def test_a_service_that_stops_while_we_look_is_absent_and_used_once_it_is_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Priority:
        """Raises as that of SecretService does, until it `works`."""

        works = False

        def __get__(self, instance: object, owner: type) -> float:
            if self.works:
                return 5
            raise RuntimeError("The Secret Service daemon is neither running nor activatable")

    monkeypatch.delenv("PYTHON_KEYRING_BACKEND", raising=False)
    monkeypatch.setattr(keyring.backend.KeyringBackend, "_classes", set())
    priority = Priority()
    body = {"viable": True, "priority": priority, "__module__": SecretService.__name__}
    type("Keyring", (MemoryBackend,), body)  # the library registers it
    ring = Keyring(KeyringThread())

    with pytest.raises(KeyringUnavailableError, match="offers no keyring") as caught:
        ring.get_blocking("provider/x")
    assert caught.value.state.kind is KeyringKind.ABSENT

    priority.works = True
    assert ring.get_blocking("provider/x") is None


def test_no_store_at_all_is_absent() -> None:
    with pytest.raises(KeyringUnavailableError, match="offers no keyring") as caught:
        first_trusted([])

    assert caught.value.state.kind is KeyringKind.ABSENT


@pytest.mark.parametrize(
    ("name", "kind", "why", "remedy"),
    [
        ("keyring.backends.null.Keyring", KeyringKind.REFUSED, "it forgets every secret", REMEDY),
        ("keyring.backends.fail.Keyring", KeyringKind.REFUSED, "it stores nothing", REMEDY),
        (ELSEWHERE, KeyringKind.ABSENT, "does not work here", "Start it, or name another one"),
        ("no.such.Keyring", KeyringKind.REFUSED, "No module named 'no'", REMEDY),
        ("keyring.backends.null.Nonsense", KeyringKind.REFUSED, "has no attribute 'Nonsense'", REMEDY),
    ],
)
@pytest.mark.parametrize("by", ["environment", "file"])
def test_what_the_user_names_is_vetted_too(
    name: str,
    kind: KeyringKind,
    why: str,
    remedy: str,
    by: str,
    own_home: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if by == "environment":
        monkeypatch.setenv("PYTHON_KEYRING_BACKEND", name)
    else:
        monkeypatch.delenv("PYTHON_KEYRING_BACKEND", raising=False)
        file = own_home / ".config" / "python_keyring" / "keyringrc.cfg"
        file.parent.mkdir(parents=True)
        file.write_text(f"[backend]\ndefault-keyring={name}\n")

    with pytest.raises(KeyringUnavailableError) as caught:
        choose_backend()

    assert caught.value.state.kind is kind
    assert why in str(caught.value)
    assert remedy in str(caught.value)


def test_a_chain_is_as_good_as_its_worst_member(monkeypatch: pytest.MonkeyPatch) -> None:
    assert chainer.ChainerBackend.__module__ == "keyring.backends.chainer"
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.chainer.ChainerBackend")

    said = in_a_process_with_a_plain_text_backend()

    assert "does not trust the keyring it was offered, keyrings.alt.file.PlaintextKeyring" in said
    assert "it keeps secrets in a plain text file" in said


def test_a_plain_text_backend_that_is_merely_installed_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    monkeypatch.delenv("PYTHON_KEYRING_BACKEND", raising=False)

    assert "it keeps secrets in a plain text file" in in_a_process_with_a_plain_text_backend()


def in_a_process_with_a_plain_text_backend() -> str:
    """What choosing says where keyrings.alt is installed. Its registry lasts as long as its process."""
    program = """
from keyring.backend import KeyringBackend
from app.keyring.choice import choose_backend
from app.keyring.state import KeyringUnavailableError

class PlaintextKeyring(KeyringBackend):
    __module__ = "keyrings.alt.file"
    priority = 0.5
    def get_password(self, service, username): raise AssertionError("asked for a secret")
    def set_password(self, service, username, password): raise AssertionError("given a secret")

try:
    print("chosen:", choose_backend())
except KeyringUnavailableError as error:
    print(error.state.kind, error)
"""
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=30
    )
    assert ended.stdout.startswith("refused ")
    return ended.stdout
