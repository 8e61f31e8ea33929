"""Talking to a running instance, and what is said when it does not answer."""

import contextlib
import socket
import threading
from collections.abc import Iterator

import pytest

from app.instance import Instance
from app.ports import free_port
from app.remote import RefusedError, UnreachableError, call


def test_nobody_there_is_named() -> None:
    url = f"http://127.0.0.1:{free_port('127.0.0.1')}"
    with pytest.raises(UnreachableError, match=rf"process 7\) does not answer at {url}"):
        call(Instance(pid=7, url=url, admin_token="t", version="v"), "GET", "/")


@contextlib.contextmanager
def answering(response: bytes) -> Iterator[Instance]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(5)

        def answer() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(1000)
                connection.sendall(response)

        thread = threading.Thread(target=answer)
        thread.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        yield Instance(pid=7, url=url, admin_token="t", version="v")
        thread.join()


@pytest.mark.parametrize("body", [b"no", b"[]", b""])
def test_an_answer_that_is_not_ours_is_no_answer(body: bytes) -> None:
    head = b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % len(body)
    with answering(head + body) as instance, pytest.raises(UnreachableError):
        call(instance, "GET", "/")


@pytest.mark.parametrize(
    ("body", "sentence"),
    [(b'{"error":{"message":"Not you."}}', "Not you."), (b"{}", "refused POST /api/stop with 401")],
)
def test_a_refusal_is_told_in_its_own_words(body: bytes, sentence: str) -> None:
    head = b"HTTP/1.1 401 Unauthorized\r\ncontent-length: %d\r\n\r\n" % len(body)
    with answering(head + body) as instance, pytest.raises(RefusedError, match=sentence):
        call(instance, "POST", "/api/stop")
