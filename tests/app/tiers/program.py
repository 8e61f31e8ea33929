"""The command line in one home, with the servers and the keys that a test puts on the machine."""

import io
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from app import cli
from app.commands import tiers
from app.found_keys.vendors import ADDRESSES, variables
from app.keyring.store import Keyring
from app.providers import consent
from app.tiers import proposing, setting
from proxy.local.found import LocalServer
from tests.app.keyring.backends import MemoryBackend, keyring_on
from tests.app.test_providers_command import NoDesktop

CANARY = "canary-q7Rk2vN8sT4w"
CLAUDES = f"sk-ant-{CANARY}"

_FOLDERS = ("CLAUDE_CONFIG_DIR", "CODEX_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")


class Typing(io.StringIO):
    """Lines that are typed when they are asked for."""

    def __init__(self, lines: Sequence[str | Callable[[], str]]) -> None:
        super().__init__()
        self._lines = list(lines)

    def readline(self, _size: int | None = -1, /) -> str:
        line = self._lines.pop(0) if self._lines else None
        if line is None:
            return ""
        return f"{line if isinstance(line, str) else line()}\n"


class Program:
    """Its keyring outlives the calls, as that of a machine does."""

    def __init__(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.home = folder / "state"
        self.user = folder / "user"
        self.user.mkdir()
        self.config = self.home / "config.toml"
        self.copy = self.home / "backups" / "config.before-tiers.toml"
        self.backend = MemoryBackend()
        self.keyring: Keyring = keyring_on(self.backend)
        self.servers: Sequence[LocalServer] = ()
        self.speeds: Mapping[str, float] = {}
        self._capsys = capsys
        self._monkeypatch = monkeypatch
        self._leave_nothing_of_this_machine()
        monkeypatch.setattr(tiers, "keyring_of", lambda _context: self.keyring)
        monkeypatch.setattr(setting, "servers_of", lambda _context: self.servers)
        monkeypatch.setattr(proposing, "servers_and_speeds", lambda _context: (self.servers, self.speeds))

    def _leave_nothing_of_this_machine(self) -> None:
        addresses = (name for names in ADDRESSES.values() for name in names)
        for name in (*variables(), *addresses, *_FOLDERS):
            self._monkeypatch.delenv(name, raising=False)
        self._monkeypatch.setenv("HOME", str(self.user))

    def has(self, config: str) -> None:
        """Put a configuration there."""
        self.home.mkdir(exist_ok=True)
        self.config.write_text(config)

    def set(self, variable: str, value: str = CLAUDES) -> None:
        self._monkeypatch.setenv(variable, value)

    def put(self, file: str, content: Any) -> None:
        """A file in the user's home."""
        path = self.user / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content))

    def at_a_terminal(self, *answers: str | Callable[[], str]) -> None:
        """Somebody is there, and types these lines. A call is what they do meanwhile, and then type."""
        self._monkeypatch.setattr(sys, "stdin", Typing(answers))
        for module in (proposing, consent):
            self._monkeypatch.setattr(module, "somebody_is_there", lambda: True)

    def run(self, *arguments: str) -> tuple[int, str, str]:
        code = cli.run(["--home", str(self.home), "tiers", *arguments], NoDesktop())
        spoken = self._capsys.readouterr()
        written = "".join(path.read_text() for path in self.home.rglob("*") if path.is_file())
        assert CANARY not in spoken.out + spoken.err + written
        return code, spoken.out, spoken.err

    def json(self, *arguments: str, code: int = 0) -> dict[str, Any]:
        found, out, err = self.run(*arguments, "--json")
        assert (found, err) == (code, "")
        answer: dict[str, Any] = json.loads(out)
        return answer

    @property
    def stored(self) -> dict[str, str]:
        return {name: value for (_, name), value in self.backend.values.items()}
