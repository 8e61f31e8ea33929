"""Only a regular file is read, with patience for one that another program holds."""

import os
import socket
import sys
from pathlib import Path

import pytest

from app.configuration.document import UnreadableError, read_bytes
from app.files import Patience

NO_WINDOWS = pytest.mark.skipif(sys.platform == "win32", reason="there are no such files")


@NO_WINDOWS
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "config.toml"
    os.mkfifo(pipe)

    with pytest.raises(UnreadableError) as error:
        read_bytes(pipe)

    assert str(error.value) == f"{pipe}: is no regular file"
    assert error.value.exit_code == 2


@NO_WINDOWS
def test_a_device_and_a_socket_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket")
        for file in (Path("socket"), Path("/dev/zero")):
            with pytest.raises(UnreadableError, match="is no regular file"):
                read_bytes(file)


class HeldFile(type(Path())):  # type: ignore[misc]  # the class of paths depends on the system
    """A file that another program holds for the first few attempts."""

    attempts = 0
    held = 2

    def read_bytes(self) -> bytes:
        self.attempts += 1
        if self.attempts <= self.held:
            raise PermissionError(13, "held by another program")
        return super().read_bytes()  # type: ignore[no-any-return]  # its base is not known to mypy


def test_a_file_that_is_held_for_a_moment_is_read(tmp_path: Path) -> None:
    file = HeldFile(tmp_path / "config.toml")
    file.write_bytes(b"version = 1")
    slept: list[float] = []

    assert read_bytes(file, Patience((0.1, 0.2, 0.4), slept.append)) == b"version = 1"
    assert slept == [0.1, 0.2]


def test_a_file_that_stays_held_is_given_up(tmp_path: Path) -> None:
    file = HeldFile(tmp_path / "config.toml")
    file.write_bytes(b"version = 1")

    with pytest.raises(UnreadableError, match="cannot be read: permission denied"):
        read_bytes(file, Patience((0.1,), lambda _seconds: None))
