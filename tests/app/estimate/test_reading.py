"""Log files as they lie on a disk: linked, locked away, compressed, torn, old, and very long."""

import io
import os
from pathlib import Path

import pytest
from backports import zstd
from hypothesis import given
from hypothesis import strategies as st

from app.estimate.lines import LONGEST_LINE, lines_of
from app.estimate.places import CLAUDE_CODE, CODEX, Place, find_places
from app.estimate.reading import Findings, read_logs
from app.estimate.skipped import Skipped
from tests.app.estimate.logs import NOW, WINDOW, answer, encoded, meta, total, turn, written


def read(folder: Path, client: str = CLAUDE_CODE) -> Findings:
    return read_logs([Place(client, folder)], WINDOW)


def test_logs_are_found_at_any_depth(tmp_path: Path) -> None:
    written(tmp_path / "-project" / "s-1.jsonl", answer("msg_1"))
    written(tmp_path / "-project" / "s-1" / "subagents" / "agent-a.jsonl", answer("msg_2"))
    written(tmp_path / "-project" / "notes.json", answer("msg_3"))
    findings = read(tmp_path)
    assert (len(findings.requests), findings.files) == (2, 2)


def test_compressed_rollouts_are_read_and_count_once_beside_their_plain_copy(tmp_path: Path) -> None:
    day = tmp_path / "2026" / "11" / "10"
    plain = written(day / "rollout-a.jsonl", meta("a"), turn(), total(10, 1), total(30, 2))
    (day / "rollout-a.jsonl.zst").write_bytes(zstd.compress(plain.read_bytes()))
    (day / "rollout-b.jsonl.zst").write_bytes(
        zstd.compress(encoded(meta("b")) + b"\n" + encoded(total(7, 7)))
    )
    findings = read(tmp_path, CODEX)
    assert [(request.session, request.usage.input) for request in findings.requests] == [
        ("a", 10),
        ("a", 20),
        ("b", 7),
    ]
    assert findings.skipped == Skipped()


@pytest.mark.parametrize("cut", [slice(-5), slice(0, 0), slice(4, None)], ids=["torn", "empty", "no archive"])
def test_what_cannot_be_unpacked_is_counted(tmp_path: Path, cut: slice) -> None:
    written(tmp_path / "rollout-b.jsonl", meta("b"), total(1, 1))
    (tmp_path / "rollout-a.jsonl.zst").write_bytes(zstd.compress(os.urandom(5000))[cut])
    findings = read(tmp_path, CODEX)
    assert len(findings.requests) == 1
    assert findings.skipped == Skipped(files=1)


def test_a_file_that_nobody_wrote_to_within_the_window_is_not_opened(tmp_path: Path) -> None:
    path = written(tmp_path / "s-1.jsonl", answer())
    old = WINDOW.since.timestamp() - 1
    os.utime(path, (old, old))
    findings = read(tmp_path)
    assert (findings.requests, findings.files, findings.older_files) == ([], 0, 1)
    os.utime(path, (old + 1, old + 1))
    assert read(tmp_path).files == 1


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root reads everything")
def test_what_is_locked_away_is_counted(tmp_path: Path) -> None:
    written(tmp_path / "open.jsonl", answer())
    locked, folder = written(tmp_path / "locked.jsonl", answer("msg_2")), tmp_path / "folder"
    folder.mkdir()
    for path in (locked, folder):
        path.chmod(0)
    try:
        findings = read(tmp_path)
    finally:
        folder.chmod(0o700)
    assert len(findings.requests) == 1
    assert findings.skipped == Skipped(folders=1, files=1)


def test_a_file_that_cannot_be_read_is_counted_for_whoever_reads(tmp_path: Path) -> None:
    written(tmp_path / "open.jsonl", answer())
    (tmp_path / "gone.jsonl").symlink_to(tmp_path / "nowhere")
    (tmp_path / "itself.jsonl").symlink_to(tmp_path / "itself.jsonl")
    findings = read(tmp_path)
    assert len(findings.requests) == 1
    assert findings.skipped == Skipped(files=2)


def test_a_place_that_cannot_be_looked_into_is_counted(tmp_path: Path) -> None:
    (tmp_path / "projects").symlink_to(tmp_path / "projects")
    assert read(tmp_path / "projects").skipped == Skipped(folders=1)


def test_links_are_followed_and_their_loops_end(tmp_path: Path) -> None:
    elsewhere, logs = tmp_path / "elsewhere", tmp_path / "logs"
    written(elsewhere / "s-1.jsonl", answer(None, None))
    logs.mkdir()
    (logs / "moved").symlink_to(elsewhere)
    (logs / "again").symlink_to(elsewhere)
    (elsewhere / "up").symlink_to(logs)
    (elsewhere / "s-2.jsonl").symlink_to(elsewhere / "s-1.jsonl")
    findings = read(logs)
    assert (len(findings.requests), findings.files) == (1, 1)
    assert read(logs / "moved").files == 1


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "s-1.jsonl")
    assert read(tmp_path).files == 0


def test_a_folder_that_is_not_there_is_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "missing", tmp_path / "file"):
        assert read(folder) == Findings([], 0, 0, Skipped())


def test_lines_that_cannot_be_read_are_counted_and_the_others_are_read(tmp_path: Path) -> None:
    torn = encoded(answer("msg_9"))[:-10]
    written(tmp_path / "s.jsonl", torn, answer("msg_1"), b"\xff\x00", b"", answer("msg_2"), torn)
    findings = read(tmp_path)
    assert len(findings.requests) == 2
    assert findings.skipped == Skipped(lines=2)


def test_a_copy_is_read_after_its_original_wherever_they_lie(tmp_path: Path) -> None:
    own = total(90, 9, when=NOW.isoformat())
    written(tmp_path / "a" / "rollout-2.jsonl", meta("c", forked_from_id="p"), total(50, 5), own)
    written(tmp_path / "b" / "rollout-1.jsonl", meta("p"), total(50, 5))
    assert [request.session for request in read(tmp_path, CODEX).requests] == ["p", "c"]


def test_progress_is_told_after_each_file(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    for name in "ab":
        written(tmp_path / f"{name}.jsonl", answer())
    read_logs([Place(CLAUDE_CODE, tmp_path)], WINDOW, lambda done, of: told.append((done, of)))
    assert told == [(1, 2), (2, 2)]


def test_nothing_is_written(tmp_path: Path) -> None:
    path = written(tmp_path / "s.jsonl", answer())
    before, content = path.stat().st_mtime_ns, path.read_bytes()
    read(tmp_path)
    assert (path.stat().st_mtime_ns, path.read_bytes()) == (before, content)
    assert list(tmp_path.iterdir()) == [path]


def test_a_line_longer_than_any_log_has_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "s.jsonl"
    with path.open("wb") as file:
        file.write(encoded(answer("msg_1")) + b"\n")
        file.truncate(file.tell() + LONGEST_LINE + 1)
        file.seek(0, io.SEEK_END)
        file.write(b"\n" + encoded(answer("msg_2")) + b"\n")
    findings = read(tmp_path)
    assert len(findings.requests) == 2
    assert findings.skipped == Skipped(long_lines=1)


@given(
    st.lists(st.binary(max_size=12).map(lambda data: data.replace(b"\n", b"").rstrip(b"\r")), max_size=6),
    st.integers(1, 10),
)
def test_lines_are_whole_or_counted(lines: list[bytes], longest: int) -> None:
    skipped = Skipped()
    found = list(lines_of(io.BytesIO(b"".join(line + b"\n" for line in lines)), skipped, longest))
    assert found == [line for line in lines if len(line) < longest]
    assert skipped.long_lines == len(lines) - len(found)


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        (
            {},
            [".claude/projects", ".config/claude/projects", ".codex/sessions", ".codex/archived_sessions"],
        ),
        (
            {"CLAUDE_CONFIG_DIR": "", "CODEX_HOME": "/c", "XDG_CONFIG_HOME": "/x"},
            [".claude/projects", "/x/claude/projects", "/c/sessions", "/c/archived_sessions"],
        ),
        (
            {"CLAUDE_CONFIG_DIR": "/k"},
            ["/k/projects", ".codex/sessions", ".codex/archived_sessions"],
        ),
    ],
    ids=["nothing", "Codex elsewhere", "Claude Code elsewhere"],
)
def test_where_logs_are_looked_for(tmp_path: Path, environ: dict[str, str], expected: list[str]) -> None:
    assert [place.folder for place in find_places(environ, tmp_path)] == [
        tmp_path / each for each in expected
    ]
