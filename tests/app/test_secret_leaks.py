"""A canary goes through everything that handles secrets, and is looked for everywhere it must not be."""

import asyncio
import logging
import os
import stat
import traceback
from collections.abc import Callable
from pathlib import Path

import keyring.errors
import pytest

from app.home import Home
from app.keyring.files import PrivateFile, PrivateFileError
from app.keyring.state import KeyringUnavailableError
from app.secrets import Secrets
from app.tokens.issued import Tokens
from proxy.secret import Secret
from tests.app.keyring.backends import CappedBackend, FailingBackend, MemoryBackend, keyring_on

CANARY = "sk-canary-0badcafe"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "state")
    home.prepare()
    return home


def shown(error: BaseException) -> str:
    """Everything a crash report could show of an error and of what led to it."""
    report = traceback.TracebackException.from_exception(error, capture_locals=True)
    return "".join(report.format()) + repr(error) + repr(error.__context__) + repr(vars(error))


async def use_everything(secrets: Secrets, tokens: Tokens, raised: list[BaseException]) -> list[Secret]:
    async def attempt(act: Callable[[], object]) -> None:
        try:
            await act()  # type: ignore[misc] # every act is a coroutine
        except (KeyringUnavailableError, PrivateFileError) as error:
            logging.getLogger("test").exception("an act failed")
            raised.append(error)

    canary = Secret(CANARY * 200)
    await attempt(lambda: secrets.put("provider/x", canary))
    await attempt(lambda: secrets.get("provider/x"))
    secrets.forget()
    await attempt(lambda: secrets.get("provider/x"))
    await attempt(lambda: secrets.journal.put("codex/1", canary))
    await attempt(lambda: secrets.journal.get("codex/1"))
    await attempt(lambda: secrets.journal.delete("codex/1"))
    await attempt(lambda: secrets.delete("provider/x"))
    await tokens.start()
    return [tokens.admin, tokens.default_client, await tokens.issue("claude-code")]


@pytest.mark.parametrize(
    ("backend", "limit"),
    [
        (MemoryBackend, None),
        (lambda: CappedBackend(100), 100),
        (lambda: CappedBackend(100), None),
        (lambda: FailingBackend(keyring.errors.PasswordSetError), None),
        (lambda: FailingBackend(lambda value: RuntimeError("cannot store", value)), 100),
        (lambda: FailingBackend(keyring.errors.KeyringLocked), 100),
    ],
    ids=["works", "split", "too long", "refuses", "breaks", "locked"],
)
@pytest.mark.parametrize("folder", ["writable", "missing"])
def test_no_secret_shows_anywhere(
    backend: Callable[[], MemoryBackend],
    limit: int | None,
    folder: str,
    home: Home,
    caplog: pytest.LogCaptureFixture,
) -> None:
    if folder == "missing":
        home.run.rmdir()
        home.run.write_text("a file where the folder should be")
    raised: list[BaseException] = []
    secrets = Secrets(home, {}, keyring_on(backend(), limit))
    tokens = Tokens(home, secrets, {})

    with caplog.at_level(logging.DEBUG):
        issued = asyncio.run(use_everything(secrets, tokens, raised))

    everything = "".join(map(shown, raised)) + caplog.text + repr(vars(secrets)) + repr(vars(tokens))
    everything += "".join([*tokens.notices(), secrets.journal.notice() or "", repr(secrets.state())])
    for path in home.root.rglob("*"):
        if path.is_file() and not is_private(path):
            everything += path.read_bytes().decode("latin-1")
    for secret in (CANARY, *(token.reveal() for token in issued)):
        assert secret not in everything


def test_a_file_that_cannot_be_written_does_not_show_what_it_should_hold(tmp_path: Path) -> None:
    (tmp_path / "token").mkdir()

    with pytest.raises(PrivateFileError, match="cannot be written") as caught:
        PrivateFile(tmp_path / "token").write(Secret(CANARY))

    assert CANARY not in shown(caught.value)
    assert [path.name for path in tmp_path.iterdir()] == ["token"]


def is_private(path: Path) -> bool:
    return path.parent.name == "run" and (os.name != "posix" or stat.S_IMODE(path.stat().st_mode) == 0o600)
