"""The socket the gateway listens on, and why there may be none."""

import errno
import socket

BACKLOG = 256
_SEND_BUFFER = 256 * 1024
"""What the system may hold for a client that does not read; left to itself it grows to megabytes for each."""


class PortTakenError(Exception):
    """Somebody else listens where the gateway should."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__(f"{host}:{port}")
        self.host = host
        self.port = port


class PortForbiddenError(Exception):
    """The system lets this user not listen there: a low port, or one that Windows keeps for itself."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__(f"{host}:{port}")
        self.port = port


class BadAddressError(Exception):
    """The configured host is not an address of this machine."""


def listen(host: str, port: int) -> socket.socket:
    """A listening socket that no other program shares."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):  # Windows, where SO_REUSEADDR would share the port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise PortTakenError(host, port) from error
        if error.errno == errno.EACCES:
            raise PortForbiddenError(host, port) from error
        raise BadAddressError(f"{host}:{port}: {error.strerror or error}") from error
    return listener
