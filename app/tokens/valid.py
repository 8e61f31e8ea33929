"""The tokens that open the door, held in memory as hashes.

Asked on every request, on the loop or in any thread, while others change the set: each change makes a
new tuple, and a question reads whichever tuple is there. Every hash is compared, in constant time.
"""

import hmac
from collections.abc import Iterable
from dataclasses import replace

from app.tokens.table import TokenKind, TokenRow, hash_of
from proxy.secret import Secret


class ValidTokens:
    """Which token belongs to whom."""

    def __init__(self) -> None:
        self._rows: dict[str, TokenRow] = {}
        self._unwritten: dict[str, TokenRow] = {}
        self._revoked_clients: set[str] = set()
        self._valid: tuple[TokenRow, ...] = ()

    def client_of(self, token: str) -> str | None:
        found = None
        for row in self._matching(token):
            if row.kind is TokenKind.CLIENT:
                found = row.client
        return found

    def is_admin(self, token: str) -> bool:
        return any(row.kind is TokenKind.ADMIN for row in self._matching(token))

    def is_revoked(self, holder: str, token: Secret) -> bool:
        row = self._rows.get(hash_of(token.reveal()))
        return row.revoked if row is not None else holder in self._revoked_clients

    def rows(self) -> list[TokenRow]:
        """What belongs into the database."""
        return list(self._rows.values())

    def learn(self, rows: Iterable[TokenRow]) -> None:
        """Take over what the database knows; what is revoked here stays revoked."""
        for row in rows:
            known = self._rows.get(row.hash)
            is_revoked = known.revoked if known is not None else self._client_was_revoked(row)
            self._rows[row.hash] = replace(row, revoked=True) if is_revoked else row
        self._renew()

    def add(self, row: TokenRow) -> None:
        """Add a token; one that is known already keeps its row."""
        self._rows.setdefault(row.hash, row)
        self._renew()

    def add_unwritten(self, row: TokenRow) -> None:
        """Add a token that is valid for this run and never written down."""
        self._unwritten[row.hash] = row
        self._renew()

    def revoke(self, client: str) -> None:
        """Revoke what this client has, in a database that cannot be read now, too."""
        self._revoked_clients.add(client)
        for row in filter(self._client_was_revoked, self.rows()):
            self._rows[row.hash] = replace(row, revoked=True)
        self._renew()

    def _client_was_revoked(self, row: TokenRow) -> bool:
        """It was, in this run; rows that were added here later are not meant."""
        return row.kind is TokenKind.CLIENT and row.client in self._revoked_clients

    def _renew(self) -> None:
        written = [row for row in self._rows.values() if not row.revoked]
        self._valid = (*self._unwritten.values(), *written)

    def _matching(self, token: str) -> list[TokenRow]:
        digest = hash_of(token)
        return [row for row in self._valid if hmac.compare_digest(row.hash, digest)]
