"""Tokens are told to people and programs, and not to a journal that others read."""

import os
import socket
from collections.abc import Iterator

import pytest

from app.commands.context import Context
from app.headless import _may_show_tokens, nothing_configured
from app.home import Home


@pytest.fixture
def journal() -> Iterator[socket.socket]:
    here, there = socket.socketpair()
    with here, there:
        yield here


def asked(home: object, stream: str, **more: bool) -> Context:
    return Context(Home(home), environ={"JOURNAL_STREAM": stream} if stream else {}, **more)  # type: ignore[arg-type] # tmp_path


def named(output: int) -> str:
    found = os.fstat(output)
    return f"{found.st_dev}:{found.st_ino}"


def test_the_journal_is_known_by_the_socket_that_systemd_names(
    tmp_path: object, journal: socket.socket
) -> None:
    output = journal.fileno()
    assert not _may_show_tokens(asked(tmp_path, named(output)), output)
    assert _may_show_tokens(asked(tmp_path, "1:1"), output)
    assert _may_show_tokens(asked(tmp_path, ""), output)


def test_redirected_output_is_no_journal(tmp_path: object, journal: socket.socket) -> None:
    reading, writing = os.pipe()
    assert _may_show_tokens(asked(tmp_path, named(journal.fileno())), writing)
    os.close(reading)
    os.close(writing)
    assert _may_show_tokens(asked(tmp_path, named(journal.fileno())), writing)


def test_they_are_left_out_where_that_was_asked_for(tmp_path: object, journal: socket.socket) -> None:
    assert not _may_show_tokens(asked(tmp_path, "", ready_token=False), journal.fileno())


def test_who_has_no_provider_is_told_how_one_is_added() -> None:
    hint = nothing_configured()
    for command in ("tiers propose", "providers add", "demo"):
        assert f" {command}` " in hint
