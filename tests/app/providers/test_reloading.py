"""A running Tierwise that cannot be told: the change stands, and the user hears of it."""

from pathlib import Path

import pytest

from app.commands.context import Context
from app.home import Home
from app.instance import Instance
from app.ports import free_port
from app.providers import reloading
from tests.app.test_remote import answering


@pytest.fixture
def context(tmp_path: Path) -> Context:
    return Context(home=Home(tmp_path))


def reply(status: str, body: bytes) -> bytes:
    return f"HTTP/1.1 {status}\r\ncontent-length: {len(body)}\r\n\r\n".encode() + body


@pytest.mark.parametrize(
    ("response", "taken_up", "words"),
    [
        (reply("200 OK", b'{"applied": true}'), True, ""),
        (reply("200 OK", b'{"applied": false}'), False, "`config check` says why"),
        (reply("401 No", b'{"error": {"message": "Not you."}}'), False, "will notice by itself: Not you."),
    ],
)
def test_whether_the_change_is_taken_up_is_told(
    context: Context,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    response: bytes,
    taken_up: bool,
    words: str,
) -> None:
    with answering(response) as instance:
        monkeypatch.setattr(reloading, "find_running", lambda _home: instance)
        assert reloading.reload_running(context) is taken_up
    spoken = capsys.readouterr()
    assert spoken.out == ""
    assert words in spoken.err
    assert bool(words) == bool(spoken.err)


def test_one_that_does_not_answer_is_no_failure(
    context: Context, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    silent = Instance(pid=7, url=f"http://127.0.0.1:{free_port('127.0.0.1')}", admin_token="t", version="v")
    monkeypatch.setattr(reloading, "find_running", lambda _home: silent)
    assert reloading.reload_running(context) is False
    assert "does not answer" in capsys.readouterr().err


def test_where_none_runs_nothing_is_said(context: Context, capsys: pytest.CaptureFixture[str]) -> None:
    assert reloading.reload_running(context) is False
    assert capsys.readouterr() == ("", "")
