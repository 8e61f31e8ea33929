"""The socket that the gateway listens on."""

import socket
from contextlib import closing, suppress

from proxy.server.listening import listen


def test_for_a_client_that_does_not_read_the_system_holds_little() -> None:
    with (
        closing(listen("127.0.0.1", 0)) as listener,
        socket.create_connection(listener.getsockname()),
        closing(listener.accept()[0]) as ours,
    ):
        ours.setblocking(False)
        held = 0
        with suppress(BlockingIOError):
            while held < 16_000_000:
                held += ours.send(bytes(65536))
    assert held < 2_000_000
