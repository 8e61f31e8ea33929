"""Codex's session logs, called rollouts: running totals, of which each step is what one request used.

A total may be told twice, so only its growth counts. The model stands in the lines before it.

A session that was forked from another one, and one of a subagent, may begin with a copy of its parent's whole
history, totals included, and goes on counting from there. The copied lines keep their times or carry that of
the copy. So a total is passed over that has been seen at the same time in any file, or in the same session or
one of its ancestors at any time. Where the parent's file is gone, the time of the copy tells: no model
answers in the moment in which a session begins.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Raw, Struct

from app.estimate.places import CODEX
from app.estimate.request import Request, UnreadableLineError, model_name, moment
from app.estimate.totals import Totals
from app.estimate.window import Window
from proxy.wire.reading import ABSENT, UNREADABLE, decoded

_COPYING_SECONDS = 2.0


class _Line(Struct):
    type: str = ""
    timestamp: str = ""
    payload: Raw = ABSENT


class _Info(Struct):
    total_token_usage: Totals
    last_token_usage: Totals | None = None


class _TokenCount(Struct):
    type: str = ""
    info: _Info | None = None
    """Missing where only the limits of a plan are told."""


class _TurnContext(Struct):
    model: str | None = None


class _SessionMeta(Struct):
    id: str = ""
    forked_from_id: str | None = None
    parent_thread_id: str | None = None
    source: Any = None
    """A word, or an object that names the parent of a subagent."""


_LINES = msgspec.json.Decoder(_Line)
_TOKEN_COUNTS = msgspec.json.Decoder(_TokenCount)
_TURN_CONTEXTS = msgspec.json.Decoder(_TurnContext)
_SESSION_METAS = msgspec.json.Decoder(_SessionMeta)


class CodexLogs:
    """The requests in any number of rollouts, each once. Parents are to be read before their children."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._requests: list[Request] = []
        self._parents: dict[str, str] = {}
        self._seen: set[tuple[str, Totals]] = set()
        """Totals, each beside its session and beside its time."""

    def begin(self, path: Path) -> "Rollout":
        return Rollout(self, path.name.split(".jsonl")[0])

    def requests(self) -> Iterator[Request]:
        return iter(self._requests)

    def adopt(self, session: str, parent: str) -> None:
        self._parents[session] = parent

    def keep(self, request: Request) -> None:
        if self._window.holds(request.at):
            self._requests.append(request)

    def is_new(self, session: str, timestamp: str, total: Totals) -> bool:
        """Whether nobody has told of this total yet; from now on it is known."""
        known = any((name, total) in self._seen for name in (timestamp, *self._line_of(session)))
        self._seen |= {(timestamp, total), (session, total)}
        return not known

    def _line_of(self, session: str) -> Iterator[str]:
        """A session and its ancestors."""
        passed: set[str] = set()
        while session and session not in passed:
            passed.add(session)
            yield session
            session = self._parents.get(session, "")


class Rollout:
    """One file: what its lines said so far."""

    def __init__(self, logs: CodexLogs, name: str) -> None:
        self._logs = logs
        self._session = name
        self._has_begun = False
        self._copied_until = float("-inf")
        self._model: str | None = None
        self._total: Totals | None = None

    def take(self, line: bytes) -> None:
        if not any(word in line for word in _WORTH_READING):
            return
        try:
            told = decoded(_LINES, line)
            self._hear(told)
        except UNREADABLE as error:
            raise UnreadableLineError from error

    def _hear(self, told: _Line) -> None:
        if told.type == "event_msg":
            self._count(told)
        elif told.type == "turn_context":
            self._model = decoded(_TURN_CONTEXTS, told.payload).model or self._model
        elif told.type == "session_meta" and not self._has_begun:
            self._begin(told)

    def _begin(self, told: _Line) -> None:
        """Only the first line of its kind is this session's; others were copied from its parents."""
        meta = decoded(_SESSION_METAS, told.payload)
        self._has_begun = True
        self._session = meta.id or self._session
        parent = meta.forked_from_id or meta.parent_thread_id or _spawned_by(meta.source)
        if parent and parent != self._session:
            self._logs.adopt(self._session, parent)
            self._copied_until = moment(told.timestamp) + _COPYING_SECONDS

    def _count(self, told: _Line) -> None:
        count = decoded(_TOKEN_COUNTS, told.payload)
        if count.type != "token_count" or count.info is None:
            return
        at, total = moment(told.timestamp), count.info.total_token_usage
        step = total.since(self._total, count.info.last_token_usage)
        self._total = total
        if step.is_nothing or at <= self._copied_until:
            return
        if self._logs.is_new(self._session, told.timestamp, total):
            self._logs.keep(Request(CODEX, model_name(self._model), at, self._session, step.usage))


_WORTH_READING = (b'"token_count"', b'"turn_context"', b'"session_meta"')


def _spawned_by(source: Any) -> str:
    """The parent's id in `{"subagent": {"thread_spawn": {"parent_thread_id": ...}}}`."""
    for name in ("subagent", "thread_spawn", "parent_thread_id"):
        source = source.get(name) if isinstance(source, dict) else None
    return source if isinstance(source, str) else ""
