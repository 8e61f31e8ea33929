"""Who issued what a conversation carries: the signatures of thoughts, and stored answers.

A provider refuses signatures of another one, so before a conversation goes to a provider what others
signed must be found. Only digests are kept, the oldest go first, and nothing survives a restart: then
nobody is known to be foreign, and the provider itself has the last word.
"""

from collections import OrderedDict
from collections.abc import Iterable
from hashlib import blake2b
from typing import NamedTuple

from proxy.routing.service import Service
from proxy.upstream.back.heard import signatures_in

_MOST = 20_000
_DIGEST_BYTES = 8


class Issued:
    """Remembers which provider issued a signature."""

    def __init__(self, most: int = _MOST) -> None:
        self._issuer: OrderedDict[bytes, str] = OrderedDict()
        self._most = most

    def remember(self, provider: str, values: Iterable[str]) -> None:
        for value in values:
            digest = _digest(value)
            self._issuer[digest] = provider
            self._issuer.move_to_end(digest)
        while len(self._issuer) > self._most:
            self._issuer.popitem(last=False)

    def issuer(self, value: str) -> str | None:
        return self._issuer.get(_digest(value))

    def by(self, provider: str) -> "IssuedBy":
        return IssuedBy(self, provider)

    def has_foreign(self, body: bytes, provider: str) -> bool:
        """Whether the body carries what another provider is known to have issued."""
        if not self._issuer:
            return False
        issuers = (self.issuer(signature) for signature in signatures_in(body))
        return any(issuer is not None and issuer != provider for issuer in issuers)


class IssuedBy:
    """What one provider issued, as a container."""

    def __init__(self, issued: Issued, provider: str) -> None:
        self._issued = issued
        self._provider = provider

    def __contains__(self, value: object) -> bool:
        return isinstance(value, str) and self._issued.issuer(value) == self._provider


def _digest(value: str) -> bytes:
    return blake2b(value.encode(errors="surrogatepass"), digest_size=_DIGEST_BYTES).digest()


class Issuer(NamedTuple):
    """Who gave an answer: a service, and the account by which it was asked."""

    service: Service
    key: str


class Answers:
    """Remembers who gave which stored answer, by the answer's id."""

    def __init__(self, most: int = _MOST) -> None:
        self._issuer: OrderedDict[str, Issuer] = OrderedDict()
        self._most = most

    def remember(self, id_: str, issuer: Issuer) -> None:
        self._issuer[id_] = issuer
        self._issuer.move_to_end(id_)
        if len(self._issuer) > self._most:
            self._issuer.popitem(last=False)

    def issuer(self, id_: str) -> Issuer | None:
        return self._issuer.get(id_)
