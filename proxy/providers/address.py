"""From a configured provider to the URL and headers of one request."""

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from proxy.config import Config, ProviderConfig
from proxy.providers.kinds import KINDS, Entrance
from proxy.secret import Secret
from proxy.wire.formats import Format

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
        "host",
        "content-length",
        "expect",
        "accept-encoding",
        "authorization",
        "x-api-key",
        "x-goog-api-key",
        "cookie",
        # What a browser says about the page that asks.
        "origin",
        "referer",
    }
)


@dataclass(frozen=True, slots=True)
class Address:
    """Where one format is spoken at one configured provider."""

    provider: str
    config: ProviderConfig
    url: str
    entrance: Entrance

    @property
    def shown_url(self) -> str:
        """The URL without credentials, for sentences and logs."""
        parts = urlsplit(self.url)
        return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment=""))

    @property
    def is_local(self) -> bool:
        """Whether what is sent there stays on this machine."""
        host = urlsplit(self.url).hostname or ""
        try:
            return ipaddress.ip_address(host).is_loopback
        except ValueError:
            return host == "localhost"

    def headers(self, of_client: Iterable[tuple[str, str]], key: Secret | None) -> list[tuple[str, str]]:
        """The client's own headers where they may pass, then the provider's, then ours."""
        ours = {"accept-encoding": "identity", **self.config.headers}
        if key is not None:
            ours |= self.entrance.auth.headers(key)
        held_back = {name.lower() for name in ours} | _named_by_connection(of_client)
        passed = [
            (name, value)
            for name, value in of_client
            if name.lower() not in held_back and _may_pass(name.lower())
        ]
        present = {name.lower() for name, _ in passed}
        defaults = [(name, value) for name, value in self.entrance.defaults.items() if name not in present]
        return [*passed, *defaults, *ours.items()]


def _named_by_connection(headers: Iterable[tuple[str, str]]) -> set[str]:
    """Headers that the client meant for us alone."""
    named = ",".join(value for name, value in headers if name.lower() == "connection")
    return {name.strip().lower() for name in named.split(",")}


def _may_pass(name: str) -> bool:
    return name not in _NOT_FORWARDED and not name.startswith("x-tierwise-")


def first_address(config: Config, format: Format) -> Address | None:  # noqa: A002 -- the word of the domain
    """The first enabled provider that speaks this format, in the order of the configuration.

    Under `local_only` only an address on this machine will do.
    """
    for name, provider in config.providers.items():
        if provider.enabled:
            address = address_of(name, provider, format)
            if address is not None and (address.is_local or not config.routing.local_only):
                return address
    return None


def address_of(name: str, provider: ProviderConfig, format: Format) -> Address | None:  # noqa: A002 -- as above
    kind = KINDS.get(provider.kind)
    entrance = kind.entrances.get(format) if kind is not None else None
    if kind is None or entrance is None:
        return None
    base = provider.base_url or kind.root
    return Address(name, provider, _joined(base, entrance), entrance) if base else None


def _joined(base: str, entrance: Entrance) -> str:
    """The URL of an entrance; a `/v1` that is missing, doubled or too much is put right."""
    base = base.rstrip("/")
    root = base
    while root.endswith("/v1"):
        root = root.removesuffix("/v1").rstrip("/")
    if not entrance.versioned:
        return root + entrance.path
    has_other_version = root == base and urlsplit(base).path not in ("", "/")
    return (base if has_other_version else f"{root}/v1") + entrance.path
