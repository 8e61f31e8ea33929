"""A port is tried before it is promised."""

import socket

from app.preferences.port import why_not

HOST = "127.0.0.1"


def test_a_taken_port_is_told_with_its_owner_and_a_free_one() -> None:
    with socket.create_server((HOST, 0)) as server:
        port = server.getsockname()[1]
        told = why_not(HOST, port)
    assert told.startswith(f"Port {port} is taken by ")
    free = int(told.rsplit(". ", 1)[1].split()[0])
    assert why_not(HOST, free) == ""


def test_nothing_stands_in_the_way_of_a_free_one_and_it_stays_free() -> None:
    with socket.create_server((HOST, 0)) as server:
        port = server.getsockname()[1]
    assert why_not(HOST, port) == ""
    with socket.create_server((HOST, port)):
        pass


def test_an_address_of_another_machine_is_told() -> None:
    assert why_not("192.0.2.1", 4600).startswith("Nobody can listen at port 4600: ")
