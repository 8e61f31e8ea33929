"""A taken port: its owner is named, a free one is offered."""

import os
import socket

import psutil

from app.ports import free_port, owner_of, port_taken


def test_the_owner_is_named_and_the_offered_port_is_free() -> None:
    with socket.socket() as mine:
        mine.bind(("127.0.0.1", 0))
        mine.listen()
        port = mine.getsockname()[1]
        error = port_taken("127.0.0.1", port)
        assert f"Port {port} on 127.0.0.1 is taken by {psutil.Process().name()}" in str(error)
        assert f"process {os.getpid()}" in str(error)
        assert f"--port {error.free_port}" in str(error)
        with socket.socket() as other:
            assert error.free_port is not None
            other.bind(("127.0.0.1", error.free_port))


def test_nobody_to_name_is_said_so() -> None:
    assert owner_of("127.0.0.1", free_port("127.0.0.1")) == "another program, which the system does not name"
