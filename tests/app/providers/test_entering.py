"""Keys through a pipe and from a terminal: what is taken, and that what is refused is never repeated."""

import getpass
import io
import sys
import warnings

import pytest

from app.errors import UsageError
from app.providers import entering
from proxy.secret import Secret


def pipe(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content), encoding="utf-8"))


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"sk-1\n", "sk-1"),
        (b"  sk-1\r\n\r\n", "sk-1"),
        (b"\xef\xbb\xbfsk-1\r\n", "sk-1"),
        (b'{\n "type": "service_account"\n}\n', '{\n "type": "service_account"\n}'),
    ],
)
def test_a_key_is_taken_without_what_editors_and_shells_put_around_it(
    monkeypatch: pytest.MonkeyPatch, content: bytes, key: str
) -> None:
    pipe(monkeypatch, content)
    assert entering.piped() == Secret(key)


@pytest.mark.parametrize(
    "content", [b"", b" \n", b"canary 2", b"canary\nsecond", b"canary\xff", "canär".encode(), b"[1,\n2]"]
)
def test_what_can_be_no_key_is_refused_and_not_repeated(
    monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    pipe(monkeypatch, content)
    with pytest.raises(UsageError) as raised:
        entering.piped()
    assert "can" not in str(raised.value)
    assert raised.value.__cause__ is None


def test_without_a_stdin_and_without_a_terminal_the_flags_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    pipe(monkeypatch, b"sk-1")
    with pytest.raises(UsageError, match="--key-stdin"):
        entering.typed("Key: ")
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(UsageError, match="no standard input"):
        entering.piped()


def test_a_terminal_that_would_show_the_key_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    def shows(_prompt: str) -> str:
        warnings.warn("Can not control echo on the terminal.", getpass.GetPassWarning, stacklevel=1)
        return "sk-1"

    monkeypatch.setattr(entering, "somebody_is_there", lambda: True)
    monkeypatch.setattr(getpass, "getpass", shows)
    with pytest.raises(UsageError, match="would show the key"):
        entering.typed("Key: ")
