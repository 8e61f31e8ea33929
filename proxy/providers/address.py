"""From a configured provider to the URL and headers of one request."""

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

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
        set_by_us = {name.lower() for name in ours}
        passed = [
            (name, value)
            for name, value in of_client
            if name.lower() not in set_by_us and _may_pass(name.lower())
        ]
        present = {name.lower() for name, _ in passed}
        defaults = [(name, value) for name, value in self.entrance.defaults.items() if name not in present]
        return [*passed, *defaults, *ours.items()]


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
    root = _root(provider.base_url) or kind.root
    return Address(name, provider, root + entrance.path, entrance) if root else None


def _root(base_url: str) -> str:
    """The address without `/v1`: vendors document it both ways, and users paste it either way."""
    return base_url.rstrip("/").removesuffix("/v1").rstrip("/")
