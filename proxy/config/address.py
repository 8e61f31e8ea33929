"""Addresses as the file holds them: what one may look like, and which of them stay on this machine."""

import ipaddress
from collections.abc import Iterator
from urllib.parse import urlsplit

from proxy.config.table import Finding


def is_loopback(host: str) -> bool:
    """True if only this machine reaches a host."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def host_of(address: str) -> str:
    """The host of an address, an IPv6 one without brackets; empty if there is none."""
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def is_at(address: str, place: str) -> bool:
    """Whether an address is at the same scheme, host and port as another one."""
    try:
        ours, theirs = urlsplit(address), urlsplit(place)
        return (ours.scheme, ours.hostname, ours.port) == (theirs.scheme, theirs.hostname, theirs.port)
    except ValueError:
        return False


def address_findings(key: str, address: str, schemes: tuple[str, ...]) -> Iterator[Finding]:
    """What keeps a text from being an address of one of the schemes.

    Only the scheme is ever repeated: an address may carry a password.
    """
    if problem := _problem(address, schemes):
        yield Finding((key,), problem)


def _problem(address: str, schemes: tuple[str, ...]) -> str | None:
    allowed = ", ".join(f"{scheme}://" for scheme in schemes)
    if any(character.isspace() or not character.isprintable() for character in address):
        return "found white space or a control character; no address contains one"
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port  # reading the port checks it
    except ValueError:
        return f"found something that is no address; allowed: {allowed} with host and port"
    if parts.scheme not in schemes:
        found = f'"{parts.scheme}://"' if "://" in address else "no scheme"
        return f"found {found}; allowed: {allowed}"
    if not host:
        return f"found no host; allowed: {allowed} with a host"
    if "?" in address or "#" in address:
        return "found ? or #; an address ends with its path, without query and fragment"
    return None
