"""What the server asks about a token; the answer is kept by whoever issues them."""

from typing import Protocol

from multidict import CIMultiDictProxy


class Tokens(Protocol):
    """Knows every valid token. Both questions are answered from memory, in constant time."""

    def client_of(self, token: str) -> str | None: ...

    def is_admin(self, token: str) -> bool: ...


def tokens_in(headers: CIMultiDictProxy[str]) -> list[str]:
    """Every token a request carries, in the order in which they are honoured."""
    found = [headers.get("x-tierwise-token")]
    scheme, _, credential = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        found.append(credential.strip())
    found += [headers.get("x-api-key"), headers.get("x-goog-api-key")]
    return [token for token in found if token]
