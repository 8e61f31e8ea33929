"""Tokens: who may talk to us."""

import asyncio
from pathlib import Path

import pytest

from app.home import Home
from app.keyring.entries import SERVICE
from app.tokens.issued import TokenError
from proxy.secret import Secret
from tests.app.keyring.backends import (
    GatedBackend,
    MemoryBackend,
    keyring_on,
)
from tests.app.tokens.started import started, tokens_on


def test_the_first_start_makes_a_token_for_programs_and_one_for_the_administration(
    home: Home, backend: MemoryBackend
) -> None:
    tokens = started(home, keyring_on(backend))

    sdk, admin = tokens.default_client.reveal(), tokens.admin.reveal()
    assert tokens.client_of(sdk) == "sdk"
    assert tokens.is_admin(admin)
    assert tokens.client_of(admin) is None
    assert not tokens.is_admin(sdk)
    assert sdk.startswith("tw-")
    assert admin.startswith("tw-admin-")
    assert len(sdk) > 40
    assert backend.values == {
        (SERVICE, f"home-{home.mark}/token/sdk"): sdk,
        (SERVICE, f"home-{home.mark}/token/admin"): admin,
    }
    assert list(home.run.iterdir()) == []
    assert tokens.notices() == []


def test_later_starts_find_the_same_tokens(home: Home, backend: MemoryBackend) -> None:
    first = started(home, keyring_on(backend))
    issued = asyncio.run(first.issue("claude-code"))

    second = started(home, keyring_on(backend))

    assert second.admin == first.admin
    assert second.default_client == first.default_client
    assert second.client_of(issued.reveal()) == "claude-code"
    assert asyncio.run(second.issue("claude-code")) == issued
    assert asyncio.run(second.reveal("claude-code")) == issued
    assert asyncio.run(second.reveal("codex")) is None


@pytest.mark.parametrize("token", ["", "tw-", "é", "\udcff", "x" * 100_000])
def test_what_is_no_token_opens_nothing(token: str, home: Home, backend: MemoryBackend) -> None:
    tokens = started(home, keyring_on(backend))

    assert tokens.client_of(token) is None
    assert not tokens.is_admin(token)


def test_a_revoked_token_opens_nothing_any_more(home: Home, backend: MemoryBackend) -> None:
    tokens = started(home, keyring_on(backend))
    kept = asyncio.run(tokens.issue("codex"))
    revoked = asyncio.run(tokens.issue("claude-code"))

    asyncio.run(tokens.revoke("claude-code"))

    for each in (tokens, started(home, keyring_on(backend))):
        assert each.client_of(revoked.reveal()) is None
        assert each.client_of(kept.reveal()) == "codex"
        assert asyncio.run(each.reveal("claude-code")) is None
    assert (SERVICE, f"home-{home.mark}/token/claude-code") not in backend.values
    assert asyncio.run(tokens.issue("claude-code")) != revoked


async def test_a_token_stays_revoked_if_the_program_is_killed_while_the_keyring_takes_its_time(
    home: Home,
) -> None:
    backend = GatedBackend()
    backend.gate.set()
    tokens = tokens_on(home, keyring_on(backend))
    await tokens.start()
    token = await tokens.issue("claude-code")
    backend.gate.clear()
    backend.entered.clear()

    revoking = asyncio.create_task(tokens.revoke("claude-code"))
    await asyncio.to_thread(backend.entered.wait)

    assert tokens.client_of(token.reveal()) is None
    survivor = MemoryBackend()
    survivor.values = dict(backend.values)
    next_run = tokens_on(home, keyring_on(survivor))
    await next_run.start()
    assert token.reveal() in survivor.values.values()
    assert next_run.client_of(token.reveal()) is None
    assert await next_run.issue("claude-code") != token
    backend.gate.set()
    await revoking


def test_homes_that_share_a_keyring_share_no_token(
    home: Home, tmp_path: Path, backend: MemoryBackend
) -> None:
    elsewhere = Home(tmp_path / "elsewhere")
    elsewhere.prepare()
    ours = started(home, keyring_on(backend))
    others = started(elsewhere, keyring_on(backend))
    theirs = asyncio.run(others.issue("codex"))

    assert asyncio.run(ours.reveal("codex")) is None
    assert asyncio.run(ours.issue("codex")) != theirs
    assert ours.client_of(theirs.reveal()) is None
    assert ours.default_client != others.default_client
    asyncio.run(ours.revoke("codex"))
    assert asyncio.run(others.reveal("codex")) == theirs


def test_revoking_the_default_client_gives_it_a_new_token(home: Home, backend: MemoryBackend) -> None:
    tokens = started(home, keyring_on(backend))
    old = tokens.default_client

    asyncio.run(tokens.revoke("sdk"))

    assert tokens.client_of(old.reveal()) is None
    assert tokens.client_of(tokens.default_client.reveal()) == "sdk"


@pytest.mark.parametrize("client", ["", "admin", "../token", "a b", "x" * 101, ".hidden", "claude/code"])
def test_a_client_must_have_a_plain_name(client: str, home: Home, backend: MemoryBackend) -> None:
    tokens = started(home, keyring_on(backend))

    for act in (tokens.issue, tokens.reveal, tokens.revoke):
        with pytest.raises(TokenError, match="cannot be a client"):
            asyncio.run(act(client))  # type: ignore[arg-type] # three coroutines of different results


def test_tokens_are_issued_one_after_the_other(home: Home, backend: MemoryBackend) -> None:
    tokens = started(home, keyring_on(backend))

    async def issue_at_once() -> list[Secret]:
        return await asyncio.gather(*(tokens.issue("codex") for _ in range(5)))

    issued = asyncio.run(issue_at_once())

    assert all(token == issued[0] for token in issued)
