"""The headers of a request to a provider, but for the ones that prove who sends it."""

from collections.abc import Iterable

from proxy.providers.entrance import Entrance
from proxy.providers.provider import Provider

# Between two hops, not end to end; and what belongs between the client and us alone.
_NOT_FORWARDED = frozenset(
    {
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "via",
        "host",
        "content-length",
        "content-encoding",
        "expect",
        "accept-encoding",
        "api-key",
        "authorization",
        "x-api-key",
        "x-goog-api-key",
        "cookie",
        # What a browser says about the page that asks.
        "origin",
        "referer",
        # Where the client sits, which is nobody's business.
        "forwarded",
        "x-real-ip",
        "x-forwarded-for",
        "x-forwarded-host",
        "x-forwarded-port",
        "x-forwarded-proto",
        "x-forwarded-server",
    }
)
_OF_AN_ACCOUNT = frozenset(
    {"chatgpt-account-id", "openai-organization", "openai-project", "x-goog-user-project", "x-auth-token"}
)
"""They belong to the client's credential, and make no sense beside another one."""
_SIGNED_WITH = "x-amz-"
_SECRETS = ("api-key", "-auth", "authorization", "-token", "-secret", "subscription-key")
"""How names end whose headers open something, at the gateway that a client was set up for before."""
_BETAS = "anthropic-beta"
_AS_SENT = {"accept-encoding": "identity"}
"""The answer's bytes are looked at as they pass, so they must not be compressed."""


def request_headers(
    entrance: Entrance,
    provider: Provider,
    of_client: Iterable[tuple[str, str]],
    *,
    same_format: bool,
    own_account: bool = False,
) -> list[tuple[str, str]]:
    """The client's own headers where they may pass, then the provider's, then ours.

    A request that was written anew is ours: of the client's headers only its name goes along, and its account
    where the client's own credential pays (`own_account`).
    """
    of_client = list(of_client)
    ours = {**_AS_SENT, **provider.config.headers}
    if not same_format:
        ours = {"content-type": "application/json", **ours}
    held_back = {name.lower() for name in ours} | _named_by_connection(of_client)
    passed = [
        (name, value)
        for name, value in of_client
        if name.lower() not in held_back
        and _passes(name.lower(), same_format=same_format, own_account=own_account)
    ]
    present = {name.lower() for name, _ in passed} | {name.lower() for name in ours}
    defaults = [(name, value) for name, value in entrance.defaults.items() if name not in present]
    return [*passed, *defaults, *ours.items()]


def betas(headers: Iterable[tuple[str, str]]) -> list[str]:
    """The beta features that a request asks for in its header."""
    named = ",".join(value for name, value in headers if name.lower() == _BETAS)
    return [beta.strip() for beta in named.split(",") if beta.strip()]


def _named_by_connection(headers: Iterable[tuple[str, str]]) -> set[str]:
    """Headers that the client meant for us alone."""
    named = ",".join(value for name, value in headers if name.lower() == "connection")
    return {name.strip().lower() for name in named.split(",")}


def _passes(name: str, *, same_format: bool, own_account: bool) -> bool:
    if name in _OF_AN_ACCOUNT:
        return own_account
    if not same_format:
        return name == "user-agent"
    if name.endswith(_SECRETS) and not own_account:
        return False
    return name not in _NOT_FORWARDED and not name.startswith(("x-tierwise-", _SIGNED_WITH))
