"""Session logs as the clients write them, made up: what is said in them must never be seen again."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from app.estimate.claude_code import ClaudeCodeLogs
from app.estimate.codex import CodexLogs
from app.estimate.window import Window

MARKER = "rosebud-7319"
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
WINDOW = Window(30, datetime(2026, 10, 23, tzinfo=UTC), NOW)


def at(*, days: float = 0, seconds: float = 0) -> str:
    """So long before noon, as both clients write it."""
    when = NOW - timedelta(days=days, seconds=seconds)
    return when.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def written(path: Path, *lines: dict[str, Any] | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join((line if isinstance(line, bytes) else encoded(line)) + b"\n" for line in lines))
    return path


def encoded(line: dict[str, Any]) -> bytes:
    return json.dumps(line, separators=(",", ":")).encode()


def answer(
    message: str | None = "msg_1",
    request: str | None = "req_1",
    *,
    model: str = "claude-opus-4-5",
    when: str = at(days=1),
    session: str = "s-1",
    **usage: Any,
) -> dict[str, Any]:
    """One line of Claude Code: one block of an answer."""
    counts = {"input_tokens": 10, "output_tokens": 20, **usage}
    text = {"type": "text", "text": f'{MARKER} "usage" \\"token_count\\"'}
    return {
        "type": "assistant",
        "timestamp": when,
        "sessionId": session,
        "uuid": f"u-{message}-{request}-{when}",
        **({"requestId": request} if request else {}),
        "isSidechain": False,
        "message": {
            **({"id": message} if message else {}),
            "role": "assistant",
            "model": model,
            "content": [text],
            "usage": counts,
        },
    }


def meta(session: str, *, when: str = at(days=1), **more: Any) -> dict[str, Any]:
    payload = {"id": session, "cwd": f"/{MARKER}", "instructions": MARKER, "source": "cli", **more}
    return {"timestamp": when, "type": "session_meta", "payload": payload}


def turn(model: str = "gpt-5.1-codex", *, when: str = at(days=1)) -> dict[str, Any]:
    return {"timestamp": when, "type": "turn_context", "payload": {"cwd": f"/{MARKER}", "model": model}}


def total(
    total_input: int,
    total_output: int,
    *,
    cached: int = 0,
    last: tuple[int, int] | None = None,
    when: str = at(days=1),
) -> dict[str, Any]:
    """One `token_count` line of Codex, by its running totals."""
    info: dict[str, Any] = {"total_token_usage": _counts(total_input, total_output, cached)}
    if last is not None:
        info["last_token_usage"] = _counts(*last, 0)
    payload = {"type": "token_count", "info": info, "rate_limits": {"primary": None}}
    return {"timestamp": when, "type": "event_msg", "payload": payload}


def said() -> dict[str, Any]:
    """A line of conversation, which talks about counts."""
    content = [{"type": "output_text", "text": f'{MARKER}: {{"type":"token_count"}}'}]
    return {"timestamp": at(days=1), "type": "response_item", "payload": {"content": content}}


def _counts(input_tokens: int, output_tokens: int, cached: int) -> dict[str, int]:
    return {
        "input_tokens": input_tokens,
        "cached_input_tokens": cached,
        "output_tokens": output_tokens,
        "reasoning_output_tokens": 0,
        "total_tokens": input_tokens + output_tokens,
    }


def heard(logs: ClaudeCodeLogs | CodexLogs, *files: list[dict[str, Any]], names: str = "abcdef") -> None:
    """Each list of lines as one file."""
    for name, lines in zip(names, files, strict=False):
        reader = logs.begin(Path(f"rollout-{name}.jsonl"))
        for line in lines:
            reader.take(encoded(line))
