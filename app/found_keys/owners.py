"""Whose key it is: what it says itself, the address beside it, and what its place is called, in this order.

A key goes to who issued it and to nobody else. One that is sent to a company's own gateway, or to somebody
who only speaks the same language as the vendor, is named after the vendor as well, and is none of theirs.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

from app.found_keys.plausible import issuer, says_itself
from app.found_keys.vendors import is_vendors, preset_at
from proxy.config.address import is_loopback
from proxy.secret import Secret


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose a key is."""

    provider: str
    """Id of the preset."""
    sent_to: str = ""
    """The host that it is sent to from there, where that is not the vendor's."""
    is_sure: bool = False
    """The key itself or the address beside it says so. Else only a name does."""


def owner(named: str, address: str, secret: Secret) -> Owner | None:
    """The owner of a key that is called after the preset `named`; None where it is nobody's that we know."""
    says = issuer(secret.reveal())
    if there := _at(address, named):
        return Owner(there, is_sure=True) if says in ("", there) else None
    if not (says or named) or (says_itself(named) and not says):
        return None
    if address:
        return Owner(says or named, sent_to=host_of(address))
    return Owner(says or named, is_sure=bool(says))


def host_elsewhere(named: str, address: str) -> str:
    """The host of an address that is not that vendor's; empty if it is, or if it is on this machine.

    What listens here, such as we ourselves, has a key of its own for whatever lies behind it.
    """
    if not named or not address or is_vendors(address, named):
        return ""
    host = host_of(address)
    return "" if is_loopback(host) else host


def host_of(address: str) -> str:
    """The host in an address, without a port or a password; a word for what is none."""
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        host = ""
    return host if host.isprintable() and host else "another address"


def _at(address: str, named: str) -> str:
    """The preset whose vendor is at an address, at best the one that is named."""
    if not address:
        return ""
    return named if named and is_vendors(address, named) else preset_at(address)
