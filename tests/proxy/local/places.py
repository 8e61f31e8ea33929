"""Where the servers of tests are, and where nobody is."""

import socket

from proxy.local.place import IPV4, Place
from tests.fakes.local.server import FakeLocal
from tests.fakes.local.sockets import RawSocket


def place_of(server: FakeLocal | RawSocket, scheme: str = "http") -> Place:
    return Place(server.host, server.port, scheme)


def deserted() -> Place:
    """A port where nobody listens: it was given to somebody, and given back."""
    with socket.create_server((IPV4, 0)) as free:
        return Place(IPV4, free.getsockname()[1])
