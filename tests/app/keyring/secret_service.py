"""A real Secret Service for tests: gnome-keyring in a D-Bus session and a home of its own.

A prompter that never answers stands in for the user, so asking for a locked keyring blocks for as
long as that prompter lives.
"""

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jeepney import MatchRule, MessageType
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import Proxy, open_dbus_connection
from secretstorage.util import DBusAddressWrapper

_BUS = "org.freedesktop.secrets"
_PROMPTER = "org.gnome.keyring.SystemPrompter"
_SERVICE = "/org/freedesktop/secrets"
_LABEL = "org.freedesktop.Secret.Collection.Label"
_SECONDS = 60.0  # for what happens at once, unless the machine is busy
_PASSWORD = "the password of the keyring"
_CONFIGURATION = """
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={folder}/bus</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
  </policy>
</busconfig>
"""

needs_secret_service = pytest.mark.skipif(
    not (shutil.which("gnome-keyring-daemon") and shutil.which("dbus-daemon")),
    reason="needs gnome-keyring-daemon and dbus-daemon: apt-get install gnome-keyring dbus-daemon",
)


class SecretService:
    """One running service, and what a user would do with it in a password application."""

    def __init__(self, address: str, daemon: subprocess.Popen[str], processes: contextlib.ExitStack) -> None:
        self.address = address
        self._daemon = daemon
        self._prompts = processes.enter_context(contextlib.ExitStack())
        self._bus = processes.enter_context(contextlib.closing(open_dbus_connection(address)))

    def hold_prompts(self) -> None:
        """From now on a prompt is shown, and nobody answers it."""
        self._prompter = self._prompts.enter_context(contextlib.closing(open_dbus_connection(self.address)))
        Proxy(message_bus, self._prompter).RequestName(_PROMPTER)

    def wait_for_prompt(self) -> None:
        """Until the prompt is shown, after `hold_prompts`."""
        while self._prompter.receive(timeout=_SECONDS).header.message_type is not MessageType.method_call:
            pass

    def dismiss_prompts(self) -> None:
        """The prompt goes away; from now on none can be shown."""
        self._prompts.close()

    def stop(self) -> None:
        """The service is gone; the bus stays."""
        self._daemon.kill()
        self._daemon.wait()

    def lock(self) -> None:
        self._call("org.freedesktop.Secret.Service", "Lock", "ao", [self._default()])

    def unlock(self) -> None:
        self._guiltily("UnlockWithMasterPassword", "o(oayays)", self._default())

    def create_collection(self) -> None:
        """Make the collection that a user without one makes at the first prompt."""
        (path,) = self._guiltily("CreateWithMasterPassword", "a{sv}(oayays)", {_LABEL: ("s", "Default")})
        self._call("org.freedesktop.Secret.Service", "SetAlias", "so", "default", path)

    def _default(self) -> str:
        (path,) = self._call("org.freedesktop.Secret.Service", "ReadAlias", "s", "default")
        return str(path)

    def _guiltily(self, method: str, signature: str, subject: object) -> Any:
        # The interface that gnome-keyring keeps for tests and other guilty callers.
        _, session = self._call("org.freedesktop.Secret.Service", "OpenSession", "sv", "plain", ("s", ""))
        password = (session, b"", _PASSWORD.encode(), "text/plain")
        interface = "org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface"
        return self._call(interface, method, signature, subject, password)

    def _call(self, interface: str, method: str, signature: str, *arguments: object) -> Any:
        return DBusAddressWrapper(_SERVICE, interface, self._bus).call(method, signature, *arguments)


@contextlib.contextmanager
def secret_service(*, unlocked: bool) -> Iterator[SecretService]:
    """Start the service, with its collection open or without any collection."""
    with contextlib.ExitStack() as processes:
        folder = processes.enter_context(tempfile.TemporaryDirectory(prefix="tw-"))  # socket paths are short
        environ = {**os.environ, "HOME": folder, "XDG_RUNTIME_DIR": folder, "XDG_DATA_HOME": f"{folder}/data"}
        address = _start_bus(processes, Path(folder), environ)
        environ["DBUS_SESSION_BUS_ADDRESS"] = address
        daemon = start_daemon(processes, environ, unlocked=unlocked)
        yield SecretService(address, daemon, processes)


def _start_bus(processes: contextlib.ExitStack, folder: Path, environ: dict[str, str]) -> str:
    configuration = folder / "bus.conf"
    configuration.write_text(_CONFIGURATION.format(folder=folder).strip())
    bus = _start(
        processes, environ, "dbus-daemon", f"--config-file={configuration}", "--nofork", "--print-address=1"
    )
    assert bus.stdout is not None
    return bus.stdout.readline().strip()


def start_daemon(
    processes: contextlib.ExitStack, environ: dict[str, str], *, unlocked: bool
) -> subprocess.Popen[str]:
    """On the bus that the environment names."""
    command = ["gnome-keyring-daemon", "--foreground", "--components=secrets"]
    with _name_appears(environ["DBUS_SESSION_BUS_ADDRESS"]):
        daemon = _start(processes, environ, *command, *(["--unlock"] if unlocked else []))
        assert daemon.stdin is not None
        daemon.stdin.write(_PASSWORD if unlocked else "")
        daemon.stdin.close()
    return daemon


@contextlib.contextmanager
def _name_appears(address: str) -> Iterator[None]:
    rule = MatchRule(type="signal", interface="org.freedesktop.DBus", member="NameOwnerChanged")
    rule.add_arg_condition(0, _BUS)
    with contextlib.closing(open_dbus_connection(address)) as connection:
        Proxy(message_bus, connection).AddMatch(rule)
        with connection.filter(rule) as signals:
            yield
            connection.recv_until_filtered(signals, timeout=_SECONDS)


def _start(processes: contextlib.ExitStack, environ: dict[str, str], *command: str) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        command,
        env=environ,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    processes.enter_context(process)
    processes.callback(process.kill)
    return process
