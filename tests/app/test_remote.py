"""Talking to a running instance, and what is said when it does not answer."""

import socket
import threading

import pytest

from app.instance import Instance
from app.ports import free_port
from app.remote import UnreachableError, call


def test_nobody_there_is_named() -> None:
    url = f"http://127.0.0.1:{free_port('127.0.0.1')}"
    with pytest.raises(UnreachableError, match=rf"process 7\) does not answer at {url}"):
        call(Instance(pid=7, url=url, admin_token="t", version="v"), "GET", "/")


def test_an_answer_that_is_no_json_is_no_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        listener.settimeout(5)

        def answer() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(1000)
                connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nno")

        thread = threading.Thread(target=answer)
        thread.start()
        with pytest.raises(UnreachableError):
            call(Instance(pid=7, url=url, admin_token="t", version="v"), "GET", "/")
        thread.join()
