"""Where a token itself can be found again: environment, keyring, or a private file.

    client `sdk`      TIERWISE_TOKEN         keyring token/sdk       HOME/run/token
    admin             TIERWISE_ADMIN_TOKEN   keyring token/admin     HOME/run/admin-token
    any other client                         keyring token/<client>  HOME/run/token-<client>

The environment wins. The files are for machines without a working keyring, and newer than what that has
of the same name; when it answers again, it takes over what they hold. The keyring cannot list its
entries, so one more, `tokens`, names the clients that have one.
"""

import asyncio
import logging
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from app.keyring.files import PrivateFile, PrivateFileError
from app.keyring.home import HomeKeyring
from app.keyring.store import READ_TIMEOUT
from proxy.secret import Secret, SecretUnavailableError

_log = logging.getLogger("tierwise.tokens")

ADMIN = "admin"
SDK = "sdk"

_VARIABLES = {SDK: "TIERWISE_TOKEN", ADMIN: "TIERWISE_ADMIN_TOKEN"}
_FILES = {SDK: "token", ADMIN: "admin-token"}
_FILE = "token-"
_INDEX = "tokens"
_CLIENT_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,99}")

T = TypeVar("T")


class PlainTokens:
    """Finds, keeps and removes the tokens themselves. `holder` is a client's id, or `admin`."""

    def __init__(self, keyring: HomeKeyring, run: Path, environ: Mapping[str, str]) -> None:
        self._keyring = keyring
        self._run = run
        self._environ = environ
        self._without_keyring: str | None = None
        self._without_file: str | None = None

    def notices(self) -> list[str]:
        """What the user should know about where tokens are kept now."""
        return [notice for notice in (self._without_keyring, self._without_file) if notice]

    def variable(self, holder: str) -> str | None:
        """The environment variable that sets this token, where one does."""
        name = _VARIABLES.get(holder, "")
        return name if self._from_environment(name) else None

    @property
    def keyring_answers(self) -> bool:
        """It did when it was asked last, or has not been asked."""
        return self._without_keyring is None

    async def find(self, holder: str, timeout: float = READ_TIMEOUT) -> Secret | None:
        if variable := self.variable(holder):
            return self._from_environment(variable)
        filed = await self._on_disk(self._file(holder).read)
        try:
            kept = await self._keyring.get(_entry(holder), timeout)
        except SecretUnavailableError as error:
            self._warn_about_files(error)
            return filed
        self._without_keyring = None
        if filed is not None:  # the keyring works again
            await self.keep(holder, filed, timeout)
        return filed or kept

    async def keep(self, holder: str, token: Secret, timeout: float = READ_TIMEOUT) -> None:
        """Store the token where it can be found again."""
        file = self._file(holder)
        try:
            await self._keyring.put(_entry(holder), token, timeout)
            if holder not in _VARIABLES:
                await self._add_to_index(holder, timeout)
        except SecretUnavailableError as error:
            self._warn_about_files(error)
            await self._on_disk(lambda: file.write(token))
        else:
            await self._on_disk(file.remove)

    async def remove(self, holder: str, timeout: float = READ_TIMEOUT) -> None:
        """Remove every copy; one in a keyring that cannot be asked stays, and is said to stay."""
        await self._on_disk(self._file(holder).remove)
        try:
            await self._keyring.delete(_entry(holder), timeout)
        except SecretUnavailableError as error:
            _log.warning(
                "the revoked token of %s may stay in the keyring, where it opens nothing: %s", holder, error
            )

    async def holders(self, timeout: float = READ_TIMEOUT) -> list[str]:
        """The clients that were given a token, as far as keyring and files can tell."""
        try:
            index = await self._keyring.get(_INDEX, timeout)
        except SecretUnavailableError:
            index = None  # the caller asks for the tokens next, and is told then
        kept = index.reveal().split() if index is not None else []
        filed = await asyncio.to_thread(lambda: [path.name for path in self._run.glob(f"{_FILE}*")])
        return sorted({*kept, *(name.removeprefix(_FILE) for name in filed)})

    async def _add_to_index(self, holder: str, timeout: float) -> None:
        index = await self._keyring.get(_INDEX, timeout)
        names = set(index.reveal().split()) if index is not None else set()
        if holder not in names:
            await self._keyring.put(_INDEX, Secret(" ".join(sorted({*names, holder}))), timeout)

    def _from_environment(self, variable: str) -> Secret:
        # Secrets that a container is given as files often end in a line break.
        return Secret(self._environ.get(variable, "").strip())

    def _file(self, holder: str) -> PrivateFile:
        return PrivateFile(self._run / _FILES.get(holder, f"{_FILE}{holder}"))

    async def _on_disk(self, work: Callable[[], T]) -> T | None:
        try:
            result = await asyncio.to_thread(work)
        except PrivateFileError as error:
            self._without_file = f"A file for tokens does not work. {error}"
            _log.warning("%s", self._without_file)
            return None
        self._without_file = None
        return result

    def _warn_about_files(self, error: SecretUnavailableError) -> None:
        notice = f"Tokens are kept in private files below {self._run}. {error}"
        if notice != self._without_keyring:
            _log.warning("%s", notice)
        self._without_keyring = notice


def is_client_id(text: str) -> bool:
    """Whether the text can name a client: it becomes part of a file name and of a keyring entry."""
    return _CLIENT_ID.fullmatch(text) is not None and text != ADMIN


def _entry(holder: str) -> str:
    return f"token/{holder}"
