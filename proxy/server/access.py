"""Who may talk to us: only programs on this machine, never a web page, and only with a token.

A web page in the user's browser can reach loopback too. It is kept out three times: by the Host rule
(a rebound name is not ours), by the Origin rule (a page's origin is http, https or null), and by the
absence of any CORS answer.
"""

import ipaddress
import re

from aiohttp import web

from proxy.server.endpoint import Access, Endpoint
from proxy.server.tokens import Tokens, tokens_in
from proxy.wire.failure import Failure, FailureKind

_HOST = re.compile(r"(?:\[(?P<bracketed>[0-9a-f:.]+)\]|(?P<name>[^\[\]:]+))(?::\d+)?")


def check_where_from(request: web.Request, *, remote_allowed: bool) -> None:
    if not remote_allowed and not _is_loopback(request.headers.get("host", "")):
        raise Failure(FailureKind.FORBIDDEN, "Tierwise answers to 127.0.0.1, [::1] and localhost only.")
    origin = request.headers.get("origin", "").strip().lower()
    if origin == "null" or origin.startswith(("http:", "https:")):
        raise Failure(FailureKind.FORBIDDEN, "Tierwise does not answer web pages.")
    if request.method == "OPTIONS":
        raise Failure(FailureKind.FORBIDDEN, "Tierwise does not answer web pages.")


def check_token(request: web.Request, endpoint: Endpoint, tokens: Tokens) -> str:
    """The name of the client that called, or `admin`; a Failure where the token does not open this."""
    carried = tokens_in(request.headers)
    match endpoint.access:
        case Access.OPEN:
            return ""
        case Access.ADMIN:
            if any(tokens.is_admin(token) for token in carried):
                return "admin"
            wanted = "the admin token, which stands in run/instance.json in the home of Tierwise"
        case Access.CLIENT:
            for token in carried:
                if (client := tokens.client_of(token)) is not None:
                    return client
            wanted = "a client token of this Tierwise; `serve` prints one, and Settings, Connection copy it"
    problem = "is missing" if not carried else "is not valid"
    raise Failure(FailureKind.UNAUTHENTICATED, f"The token {problem}: this address wants {wanted}.")


def _is_loopback(host: str) -> bool:
    name = _without_port(host.strip().lower())
    if name == "localhost":
        return True
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    return address == ipaddress.IPv6Address("::1") or (address.version == 4 and address.is_loopback)


def _without_port(host: str) -> str:
    """The name before the port; empty, and so nobody's name, where the whole is malformed."""
    match = _HOST.fullmatch(host)
    return (match["bracketed"] or match["name"]) if match else ""
