"""`tierwise logs`: requests as lines, and one of them with all that is known."""

import json
import time
from pathlib import Path
from typing import Any

import pytest

from app.commands.context import Context
from app.errors import UsageError
from app.home import Home
from app.record import requests
from app.record.requests import NoSuchRequestError, follow, show_one, show_page
from proxy.exchange import Kept
from proxy.ledger.queries.usage import Filters
from proxy.routing.selection.snapshot import Abilities, Snapshot
from proxy.routing.service import Service
from tests.proxy.ledger.made import attempt, decided, exchange, failed, filled, refused, settled, writing

ANY = Filters()


def home_with(tmp_path: Path, *exchanges: Any) -> Home:
    filled(tmp_path / "tierwise.db", exchanges)
    return Home(tmp_path)


def lines_of(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().out.splitlines()


def test_the_newest_stand_last(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    now = time.time()
    home = home_with(tmp_path, *(exchange(received=now - n, client=f"client-{n}") for n in (3, 1, 2)))
    assert show_page(Context(home), ANY, "", 2, errors_only=False) == 0
    head, *rows = lines_of(capsys)
    assert head.split()[:2] == ["time", "client"]
    assert [row.split()[2] for row in rows] == ["client-2", "client-1"]


def test_only_failures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = home_with(tmp_path, exchange(), failed())
    show_page(Context(home), ANY, "", 10, errors_only=True)
    _, *rows = lines_of(capsys)
    assert len(rows) == 1
    assert "nobody" in rows[0]
    assert "overloaded" in rows[0]


def test_since(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    now = time.time()
    home = home_with(tmp_path, exchange(received=now - 7200), exchange(received=now - 60))
    show_page(Context(home), ANY, "1h", 10, errors_only=False)
    assert len(lines_of(capsys)) == 2
    with pytest.raises(UsageError, match="--since"):
        show_page(Context(home), ANY, "yesterday or so", 10, errors_only=False)


def test_one_request_with_its_attempts_and_reasons(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = exchange(
        refused("openai/gpt-5"), attempt(notes=("thinking became a budget",)), id="req_00000000000000ff"
    )
    home = home_with(tmp_path, told)
    assert show_one(Context(home), "req_00000000000000ff", with_bodies=False) == 0
    page = "\n".join(lines_of(capsys))
    for words in (
        "Answered by  anthropic/claude-haiku-4-5",
        "Asked for    claude-opus-4-8",
        "Why          begins with tier SIMPLE",
        "1. openai/gpt-5 with key main: overloaded 529",
        "2. anthropic/claude-haiku-4-5 with key main: answered 200, 10 ms to 2.0 s, $0.0083",
        "    thinking became a budget",
        "saved",
    ):
        assert words in page


def test_one_request_with_its_decision(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    blind = Snapshot(abilities={Service("openai", "gpt-5.5"): Abilities(vision=False)})
    chosen = decided(tokens=2000, images=1, snapshot=blind)
    told = exchange(attempt("ollama/qwen3-coder:30b"), decision=chosen, id="req_00000000000000ff")
    home = home_with(tmp_path, told)
    show_one(Context(home), "req_00000000000000ff", with_bodies=False)
    page = lines_of(capsys)
    start = next(n for n, line in enumerate(page) if line.startswith("Why"))
    text = "\n".join(page[start:])
    assert page[start].startswith("Why          Sent to ollama/qwen3-coder:30b: ")
    for words in (
        "Route        default (main, a typed turn, session known by header)",
        "Stages       health: 2 of 3 services can take the request",
        "             smart_routing: rule eyes applies",
        "Rules        eyes holds (content has image: yes, found 1)",
        " of 100",
        "               +35.0 text: taken for an ordinary one",
        " family: opus",
        "openai/gpt-5.5: left out by health, the model sees no images, and the request holds 1",
        "1. ollama/qwen3-coder:30b with key main: answered 200",
    ):
        assert words in text


@pytest.mark.parametrize("id_", ["req_00000000000000aa", "nonsense", "req_zz", ""])
def test_a_request_that_is_not_there(tmp_path: Path, id_: str) -> None:
    home = home_with(tmp_path, exchange(id="req_00000000000000ff"))
    with pytest.raises(NoSuchRequestError):
        show_one(Context(home), id_, with_bodies=False)


def test_what_was_said_is_shown_where_it_is_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept = Kept(b'{"messages": "what was asked"}')
    kept.add(b"what was ")
    kept.add(b"answered")
    home = home_with(
        tmp_path, exchange(id="req_00000000000000ff", kept=kept), exchange(id="req_00000000000000aa")
    )
    show_one(Context(home), "req_00000000000000ff", with_bodies=True)
    page = "\n".join(lines_of(capsys))
    assert "what was asked" in page
    assert "what was answered" in page
    show_one(Context(home), "req_00000000000000aa", with_bodies=True)
    assert "is not kept" in "\n".join(lines_of(capsys))
    show_one(Context(home, json=True), "req_00000000000000ff", with_bodies=True)
    assert json.loads(capsys.readouterr().out)["bodies"]["answer"] == "what was answered"


def test_following_shows_each_row_when_it_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    home = home_with(tmp_path, exchange(client="before"))
    looks = iter(range(3))

    def write_or_end(_seconds: float) -> None:
        """In place of the wait between two looks."""
        look = next(looks, None)
        if look is None:
            raise KeyboardInterrupt
        with writing(home.database) as scribe:
            scribe.write(settled(exchange(client=f"new-{look}"), failed(client=f"failed-{look}")))

    monkeypatch.setattr(requests.time, "sleep", write_or_end)
    assert follow(Context(home, json=True), ANY, "", 10, errors_only=False) == 0
    rows = [json.loads(line) for line in lines_of(capsys)]
    assert [row["client"] for row in rows] == [
        "before", "new-0", "failed-0", "new-1", "failed-1", "new-2", "failed-2",
    ]  # fmt: skip
