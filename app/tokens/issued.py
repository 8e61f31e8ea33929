"""Who may talk to us: one token per client, and one for the administration.

Two questions are kept apart. *Is this token valid?* is answered from SHA-256 hashes, read from
tierwise.db once at the start and held in memory: no keyring, no disk, so a locked keyring locks no
client out. *Which token did we give that client?* needs the token itself, which lives in the keyring
(see `app.tokens.plain`).

When the database cannot be read, the hashes are made anew from the tokens that can be found, kept in
memory, and written as soon as the database takes them (see `app.tokens.written`). A token that was
given away but never written, because the program was killed before, is found again in the same way.

A token is 256 random bits, so its plain hash cannot be guessed back. One from the environment may be
weaker: it is never written down, not even as a hash, and is valid for as long as it is set.
"""

import asyncio
import secrets as randomness
import time
from collections.abc import Callable, Mapping

from app.errors import UserError
from app.home import Home
from app.secrets import Secrets
from app.tokens.plain import ADMIN, SDK, PlainTokens, is_client_id
from app.tokens.table import TokenKind, TokenRow, TokenTable, hash_of
from app.tokens.valid import ValidTokens
from app.tokens.written import Pause, WrittenTokens
from proxy.secret import Secret

_KEYRING_BUDGET = 2.0
_PREFIXES = {ADMIN: "tw-admin-"}
_PREFIX = "tw-"


class TokenError(UserError):
    """The token cannot be given or taken."""

    kind = "token"


class Tokens:
    """Issues, revokes, reveals and checks tokens."""

    def __init__(
        self,
        home: Home,
        secrets: Secrets,
        environ: Mapping[str, str],
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], float] = time.time,
        pause: Pause = asyncio.sleep,
    ) -> None:
        self._valid = ValidTokens()
        self._written = WrittenTokens(TokenTable(home.database), self._valid, pause)
        self._plain = PlainTokens(secrets.of_home, home.run, environ)
        self._clock = clock
        self._now = now
        self._own: dict[str, Secret] = {}
        self._changing = asyncio.Lock()

    async def start(self) -> None:
        """Load what is valid, and make sure that `sdk` and the administration have a token.

        Waits at most two seconds for the keyring, then goes on without it.
        """
        deadline = self._clock() + _KEYRING_BUDGET
        async with self._changing:
            await self._written.synchronise()
            is_new = not self._valid.rows()
            for holder in (ADMIN, SDK):
                self._own[holder] = await self._ensure(holder, deadline)
            self._refuse_one_token_for_both()
            if is_new or self._plain.keyring_answers:  # a locked keyring would show prompt after prompt
                await self._rediscover(deadline)
            if not self._written.problem:  # trying again at once would only make the start longer
                await self._written.synchronise()
        self._written.start()

    async def stop(self) -> None:
        """Give the database a last chance to take what it has not taken so far."""
        await self._written.stop()

    @property
    def admin(self) -> Secret:
        """The token of the administration, from `start` on."""
        return self._own[ADMIN]

    @property
    def default_client(self) -> Secret:
        """The token of `sdk`, for programs that have none of their own, from `start` on."""
        return self._own[SDK]

    def client_of(self, token: str) -> str | None:
        """The client that holds this token; in memory and in constant time."""
        return self._valid.client_of(token)

    def is_admin(self, token: str) -> bool:
        """Whether this is a token of the administration; in memory and in constant time."""
        return self._valid.is_admin(token)

    async def issue(self, client: str) -> Secret:
        """The client's token: the one it has where that can be revealed, else a new one beside it."""
        _check_id(client)
        async with self._changing:
            token = await self._ensure(client, self._clock() + _KEYRING_BUDGET)
            await self._written.synchronise()
        return token

    async def reveal(self, client: str) -> Secret | None:
        """The token that the client was given, None when no valid one can be found."""
        _check_id(client)
        token = await self._plain.find(client)
        return token if token is not None and self.client_of(token.reveal()) == client else None

    async def revoke(self, client: str) -> None:
        """Refuse every token of this client from now on. `sdk` gets a new one at once."""
        _check_id(client)
        if variable := self._plain.variable(client):
            raise TokenError(f"The token of {client} is set by {variable}. Take it out of the environment.")
        async with self._changing:
            self._valid.revoke(client)
            await self._written.synchronise()  # before the keyring, which may take its time
            await self._plain.remove(client)
            if client == SDK:
                self._own[SDK] = await self._ensure(SDK, self._clock() + _KEYRING_BUDGET)
            await self._written.synchronise()
        if problem := self._written.problem:
            raise TokenError(
                f"The token of {client} is refused from now on, but that could not be written down. Tierwise "
                f"keeps trying; should it stop before, revoke the token once more. {problem}"
            )

    def notices(self) -> list[str]:
        """What the user should know now: where tokens are kept, and what does not work."""
        return [*filter(None, [self._written.problem]), *self._plain.notices()]

    async def _ensure(self, holder: str, deadline: float) -> Secret:
        token = await self._plain.find(holder, self._left(deadline))
        if token is None or self._valid.is_revoked(holder, token):
            token = Secret(_PREFIXES.get(holder, _PREFIX) + randomness.token_urlsafe(32))
            await self._plain.keep(holder, token, self._left(deadline))
        self._admit(holder, token)
        return token

    async def _rediscover(self, deadline: float) -> None:
        """Admit the tokens that clients hold although the database does not know them.

        Those that it knows as revoked stay revoked.
        """
        for client in filter(is_client_id, await self._plain.holders(self._left(deadline))):
            token = await self._plain.find(client, self._left(deadline))
            if token is not None:
                self._admit(client, token)

    def _admit(self, holder: str, token: Secret) -> None:
        kind = TokenKind.ADMIN if holder == ADMIN else TokenKind.CLIENT
        row = TokenRow(hash_of(token.reveal()), holder, kind, int(self._now() * 1000))
        if self._plain.variable(holder):
            self._valid.add_unwritten(row)
        else:
            self._valid.add(row)

    def _refuse_one_token_for_both(self) -> None:
        if self.client_of(self.admin.reveal()) is None and not self.is_admin(self.default_client.reveal()):
            return
        raise TokenError(
            "The administration and a client have, or had, the same token, so one of them would be locked "
            "out. Give TIERWISE_TOKEN and TIERWISE_ADMIN_TOKEN (or the files token and admin-token in the "
            "folder run) new values that differ from each other."
        )

    def _left(self, deadline: float) -> float:
        return max(0.0, deadline - self._clock())


def _check_id(client: str) -> None:
    if not is_client_id(client):
        raise TokenError(
            f"{client!r} cannot be a client: letters, digits and . _ @ - only, and not {ADMIN!r}."
        )
