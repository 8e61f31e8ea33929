"""`tierwise usage` reads the record whether or not anything runs."""

import json
import time
from pathlib import Path

import pytest

from app.commands.context import Context
from app.home import Home
from app.record.errors import NoRecordError, RecordError
from app.record.spending import show_usage
from proxy.exchange import Origin
from proxy.ledger.queries.usage import Filters
from tests.proxy.ledger.made import attempt, config_of, exchange, failed, filled

ANY = Filters()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Two hosted answers, a local one, a failure and a probe, all of just now."""
    now = time.time()
    filled(
        tmp_path / "tierwise.db",
        [
            exchange(received=now, session=None),
            exchange(attempt("ollama/qwen3-coder:30b"), received=now, session=None),
            exchange(attempt("anthropic/claude-opus-4-8", tier="REASONING"), received=now, session=None),
            failed(received=now, session=None),
            exchange(received=now, origin=Origin.PROBE),
        ],
    )
    return Home(tmp_path)


def told(home: Home, capsys: pytest.CaptureFixture[str], by: str = "model", filters: Filters = ANY) -> str:
    assert show_usage(Context(home), "7d", by, filters) == 0
    return capsys.readouterr().out


def test_every_line_and_their_total(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    page = told(home, capsys).splitlines()
    assert page[0] == "Usage of the last 7 days:"
    assert page[2].split() == [
        "model",
        "requests",
        "errors",
        "input",
        "cached",
        "output",
        "cost",
        "baseline",
        "saved",
    ]
    lines = {line.split()[0]: line.split()[1:] for line in page[3:8]}
    # 20 in + 30,000 from the cache + 1,000 into it + 800 out, at 1/0.1/1.25/5 and 5/0.5/6.25/25 a million
    assert lines["claude-haiku-4-5"] == ["1", "0", "1.0k", "30.0k", "800", "$0.0083", "$0.04", "$0.03"]
    assert lines["claude-opus-4-8"] == ["1", "0", "1.0k", "30.0k", "800", "$0.04", "$0.04", "$0.00"]
    assert lines["qwen3-coder:30b"] == ["1", "0", "1.0k", "30.0k", "800", "$0.00", "$0.04", "$0.04"]
    assert lines["none"][:2] == ["1", "1"]
    assert lines["total"][:2] == ["4", "1"]


def test_what_has_saved_it(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    page = told(home, capsys)
    assert "over 3 of 4 requests." in page
    assert "By other hosted models $0.03, local models $0.04." in page


@pytest.mark.parametrize(
    ("by", "name"), [("tier", "REASONING"), ("provider", "ollama"), ("client", "claude-code")]
)
def test_by_what_is_asked_for(home: Home, capsys: pytest.CaptureFixture[str], by: str, name: str) -> None:
    page = told(home, capsys, by)
    assert page.splitlines()[2].startswith(by)
    assert f"\n{name} " in page


def test_by_day_every_day_has_a_line(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    page = told(home, capsys, "day").splitlines()
    assert page[2].startswith("time ")
    assert [line.split()[1] for line in page[3:10]] == ["0"] * 6 + ["4"]


def test_narrowed(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    page = told(home, capsys, filters=Filters(provider="ollama"))
    assert "claude-haiku" not in page
    assert "total                   1 " in page
    assert "2 requests" not in page


def test_probes_are_told_when_they_are_asked_for(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert "total                    1 " in told(home, capsys, filters=Filters(origin=Origin.PROBE))


def test_nothing_in_the_window(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    page = told(home, capsys, filters=Filters(client="nobody"))
    assert page == "Nothing was asked for in the last 7 days.\n"


def test_as_json_it_is_what_the_admin_interface_says(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert show_usage(Context(home, json=True), "30d", "model", ANY) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["window"] == "30d"
    assert answer["totals"]["requests"] == 4
    assert len(answer["daily"]) == 30


def test_what_the_dollars_leave_out_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    now = time.time()
    config = config_of(
        providers={"mine": {"kind": "openai-compatible", "base_url": "https://example.com/v1"}}
    )
    filled(
        tmp_path / "tierwise.db",
        [exchange(attempt("mine/secret-model"), received=now, requested_model="auto")],
        config,
    )
    page = told(Home(tmp_path), capsys)
    assert "Without a known price: 1 request, 31.8k tokens." in page
    assert "unknown" in page.splitlines()[3]
    assert "Nothing could be compared" in page


def test_before_the_first_request_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(NoRecordError, match="begins with the first request"):
        show_usage(Context(Home(tmp_path)), "7d", "model", ANY)


def test_a_file_that_only_holds_tokens_is_no_record_yet(tmp_path: Path) -> None:
    from app.tokens.table import TokenTable

    TokenTable(tmp_path / "tierwise.db").load()
    with pytest.raises(NoRecordError):
        show_usage(Context(Home(tmp_path)), "7d", "model", ANY)


def test_a_newer_record_is_refused_politely(home: Home) -> None:
    import sqlite3

    with sqlite3.connect(home.database) as connection:
        connection.execute("pragma user_version = 99")
    connection.close()
    with pytest.raises(RecordError, match="newer Tierwise"):
        show_usage(Context(home), "7d", "model", ANY)
