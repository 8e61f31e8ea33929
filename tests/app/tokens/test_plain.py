"""Where the tokens themselves are kept, with a keyring, without one, and by the environment."""

import asyncio
import logging
import os
import stat

import pytest

from app.home import Home
from app.keyring.entries import SERVICE
from app.secrets import Secrets
from app.tokens.issued import TokenError, Tokens
from app.tokens.table import TokenTable
from proxy.secret import Secret
from tests.app.keyring.backends import (
    FailingBackend,
    HangingKeyring,
    MemoryBackend,
    keyring_on,
    locked,
    no_keyring,
)
from tests.app.tokens.started import started


def test_a_locked_keyring_locks_no_client_out(home: Home, backend: MemoryBackend) -> None:
    before = started(home, keyring_on(backend))
    issued = asyncio.run(before.issue("claude-code"))

    after = started(home, keyring_on(locked()))

    assert after.client_of(issued.reveal()) == "claude-code"
    assert after.client_of(before.default_client.reveal()) == "sdk"
    assert after.is_admin(before.admin.reveal())


def test_without_a_keyring_tokens_lie_in_private_files_and_the_user_is_told_once(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        tokens = started(home, no_keyring())
        issued = asyncio.run(tokens.issue("claude-code"))

    files = {path.name: path.read_text() for path in home.run.iterdir()}
    assert files == {
        "token": tokens.default_client.reveal(),
        "admin-token": tokens.admin.reveal(),
        "token-claude-code": issued.reveal(),
    }
    if os.name == "posix":
        assert {stat.S_IMODE(path.stat().st_mode) for path in home.run.iterdir()} == {0o600}
    assert len(caplog.records) == 1
    assert "private files" in caplog.text
    assert "offers no keyring" in tokens.notices()[0]

    again = started(home, no_keyring())
    assert (again.admin, again.default_client) == (tokens.admin, tokens.default_client)
    assert asyncio.run(again.issue("claude-code")) == issued


def test_a_file_written_by_hand_is_honoured(home: Home) -> None:
    (home.run / "token").write_text("  my-own-token\n")

    assert started(home, no_keyring()).client_of("my-own-token") == "sdk"


def test_the_keyring_takes_over_what_the_files_hold(home: Home) -> None:
    backend = locked()
    before = started(home, keyring_on(backend))
    issued = asyncio.run(before.issue("claude-code"))
    backend.error = None

    after = started(home, keyring_on(backend))
    assert asyncio.run(after.issue("claude-code")) == issued

    assert (after.admin, after.default_client) == (before.admin, before.default_client)
    assert list(home.run.iterdir()) == []
    assert backend.values[SERVICE, f"home-{home.mark}/token/claude-code"] == issued.reveal()
    assert after.notices() == []


def test_the_environment_wins_and_is_not_written_down(home: Home, backend: MemoryBackend) -> None:
    environ = {"TIERWISE_TOKEN": "from-the-environment\n", "TIERWISE_ADMIN_TOKEN": " admin-from-there\r\n"}
    tokens = started(home, keyring_on(backend), environ)

    assert tokens.default_client == Secret("from-the-environment")
    assert tokens.admin == Secret("admin-from-there")
    assert tokens.client_of("from-the-environment") == "sdk"
    assert tokens.is_admin("admin-from-there")
    assert backend.values == {}
    assert list(home.run.iterdir()) == []
    with pytest.raises(TokenError, match="TIERWISE_TOKEN"):
        asyncio.run(tokens.revoke("sdk"))

    without = started(home, keyring_on(backend), {"TIERWISE_TOKEN": "\n"})
    assert without.client_of("from-the-environment") is None
    assert not without.is_admin("admin-from-there")


@pytest.mark.parametrize("where", ["environment", "files", "both"])
def test_one_token_for_a_client_and_the_administration_is_refused(where: str, home: Home) -> None:
    environ = {"TIERWISE_TOKEN": "same", "TIERWISE_ADMIN_TOKEN": "same\n"}
    if where == "files":
        environ = {}
        (home.run / "token").write_text("same")
    if where != "environment":
        environ.pop("TIERWISE_ADMIN_TOKEN", None)
        (home.run / "admin-token").write_text("same")

    with pytest.raises(TokenError, match="TIERWISE_TOKEN and TIERWISE_ADMIN_TOKEN") as caught:
        started(home, no_keyring(), environ)

    assert "same\n" not in str(caught.value)
    assert TokenTable(home.database).load() == []


def test_a_copy_that_a_locked_keyring_keeps_stays_revoked(home: Home) -> None:
    backend = FailingBackend(None)
    tokens = started(home, keyring_on(backend))
    revoked = asyncio.run(tokens.issue("claude-code"))
    backend.error = locked().error
    asyncio.run(tokens.revoke("claude-code"))
    backend.error = None

    again = started(home, keyring_on(backend))

    assert backend.values[SERVICE, f"home-{home.mark}/token/claude-code"] == revoked.reveal()
    assert asyncio.run(again.reveal("claude-code")) is None
    assert asyncio.run(again.issue("claude-code")) != revoked
    assert again.client_of(revoked.reveal()) is None


def test_a_token_that_cannot_be_revealed_stays_valid_beside_the_new_one(home: Home) -> None:
    backend = FailingBackend(None)
    tokens = started(home, keyring_on(backend))
    first = asyncio.run(tokens.issue("claude-code"))
    backend.error = locked().error

    second = asyncio.run(tokens.issue("claude-code"))

    assert second != first
    assert tokens.client_of(first.reveal()) == tokens.client_of(second.reveal()) == "claude-code"


def test_a_hanging_keyring_delays_the_start_by_two_seconds_at_most(home: Home) -> None:
    keyring = HangingKeyring()
    tokens = Tokens(home, Secrets(home, {}, keyring), {}, clock=lambda: keyring.waited)

    asyncio.run(tokens.start())

    assert keyring.waited <= 2.0
    assert (home.run / "token").read_text() == tokens.default_client.reveal()
    assert "waiting for you to unlock" in tokens.notices()[0]


def test_a_locked_keyring_is_asked_for_our_own_tokens_only_when_we_start(home: Home) -> None:
    class Recording(FailingBackend):
        def get_password(self, service: str, username: str) -> str | None:
            asked.add(username.removeprefix(f"home-{home.mark}/"))
            return super().get_password(service, username)

    asked: set[str] = set()
    backend = Recording(None)
    asyncio.run(started(home, keyring_on(backend)).issue("codex"))
    backend.error = locked().error
    asked.clear()

    started(home, keyring_on(backend))

    assert asked == {"token/admin", "token/sdk"}


def test_a_token_in_a_file_is_newer_than_the_one_in_the_keyring(home: Home) -> None:
    backend = FailingBackend(None)
    tokens = started(home, keyring_on(backend))
    old = asyncio.run(tokens.issue("codex"))
    backend.error = locked().error
    asyncio.run(tokens.revoke("codex"))
    new = asyncio.run(tokens.issue("codex"))
    backend.error = None

    again = started(home, keyring_on(backend))

    assert new != old
    assert asyncio.run(again.reveal("codex")) == new
    assert backend.values[SERVICE, f"home-{home.mark}/token/codex"] == new.reveal()
