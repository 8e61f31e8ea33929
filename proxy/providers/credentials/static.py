"""Keys that stand in a header as they are."""

from collections.abc import Mapping, Sequence

from proxy.providers.entrance import Auth
from proxy.secret import Secret
from proxy.wire.failure import Failure, FailureKind

_BEARER = ("authorization", "Bearer ")
_PLACES = {
    Auth.X_API_KEY: ("x-api-key", ""),
    Auth.API_KEY: ("api-key", ""),
    Auth.X_GOOG_API_KEY: ("x-goog-api-key", ""),
    Auth.BEARER: _BEARER,
    Auth.AWS: _BEARER,
    Auth.GOOGLE: _BEARER,
}
_OAUTH_PREFIX = "sk-ant-oat"
"""Anthropic's tokens of a signed-in user travel as bearer tokens, unlike its keys."""


class NoCredential:
    """For servers that ask for none."""

    async def headers(
        self, _method: str, _url: str, _headers: Sequence[tuple[str, str]], _body: bytes
    ) -> Mapping[str, str]:
        return {}


class StaticKey:
    """A key in the header of its vendor."""

    def __init__(self, provider: str, auth: Auth, key: Secret) -> None:
        self._key = _fit_for_a_header(key, provider)
        is_token = auth is Auth.X_API_KEY and self._key.reveal().startswith(_OAUTH_PREFIX)
        self._place = _BEARER if is_token else _PLACES[auth]

    async def headers(
        self, _method: str, _url: str, _headers: Sequence[tuple[str, str]], _body: bytes
    ) -> Mapping[str, str]:
        name, prefix = self._place
        return {name: prefix + self._key.reveal()}


def _fit_for_a_header(key: Secret, provider: str) -> Secret:
    """Pasted keys end in line breaks; a key with one inside was never a key."""
    trimmed = Secret(key.reveal().strip())
    if not (trimmed.reveal().isascii() and trimmed.reveal().isprintable()):
        raise Failure(
            FailureKind.NO_SERVICE,
            f"The key of {provider} contains a character that no header may carry. Store it again.",
        )
    return trimmed
