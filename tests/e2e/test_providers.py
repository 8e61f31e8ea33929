"""`tierwise providers` as a process: with a real keyring, at a real terminal, beside a running Tierwise."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from tests.app.keyring.secret_service import SecretService, needs_secret_service, secret_service
from tests.e2e.program import END_SECONDS, environment, program, run
from tests.e2e.terminal import AtTerminal, at_terminal, read_until
from tests.e2e.test_keyring import assert_absent_below

CANARY = "sk-canary-4711"
TABLE = '[providers.anthropic]\nkind = "anthropic"\nkey = "keyring"\n'
ADD = ("providers", "add", "anthropic")

_KEYRING = [sys.executable, "-m", "keyring"]

_AT_A_TERMINAL_OF_ITS_OWN = """
import fcntl, os, sys, termios
os.setsid()
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.executable, [sys.executable, "-m", "app", *sys.argv[1:]])
"""


@pytest.fixture(scope="module")
def service() -> Iterator[SecretService]:
    with secret_service(unlocked=True) as service:
        yield service


def with_keyring(home: Path, service: SecretService, *arguments: str) -> AbstractContextManager[AtTerminal]:
    """In a session whose terminal we hold: getpass opens that one, whatever stdin is."""
    started_as = ("-c", _AT_A_TERMINAL_OF_ITS_OWN)
    return at_terminal(home, *arguments, started_as=started_as, DBUS_SESSION_BUS_ADDRESS=service.address)


def stored(service: SecretService, name: str) -> str:
    """What the keyring's own command line finds; empty: nothing."""
    done = subprocess.run(
        [*_KEYRING, "get", "tierwise", name],
        capture_output=True,
        text=True,
        check=False,
        env=environment(DBUS_SESSION_BUS_ADDRESS=service.address),
    )
    return done.stdout.strip()


@needs_secret_service
def test_a_key_lives_in_the_keyring_until_its_provider_is_removed(
    tmp_path: Path, service: SecretService
) -> None:
    bus = {"DBUS_SESSION_BUS_ADDRESS": service.address}
    spoken = run(*ADD, "--key-stdin", "--yes", home=tmp_path, stdin=f"{CANARY}\n", **bus)
    assert (spoken[0], spoken[2]) == (0, "")
    assert stored(service, "provider/anthropic") == CANARY
    listed = run("providers", "list", "--json", home=tmp_path, **bus)
    assert json.loads(listed[1])["providers"][0]["keys"] == [{"form": "keyring", "state": "stored"}]
    removed = run("providers", "remove", "anthropic", "--yes", home=tmp_path, **bus)
    assert removed[0] == 0
    assert stored(service, "provider/anthropic") == ""
    assert CANARY not in "".join(str(each) for each in (spoken, listed, removed))
    assert_absent_below(tmp_path, CANARY.encode())


@needs_secret_service
def test_at_a_terminal_it_asks_and_the_key_is_not_seen(tmp_path: Path, service: SecretService) -> None:
    with with_keyring(tmp_path, service, *ADD) as (process, terminal):
        seen = read_until(terminal, b"[y/N]")
        os.write(terminal, b"y\n")
        seen += read_until(terminal, b"not shown while you type")
        os.write(terminal, f"{CANARY}\n".encode())
        assert process.stdout is not None
        assert process.stdout.read().startswith(b"anthropic is added")
        assert process.wait(END_SECONDS) == 0
        os.set_blocking(terminal, False)
        assert CANARY.encode() not in seen + left_in(terminal)
    assert (tmp_path / "config.toml").read_text() == TABLE
    assert stored(service, "provider/anthropic") == CANARY
    run("providers", "remove", "anthropic", "--yes", home=tmp_path, DBUS_SESSION_BUS_ADDRESS=service.address)


@needs_secret_service
@pytest.mark.parametrize(
    ("at", "answer", "code"),
    [(b"[y/N]", b"n\n", 1), (b"[y/N]", b"\n", 1), (b"[y/N]", b"\x03", 130), (b"not shown", b"\x03", 130)],
    ids=["no", "nothing", "ctrl-c at the question", "ctrl-c at the key"],
)
def test_a_no_and_ctrl_c_leave_neither_key_nor_table(
    tmp_path: Path, service: SecretService, at: bytes, answer: bytes, code: int
) -> None:
    flags = ["--yes"] if at == b"not shown" else []
    with with_keyring(tmp_path, service, *ADD, *flags) as (process, terminal):
        read_until(terminal, at)
        os.write(terminal, answer)
        assert process.wait(END_SECONDS) == code
    assert not (tmp_path / "config.toml").exists()
    assert stored(service, "provider/anthropic") == ""


def test_a_running_tierwise_takes_up_the_change_at_once(tmp_path: Path) -> None:
    with program("serve", "--port", "0", home=tmp_path) as serving:
        serving.ready()
        for arguments in (("add", "ollama"), ("disable", "ollama"), ("remove", "ollama")):
            code, out, _ = run("providers", *arguments, "--yes", "--json", home=tmp_path)
            assert (code, json.loads(out)["reloaded"]) == (0, True)
        assert serving.end(signal.SIGTERM)[0] == 0
        assert serving.stderr.count("is in force") >= 3


def test_without_a_keyring_a_key_is_refused_with_the_way_that_works(tmp_path: Path) -> None:
    code, out, err = run(*ADD, "--key-stdin", "--yes", home=tmp_path, stdin=CANARY)
    assert (code, out) == (1, "")
    assert "--key-env" in err
    assert CANARY not in err
    assert not (tmp_path / "config.toml").exists()


@pytest.mark.parametrize("action", ["", "list", "add", "remove", "enable", "disable"])
def test_every_action_explains_itself(action: str) -> None:
    code, out, _ = run("providers", *action.split(), "--help")
    assert code == 0
    assert "--json" in out
    assert ("--yes" in out) == (action not in ("", "list"))


def left_in(terminal: int) -> bytes:
    """What the terminal shows and nobody has read yet; reading fails where nothing is left."""
    seen = b""
    try:
        while chunk := os.read(terminal, 4096):
            seen += chunk
    except OSError:
        return seen
    return seen
