"""`tierwise estimate` as a process: offline, without a configuration, and without a word of what was said."""

import json
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.app.estimate.logs import MARKER, answer, encoded, meta, said, total, turn, written
from tests.e2e.program import run

OPUS = "claude-opus-4-5-20251101"


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@pytest.fixture
def user(own_home: Path) -> Path:
    """A user whose both clients have been at work just now."""
    claude, codex = own_home / ".claude" / "projects" / "-secret", own_home / ".codex" / "sessions"
    million = answer("msg_1", model=OPUS, when=now(), input_tokens=1_000_000, output_tokens=0)
    written(claude / "s-1.jsonl", million, million, encoded(million)[:-9])
    written(claude / "s-2.jsonl", million, answer("msg_2", model="mystery-9", when=now()))
    lines = meta("c", when=now()), turn("gpt-5.1-codex"), said(), total(1_000_000, 0, when=now())
    written(codex / "2026" / "11" / "21" / "rollout-1.jsonl", *lines, lines[-1])
    return own_home


def estimate(*arguments: str, home: Path, **environ: str) -> dict[str, Any]:
    code, out, err = run("estimate", "--json", *arguments, home=home, **environ)
    assert (code, err) == (0, "")
    answer: dict[str, Any] = json.loads(out)
    return answer


def test_it_reads_what_both_clients_logged(user: Path, tmp_path: Path) -> None:
    found = estimate(home=tmp_path)
    rows = {row["model"]: row for row in found["rows"]}
    assert {model: row["client"] for model, row in rows.items()} == {
        OPUS: "Claude Code",
        "mystery-9": "Claude Code",
        "gpt-5.1-codex": "Codex",
    }
    assert (rows[OPUS]["requests"], rows[OPUS]["cost_usd"]) == (1, 5.0)
    assert (rows["gpt-5.1-codex"]["requests"], rows["gpt-5.1-codex"]["cost_usd"]) == (1, 1.25)
    assert rows["mystery-9"]["cost_usd"] is None
    assert (found["total_usd"], found["unpriced"], found["estimate"]) == (6.25, ["mystery-9"], True)
    assert (found["sessions"], found["files"], found["skipped"]["lines"]) == (2, 3, 1)
    assert found["prices"]["date"]
    assert list(tmp_path.iterdir()) == []


def test_people_read_a_table_and_not_a_word_of_what_was_said(user: Path, tmp_path: Path) -> None:
    code, out, err = run("estimate", home=tmp_path)
    assert (code, err) == (0, "")
    assert "list prices" in out
    assert "$6.25" in out
    assert "no price known" in out
    for output in (out, run("estimate", "--json", "--log-level", "debug", home=tmp_path)[1]):
        assert MARKER not in output
        assert "secret" not in output


def test_without_logs_it_says_where_it_looked(own_home: Path, tmp_path: Path) -> None:
    code, out, err = run("estimate", home=tmp_path)
    assert (code, err) == (0, "")
    assert f"Looked in {own_home}/.claude/projects" in out
    assert estimate(home=tmp_path)["rows"] == []


def test_the_clients_own_variables_are_respected(user: Path, tmp_path: Path) -> None:
    moved = user.rename(user.with_name(f"{user.name}-moved"))
    assert estimate(home=tmp_path)["files"] == 0
    found = estimate(home=tmp_path, CLAUDE_CONFIG_DIR=f"{moved}/.claude", CODEX_HOME=f"{moved}/.codex")
    assert found["files"] == 3


@pytest.mark.parametrize("days", ["0", "-1", "x", "99999"])
def test_wrong_days_are_wrong_usage(tmp_path: Path, days: str) -> None:
    code, out, err = run("estimate", f"--days={days}", home=tmp_path)
    assert (code, out) == (2, "")
    assert "days" in err


def test_one_day_is_today(user: Path, tmp_path: Path) -> None:
    yesterday = datetime.fromtimestamp(time.time() - 86_400, UTC).isoformat()
    written(user / ".claude" / "projects" / "p" / "s-3.jsonl", answer("msg_7", model="old", when=yesterday))
    assert "old" in [row["model"] for row in estimate(home=tmp_path)["rows"]]
    assert "old" not in [row["model"] for row in estimate("--days", "1", home=tmp_path)["rows"]]


def test_it_explains_itself(tmp_path: Path) -> None:
    code, out, _ = run("estimate", "--help")
    assert code == 0
    assert "--days N" in out
    assert "--json" in out
