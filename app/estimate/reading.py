"""Reading all session logs: what was asked of which model, and what could not be read."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from app.estimate.claude_code import ClaudeCodeLogs
from app.estimate.codex import CodexLogs
from app.estimate.files import LogFile, find_logs
from app.estimate.lines import UnreadableFileError, lines_of, open_log
from app.estimate.places import CLAUDE_CODE, CODEX, Place
from app.estimate.request import Request, UnreadableLineError
from app.estimate.skipped import Skipped
from app.estimate.window import Window


class LineReader(Protocol):
    """Whoever listens to the lines of one file."""

    def take(self, line: bytes) -> None: ...


class Logs(Protocol):
    """Whoever listens to all files of one client."""

    def begin(self, path: Path) -> LineReader: ...

    def requests(self) -> Iterator[Request]: ...


_CLIENTS: Mapping[str, Callable[[Window], Logs]] = {CLAUDE_CODE: ClaudeCodeLogs, CODEX: CodexLogs}


@dataclass(frozen=True, slots=True)
class Findings:
    requests: Sequence[Request]
    files: int
    """Those that were read."""
    older_files: int
    skipped: Skipped


def read_logs(
    places: Sequence[Place],
    window: Window,
    progress: Callable[[int, int], None] = lambda _done, _of: None,
) -> Findings:
    """Reads every log that was written to within the window; `progress` hears after each one how many of
    how many are done."""
    skipped = Skipped()
    found = find_logs(places, window, skipped)
    recent = [log for log in found if log.is_recent]
    clients = {client: logs(window) for client, logs in _CLIENTS.items()}
    for done, log in enumerate(recent, start=1):
        _read_file(log, clients[log.client], skipped)
        progress(done, len(recent))
    requests = [request for logs in clients.values() for request in logs.requests()]
    return Findings(requests, len(recent), len(found) - len(recent), skipped)


def _read_file(log: LogFile, logs: Logs, skipped: Skipped) -> None:
    """What was read before a file fails counts."""
    reader = logs.begin(log.path)
    try:
        with open_log(log.path) as file:
            for line in lines_of(file, skipped):
                _take(reader, line, skipped)
    except UnreadableFileError:
        skipped.files += 1


def _take(reader: LineReader, line: bytes, skipped: Skipped) -> None:
    try:
        reader.take(line)
    except UnreadableLineError:
        skipped.lines += 1
