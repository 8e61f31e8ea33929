"""A proxy on the way to a provider: how it is asked, and what its refusals mean.

Its user and password are never in a value that an error shows: addresses and connection keys, which errors
quote, are made without them.
"""

import asyncio
import base64
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any
from urllib.parse import unquote, urlsplit

import aiohttp

from proxy.secret import Secret
from proxy.wire.failure import Failure, FailureKind

NEEDS_CREDENTIALS = 407

_USUAL_PORTS = {"http": 80, "https": 443, "socks5": 1080}

# What a SOCKS 5 proxy answers (RFC 1928, 6).
_REFUSALS = {
    2: "its rules do not allow this way",
    3: "the network cannot be reached from there",
    4: "the host cannot be reached from there",
    5: "the host refuses the connection",
}


@dataclass(frozen=True, slots=True)
class Detour:
    """A proxy as configured, its credentials apart from its address."""

    provider: str
    scheme: str
    host: str
    port: int
    user: str
    password: Secret

    @property
    def is_socks(self) -> bool:
        return self.scheme == "socks5"

    async def load(self) -> None:
        """Load what it needs; that takes too long for the loop, and few people need it."""
        if self.is_socks:
            await asyncio.to_thread(import_module, "aiohttp_socks")

    def connector(self, **settings: Any) -> aiohttp.TCPConnector:
        """Makes the connections. Through SOCKS, the proxy looks up the names of hosts."""
        if not self.is_socks:
            return aiohttp.TCPConnector(**settings)
        from aiohttp_socks import ProxyConnector

        return ProxyConnector(
            host=self.host,
            port=self.port,
            username=self.user or None,
            password=self.password.reveal() if self.user else None,
            rdns=True,
            **settings,
        )

    def request_options(self) -> Mapping[str, Any]:
        """What goes with every request, since HTTP proxies are a matter of requests for aiohttp."""
        if self.is_socks:
            return {}
        host = f"[{self.host}]" if ":" in self.host else self.host
        options: dict[str, Any] = {"proxy": f"{self.scheme}://{host}:{self.port}"}
        if self.user:
            # Of the proxy's headers aiohttp makes this one Proxy-Authorization; `proxy_auth` shows in errors.
            options["proxy_headers"] = {"Authorization": _basic(self.user, self.password)}
        return options

    def failure(self, error: Exception) -> Failure | None:
        """What an error of the proxy means; None for an error that is none of its own."""
        if isinstance(error, aiohttp.ClientHttpProxyError):
            return self.refusal(error.status)
        if not self.is_socks:
            return None
        if isinstance(error.__cause__, ssl.SSLCertVerificationError):
            return self._failure(
                f"The certificate of the provider {self.provider}, asked through its proxy, is not trusted: "
                f"{error.__cause__.verify_message}."
            )
        from aiohttp_socks import ProxyConnectionError, ProxyError, ProxyTimeoutError

        match error:
            case ProxyConnectionError():
                return self._failure(
                    f"The proxy on the way to the provider {self.provider} cannot be reached. "
                    "Check its `proxy`."
                )
            case ProxyTimeoutError():
                sentence = f"The proxy on the way to the provider {self.provider} does not answer in time."
                return Failure(FailureKind.TIMEOUT, sentence)
            case ProxyError() if error.error_code is None:
                return self.refusal(NEEDS_CREDENTIALS)
            case ProxyError():
                why = _REFUSALS.get(error.error_code or 0, "it gives no reason")
                return self._failure(
                    f"The proxy on the way to the provider {self.provider} cannot connect: {why}."
                )
        return None

    def answers_for_itself(self, url: str) -> bool:
        """Whether an answer may be the proxy's own: it reads and passes on what is not encrypted."""
        return not self.is_socks and url.startswith("http://")

    def refusal(self, status: int) -> Failure:
        """What it means that an HTTP proxy answered with this status instead of connecting."""
        if status == NEEDS_CREDENTIALS:
            return self._failure(
                f"The proxy on the way to the provider {self.provider} does not let us through. Check user "
                f"and password in `proxy` under [providers.{self.provider}]."
            )
        return self._failure(
            f"The proxy on the way to the provider {self.provider} refuses to connect: status {status}."
        )

    def _failure(self, sentence: str) -> Failure:
        return Failure(FailureKind.CONNECTION, sentence)


def detour(provider: str, proxy: str) -> Detour | None:
    """The proxy of a provider; None where there is none."""
    if not proxy:
        return None
    try:
        parts = urlsplit(proxy)
        port = parts.port or _USUAL_PORTS[parts.scheme]
    except (KeyError, ValueError):
        # The error quotes the address, which may carry a password.
        raise _unreadable(provider) from None
    user = unquote(parts.username or "")
    if not parts.hostname or parts.scheme not in _USUAL_PORTS or ":" in user:
        raise _unreadable(provider)
    return Detour(provider, parts.scheme, parts.hostname, port, user, Secret(unquote(parts.password or "")))


def _basic(user: str, password: Secret) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password.reveal()}".encode()).decode("ascii")


def _unreadable(provider: str) -> Failure:
    return Failure(
        FailureKind.NO_SERVICE,
        f"The proxy of the provider {provider} is no address of a proxy. Set proxy under "
        f"[providers.{provider}] in config.toml to http://, https:// or socks5:// with a host, or remove it.",
    )
