"""Secrets among the settings that we change in other programs, kept so that they can be put back.

They belong in the keyring. But a client must be restorable on a machine whose keyring is locked or
missing, so what the keyring does not take goes to a private file in HOME/run, with a warning, and
moves into the keyring as soon as that answers. A name in the file is always newer than the same name
in the keyring: a successful write to the keyring removes it from the file.
"""

import asyncio
import logging
import threading
from pathlib import Path

import msgspec

from app.keyring.files import PrivateFile, PrivateFileError
from app.keyring.home import HomeKeyring
from app.keyring.state import KeyringUnavailableError
from app.keyring.store import READ_TIMEOUT
from proxy.secret import Secret

_log = logging.getLogger("tierwise.secrets")

FILE_NAME = "journal-secrets.json"

_LIE_IN_A_FILE = (
    "Secrets from the settings of your clients lie in {path}, readable for you only, because the system "
    "keyring does not take them. They move there as soon as it does."
)


class JournalSecrets:
    """The secret before-values of the client journal, by name."""

    def __init__(self, keyring: HomeKeyring, run: Path) -> None:
        self._keyring = keyring
        self._filed = _FiledSecrets(PrivateFile(run / FILE_NAME))
        # Counted, so that what is filed while others move is not taken for moved.
        self._filings = 1
        self._filings_moved = 0
        self._has_warned = False

    async def put(self, name: str, secret: Secret, timeout: float = READ_TIMEOUT) -> None:
        try:
            await self._keyring.put(_entry(name), secret, timeout)
        except KeyringUnavailableError as error:
            await asyncio.to_thread(self._filed.put, name, secret)
            self._filings += 1
            self._warn(error)
        else:
            await asyncio.to_thread(self._filed.pop, name)
            await self.settle()

    async def get(self, name: str, timeout: float = READ_TIMEOUT) -> Secret | None:
        """The secret, None when there is none; KeyringUnavailableError when only the keyring can tell."""
        filed = await asyncio.to_thread(self._filed.get, name)
        return filed if filed is not None else await self._keyring.get(_entry(name), timeout)

    async def delete(self, name: str, timeout: float = READ_TIMEOUT) -> None:
        was_filed = await asyncio.to_thread(self._filed.pop, name)
        try:
            await self._keyring.delete(_entry(name), timeout)
        except KeyringUnavailableError:
            if not was_filed:  # else the keyring most likely never had it
                raise

    async def settle(self) -> None:
        """Move what lies in the file into the keyring, as far as the keyring takes it."""
        filings = self._filings
        if filings == self._filings_moved:
            return
        try:
            for name in await asyncio.to_thread(self._filed.names):
                await self._move(name)
        except KeyringUnavailableError:
            return  # next time
        except PrivateFileError as error:
            _log.warning("%s", error)
            return
        self._filings_moved = filings

    def notice(self) -> str | None:
        """What the user should know: secrets lie in a file. Reads that file."""
        if self._filings == self._filings_moved:
            return None
        try:
            names = self._filed.names()
        except PrivateFileError as error:
            return str(error)
        return _LIE_IN_A_FILE.format(path=self._filed.path) if names else None

    async def _move(self, name: str) -> None:
        secret = await asyncio.to_thread(self._filed.get, name)
        if secret is not None:
            await self._keyring.put(_entry(name), secret)
            await asyncio.to_thread(self._filed.discard, name, secret)

    def _warn(self, error: KeyringUnavailableError) -> None:
        if not self._has_warned:
            self._has_warned = True
            _log.warning("secrets of client settings go to %s for now: %s", self._filed.path, error)


class _FiledSecrets:
    """The file: a JSON object of names and values."""

    def __init__(self, file: PrivateFile) -> None:
        self._file = file
        self._lock = threading.Lock()

    @property
    def path(self) -> Path:
        return self._file.path

    def names(self) -> list[str]:
        return list(self._load())

    def get(self, name: str) -> Secret | None:
        return self._load().get(name)

    def put(self, name: str, secret: Secret) -> None:
        with self._lock:
            self._store({**self._load(), name: secret})

    def pop(self, name: str) -> bool:
        """Remove the name; whether it was there."""
        with self._lock:
            secrets = self._load()
            was_there = secrets.pop(name, None) is not None
            if was_there:
                self._store(secrets)
        return was_there

    def discard(self, name: str, secret: Secret) -> None:
        """Remove the name if it still has this value."""
        with self._lock:
            secrets = self._load()
            if secrets.get(name) == secret:
                del secrets[name]
                self._store(secrets)

    def _load(self) -> dict[str, Secret]:
        text = self._file.read()
        if text is None:
            return {}
        try:
            plain = msgspec.json.decode(text.reveal(), type=dict[str, str])
        except msgspec.DecodeError:
            pass
        else:
            return {name: Secret(value) for name, value in plain.items()}
        raise PrivateFileError(f"{self.path} is damaged. Move it away to go on without the secrets in it.")

    def _store(self, secrets: dict[str, Secret]) -> None:
        if not secrets:
            self._file.remove()
            return
        plain = {name: secret.reveal() for name, secret in secrets.items()}
        text = Secret(msgspec.json.encode(plain).decode())
        del plain  # the next line can fail, and its traceback may show this frame
        self._file.write(text)


def _entry(name: str) -> str:
    return f"journal/{name}"
