"""Claude Code's session logs: one line for each block of an answer, all with the usage of the whole answer.

A line is written when its block is complete, so the first lines of an answer may know less of its output than
the last. A session that is resumed or branched into another file takes its lines along. So an answer is known
by its message and request, in whatever file, and its largest count holds. Lines of subagents, in files of
their own or not, are requests like all others.
"""

from collections.abc import Iterator
from pathlib import Path

import msgspec
from msgspec import Raw, Struct

from app.estimate.places import CLAUDE_CODE
from app.estimate.request import Request, UnreadableLineError, model_name, moment
from app.estimate.window import Window
from proxy.wire.anthropic.usage import read_usage
from proxy.wire.reading import ABSENT, UNREADABLE, decoded


class _Line(Struct, rename="camel"):
    type: str = ""
    timestamp: str = ""
    uuid: str | None = None
    request_id: str | None = None
    session_id: str | None = None
    message: Raw = ABSENT


class _Message(Struct):
    id: str | None = None
    model: str | None = None
    usage: Raw = ABSENT


_LINES = msgspec.json.Decoder(_Line)
_MESSAGES = msgspec.json.Decoder(_Message)

_OWN_WORDS = "<synthetic>"
"""The model of lines that the client wrote itself, such as the words of an error."""


class ClaudeCodeLogs:
    """The requests in any number of log files, each once."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._requests: dict[tuple[str, str], Request] = {}

    def begin(self, _path: Path) -> "ClaudeCodeLogs":
        """Lines say all by themselves; a file has no state."""
        return self

    def take(self, line: bytes) -> None:
        if b'"usage"' not in line or b'"assistant"' not in line:
            return
        try:
            told = decoded(_LINES, line)
            message = decoded(_MESSAGES, told.message) if told.type == "assistant" else _Message()
        except UNREADABLE as error:
            raise UnreadableLineError from error
        if message.usage is ABSENT or message.model == _OWN_WORDS:
            return
        self._keep(told, message)

    def requests(self) -> Iterator[Request]:
        return iter(self._requests.values())

    def _keep(self, told: _Line, message: _Message) -> None:
        at, usage = moment(told.timestamp), read_usage(message.usage)
        if not usage.is_known or not self._window.holds(at):
            return
        key = _key(told, message, at)
        before = self._requests.get(key)
        if before is None or (usage.output or 0) >= (before.usage.output or 0):
            session = before.session if before else told.session_id or ""
            self._requests[key] = Request(CLAUDE_CODE, model_name(message.model), at, session, usage)


def _key(told: _Line, message: _Message, at: float) -> tuple[str, str]:
    """Not every version and not every host gives both ids."""
    if message.id:
        return message.id, told.request_id or ""
    return told.uuid or str(at), told.request_id or ""
