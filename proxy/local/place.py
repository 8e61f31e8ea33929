"""Where a server may be: a scheme, a literal address, a port, and the path that all of its own begin with."""

import ipaddress
import re
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

IPV4, IPV6 = "127.0.0.1", "::1"
_USUAL_PORTS = {"http": 80, "https": 443}
_NAMES_OF_HERE = ("localhost", "")
_HIGHEST_PORT = 65535
_PATH = re.compile(r"[A-Za-z0-9._~-]{1,64}(?:/[A-Za-z0-9._~-]{1,64}){0,7}")


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """One address to ask. Two of them may lead to the same server."""

    host: str
    port: int
    scheme: str = "http"
    path: str = ""
    """Without a slash at its end."""

    @classmethod
    def from_url(cls, url: str) -> Self | None:
        """The place of an address; None for what is no address of a server."""
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
        except ValueError:
            return None
        if parts.scheme not in _USUAL_PORTS or not host or port == 0:
            return None
        return cls(reachable(host), port or _USUAL_PORTS[parts.scheme], parts.scheme, parts.path.rstrip("/"))

    @property
    def url(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}{self.path}"

    @property
    def socket(self) -> tuple[str, int]:
        return self.host, self.port

    @property
    def is_here(self) -> bool:
        """Whether no other machine can be behind it."""
        return is_here(self.host)


def reachable(host: str) -> str:
    """How this machine reaches what listens on a host: literally, so that no resolver has a say in it."""
    if host.casefold() in _NAMES_OF_HERE:
        return IPV4
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    if address.is_unspecified:
        return IPV6 if address.version == 6 else IPV4
    return str(address)


def is_here(host: str) -> bool:
    """Whether a literal address is one that machines use for themselves."""
    return host == IPV6 or host.startswith("127.")


def port_said(text: str) -> int | None:
    """A port as people and programs write it; None for whatever else they wrote."""
    if not (text.isascii() and text.isdecimal()) or len(text) > len(str(_HIGHEST_PORT)):
        return None
    return int(text) if 1 <= int(text) <= _HIGHEST_PORT else None


def path_said(text: str) -> str:
    """What all paths of a server begin with, in plain letters; else nothing.

    Somebody else's command line may say it, and must not make us ask for whatever they like.
    """
    path = text.strip("/")
    is_plain = _PATH.fullmatch(path) is not None and ".." not in path
    return f"/{path}" if is_plain else ""
