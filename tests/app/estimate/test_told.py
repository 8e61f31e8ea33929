"""The estimate as people read it and as programs do: what is unknown is never nought."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from app.estimate.estimate import Estimate, PriceList, estimate_of
from app.estimate.places import CLAUDE_CODE, CODEX, Place
from app.estimate.reading import Findings
from app.estimate.request import Request
from app.estimate.skipped import Skipped
from app.estimate.told import told
from proxy.wire.canonical import Usage
from tests.app.estimate.logs import NOW, WINDOW

PRICES = PriceList("2026-11-14", "somewhere")
USAGE = Usage(input=1000, cache_read=2_000_000, cache_write=30, output=400)


def request(client: str, model: str, session: str = "s", usage: Usage = USAGE) -> Request:
    return Request(client, model, NOW.timestamp(), session, usage)


def pricing(asked: Request) -> int | None:
    costs = {"dear": 1_234_560_000_000, "cheap": 4_200_000, "free": 0}
    return costs.get(asked.model)


def estimate(requests: Sequence[Request], *, files: int = 3, skipped: Skipped | None = None) -> Estimate:
    findings = Findings(requests, files, 0, skipped or Skipped())
    places = [Place(CLAUDE_CODE, Path("/home/me/.claude/projects")), Place(CODEX, Path("/home/me/codex"))]
    return estimate_of(findings, pricing, PRICES, WINDOW, places)


MIXED = [
    request(CODEX, "strange"),
    request(CLAUDE_CODE, "cheap"),
    request(CLAUDE_CODE, "dear", "t"),
    request(CLAUDE_CODE, "cheap"),
]


def test_the_table() -> None:
    assert told(estimate(MIXED)).splitlines() == [
        "Estimate for the 30 days from 2026-10-23 to 2026-11-21, from your clients' own session logs.",
        "",
        "client       model    requests  input  cache read  cache write  output            cost",
        "Claude Code  dear            1  1,000   2,000,000           30     400       $1,234.56",
        "Claude Code  cheap           2  2,000   4,000,000           60     800     under $0.01",
        "Codex        strange         1  1,000   2,000,000           30     400  no price known",
        "total                                                                        $1,234.57",
        "",
        "At list prices of 2026-11-14 from somewhere, for tokens only.",
        "A subscription bills differently. What went through Tierwise is in these logs, too.",
        "Nothing of this is stored, or added to what Tierwise measures.",
        "No price is known for strange; the total is without them.",
    ]


def test_json() -> None:
    answer = estimate(MIXED, skipped=Skipped(lines=2)).as_json()
    assert answer["rows"][2] == {
        "client": "Codex",
        "model": "strange",
        "requests": 1,
        "input_tokens": 1000,
        "cache_read_tokens": 2_000_000,
        "cache_write_tokens": 30,
        "output_tokens": 400,
        "cost_usd": None,
    }
    assert [row["cost_usd"] for row in answer["rows"][:2]] == [1234.56, 0.0084]
    assert {name: answer[name] for name in answer if name not in ("rows", "since", "until")} == {
        "estimate": True,
        "days": 30,
        "prices": {"date": "2026-11-14", "source": "somewhere"},
        "total_usd": 1234.5684,
        "unpriced": ["strange"],
        "sessions": 3,
        "files": 3,
        "older_files": 0,
        "skipped": {"folders": 0, "files": 0, "lines": 2, "long_lines": 0},
        "looked_in": ["/home/me/.claude/projects", "/home/me/codex"],
    }


def test_what_is_unknown_is_not_nought() -> None:
    unknown = estimate([request(CODEX, "strange")])
    assert unknown.as_json()["total_usd"] is None
    assert "$" not in told(unknown)
    assert estimate([]).as_json()["total_usd"] == 0


def test_a_price_of_nothing_is_a_price() -> None:
    free = estimate([request(CODEX, "free")])
    assert free.as_json()["unpriced"] == []
    assert "$0.00" in told(free)


def test_a_model_whose_price_is_known_at_times_only_has_two_rows() -> None:
    requests = [request(CODEX, "m", usage=Usage(input=count)) for count in (1, 2, 3)]
    priced = estimate_of(
        Findings(requests, 1, 0, Skipped()),
        lambda asked: 10 if (asked.usage.input or 0) > 1 else None,
        PRICES,
        WINDOW,
        [],
    )
    assert [(row.requests, row.input, row.cost) for row in priced.rows] == [(2, 5, 20), (1, 1, None)]
    assert priced.total == 20


def test_without_logs_it_says_where_it_looked() -> None:
    assert told(estimate([], files=0)) == (
        "No session logs of Claude Code or Codex were found. "
        "Looked in /home/me/.claude/projects, /home/me/codex."
    )


def test_logs_without_requests_are_not_missing_logs() -> None:
    sentence = (
        "The session logs of your clients tell of no request for the 30 days from 2026-10-23 to 2026-11-21."
    )
    assert told(estimate([])) == sentence
    old = replace(estimate([], files=0), findings=Findings([], 0, 9, Skipped()))
    assert told(old) == sentence


def test_what_was_left_out_is_said() -> None:
    skipped = Skipped(files=1, lines=2000)
    assert told(estimate(MIXED, skipped=skipped)).endswith(
        "\nLeft out: files that cannot be read: 1; lines that cannot be read: 2,000."
    )
    assert "Left out: folders that cannot be read: 1." in told(estimate([], skipped=Skipped(folders=1)))
