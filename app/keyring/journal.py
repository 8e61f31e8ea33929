"""Secrets among the settings that we change in other programs, kept so that they can be put back.

They belong in the keyring. But a client must be restorable on a machine whose keyring is locked or
missing, so what the keyring does not take goes to a private file in HOME/run, with a warning, and
moves into the keyring as soon as that answers (`settle`). What is deleted meanwhile leaves a tombstone
in the file, which becomes a deletion in the keyring. So a name in the file is always newer than the
same name in the keyring: a successful change of the keyring removes it from the file.

A move must not overtake a change. The keyring carries out requests in the order in which they are made,
so it is enough that a move reads the file while no change is on its way, and is not begun when one has
started since.
"""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.keyring.filed import FiledSecrets
from app.keyring.files import PrivateFile, PrivateFileError
from app.keyring.home import HomeKeyring
from app.keyring.state import KeyringUnavailableError, UnusableSecretError
from app.keyring.store import READ_TIMEOUT
from proxy.secret import Secret, SecretUnavailableError

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
        self._filed = FiledSecrets(PrivateFile(run / FILE_NAME))
        self._outdated: set[str] = set()  # older in the file than in the keyring: it could not be written
        self._changes = 1
        self._settled = 0
        self._on_their_way = 0
        self._at_rest = asyncio.Event()
        self._at_rest.set()
        self._last_warning = ""

    async def put(self, name: str, secret: Secret, timeout: float = READ_TIMEOUT) -> None:
        with self._change():
            try:
                await self._keyring.put(_entry(name), secret, timeout)
            except KeyringUnavailableError as error:
                await self._file_away(name, secret)
                self._warn(f"secrets of client settings go to {self._filed.path} for now: {error}")
            else:
                await self._drop_from_file(name)

    async def get(self, name: str, timeout: float = READ_TIMEOUT) -> Secret | None:
        """The secret, None when there is none; KeyringUnavailableError when only the keyring can tell."""
        if name not in self._outdated:
            filed = await asyncio.to_thread(self._filed.all)
            if name in filed:
                return filed[name]
        return await self._keyring.get(_entry(name), timeout)

    async def delete(self, name: str, timeout: float = READ_TIMEOUT) -> None:
        """Remove the secret now; a keyring that cannot be asked follows when it answers."""
        with self._change():
            try:
                await self._keyring.delete(_entry(name), timeout)
            except SecretUnavailableError:
                await self._file_away(name, None)
            else:
                await self._drop_from_file(name)

    @property
    def is_settled(self) -> bool:
        """The keyring has been offered everything that lies in the file."""
        return self._settled == self._changes

    async def settle(self) -> None:
        """Bring the keyring to the state of the file, as far as the keyring lets us."""
        try:
            while not self.is_settled:
                await self._move_all()
        except KeyringUnavailableError:
            return  # next time
        except PrivateFileError as error:
            self._warn(str(error))

    def notice(self) -> str | None:
        """What the user should know: secrets lie in a file, or were lost with it. Reads that file."""
        try:
            lie_there = any(secret is not None for secret in self._filed.all().values())
        except PrivateFileError as error:
            return str(error)
        in_a_file = _LIE_IN_A_FILE.format(path=self._filed.path) if lie_there else ""
        return " ".join(filter(None, (in_a_file, self._filed.damage()))) or None

    @contextmanager
    def _change(self) -> Iterator[None]:
        self._changes += 1
        self._on_their_way += 1
        self._at_rest.clear()
        try:
            yield
        finally:
            self._on_their_way -= 1
            if not self._on_their_way:
                self._at_rest.set()

    async def _move_all(self) -> None:
        await self._at_rest.wait()
        changes = self._changes
        for name, secret in (await asyncio.to_thread(self._filed.all)).items():
            if self._changes != changes:
                return
            if name in self._outdated or await self._has_moved(name, secret):
                await asyncio.to_thread(self._filed.discard, name, secret)
                self._outdated.discard(name)
        self._settled = changes

    async def _has_moved(self, name: str, secret: Secret | None) -> bool:
        try:
            if secret is None:
                await self._keyring.delete(_entry(name))
            else:
                await self._keyring.put(_entry(name), secret)
        except UnusableSecretError as error:
            self._warn(f"a secret of client settings stays in {self._filed.path}: {error}")
            return False
        return True

    async def _file_away(self, name: str, secret: Secret | None) -> None:
        await asyncio.to_thread(self._filed.put, name, secret)
        self._outdated.discard(name)

    async def _drop_from_file(self, name: str) -> None:
        """The keyring has it now. That the file cannot be written is no reason to fail."""
        try:
            await asyncio.to_thread(self._filed.pop, name)
        except PrivateFileError as error:
            self._outdated.add(name)
            self._warn(str(error))
        else:
            self._outdated.discard(name)

    def _warn(self, sentence: str) -> None:
        if sentence != self._last_warning:
            self._last_warning = sentence
            _log.warning("%s", sentence)


def _entry(name: str) -> str:
    return f"journal/{name}"
