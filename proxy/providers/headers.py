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
    }
)
_BETAS = "anthropic-beta"
_AS_SENT = {"accept-encoding": "identity"}
"""The answer's bytes are looked at as they pass, so they must not be compressed."""


def request_headers(
    entrance: Entrance, provider: Provider, of_client: Iterable[tuple[str, str]], *, same_format: bool
) -> list[tuple[str, str]]:
    """The client's own headers where they may pass, then the provider's, then ours.

    A request that was written anew is ours: of the client's headers only its name goes along.
    """
    of_client = list(of_client)
    ours = {**_AS_SENT, **provider.config.headers}
    if not same_format:
        ours = {"content-type": "application/json", **ours}
    held_back = {name.lower() for name in ours} | _named_by_connection(of_client)
    passed = [
        (name, value)
        for name, value in of_client
        if name.lower() not in held_back and (_may_pass(name.lower()) if same_format else _tells_who(name))
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


def _may_pass(name: str) -> bool:
    return name not in _NOT_FORWARDED and not name.startswith("x-tierwise-")


def _tells_who(name: str) -> bool:
    return name.lower() == "user-agent"
