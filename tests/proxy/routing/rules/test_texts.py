"""Tests of texts, names, closed sets and headers."""

from typing import Any

import pytest

from tests.proxy.routing.rules.situations import asks, judged, situation

MODEL = {"model": "claude-opus-4-8"}
USED = {"tools_used": frozenset({"Bash", "mcp__github__search"})}


@pytest.mark.parametrize(
    ("seen", "signal", "op", "value", "holds"),
    [
        (MODEL, "model", "contains", "opus", True),
        (MODEL, "model", "contains", "Opus", False),
        (MODEL, "model", "equals", "claude-opus-4-8", True),
        (MODEL, "model", "equals", "opus", False),
        (MODEL, "model", "glob", "*opus*", True),
        (MODEL, "model", "glob", "opus", False),
        ({"model": "meta/llama"}, "model", "glob", "*llama", True),
        (MODEL, "model", "regex", r"opus-\d", True),
        (MODEL, "model", "regex", r"^opus", False),
        ({"model": ""}, "model", "equals", "", True),
        ({"family": "haiku"}, "family", "equals", "haiku", True),
        ({"family": "haiku"}, "family", "equals", "HAIKU", True),
        ({"family": "opus"}, "family", "in", ("haiku", "mini"), False),
        ({"family": "mini"}, "family", "in", ("haiku", "mini"), True),
        ({"client": "codex"}, "client", "equals", "codex", True),
        ({"client": "codex"}, "client", "glob", "c?dex", True),
        ({"client": "codex"}, "client", "in", ("aider", "codex"), True),
        ({"client": "codex"}, "client", "in", "codex", True),
        ({"client": "cline"}, "client", "in", ("aider", "codex"), False),
        ({"surface": "chat"}, "surface", "equals", "chat", True),
        ({"surface": "chat"}, "surface", "in", ("gemini", "responses"), False),
        ({"kind": "subagent"}, "kind", "equals", "subagent", True),
        ({"kind": "warm-up"}, "kind", "in", ("warm-up", "quota probe"), True),
        ({"kind": "main"}, "kind", "in", ("title", "suggestion"), False),
        ({"thinking": True}, "thinking", "enabled", None, True),
        ({"thinking": False}, "thinking", "enabled", None, False),
        ({"thinking": False}, "thinking", "disabled", None, True),
        ({"thinking": True}, "thinking", "disabled", None, False),
        ({"system_text": "be terse"}, "system_text", "contains", "terse", True),
        ({"user_text": "a\nbug here"}, "user_text", "contains", "bug", True),
        ({"user_text": "a\nbug here"}, "user_text", "equals", "bug", False),
        ({"user_text": "a\nbug here"}, "user_text", "glob", "*bug*", True),
        ({"user_text": "a\nbug here"}, "user_text", "glob", "bug", False),
        ({"user_text": "a\nbug here"}, "user_text", "regex", "bug", True),
        ({"user_text": "kw", "latest_user_text": ""}, "latest_user_text", "contains", "kw", False),
        ({"latest_user_text": "fix it"}, "latest_user_text", "regex", r"\bfix\b", True),
        ({"images": 2}, "content", "has", "image", True),
        ({"images": 2}, "content", "equals", "document", False),
        ({"documents": 1}, "content", "equals", "document", True),
        ({}, "content", "has", "image", False),
        (USED, "tool_used", "equals", "Bash", True),
        (USED, "tool_used", "equals", "bash", False),
        (USED, "tool_used", "glob", "mcp__*", True),
        (USED, "tool_used", "in", ("Edit", "Bash"), True),
        (USED, "tool_used", "in", ("Edit", "Write"), False),
        ({}, "tool_used", "glob", "*", False),
    ],
)
def test_a_request_passes_what_it_fits(
    seen: dict[str, Any], signal: str, op: str, value: Any, holds: bool
) -> None:
    found = judged(asks(signal, op, value), situation(**seen))

    assert found.holds is holds
    (step,) = found.trace
    assert (step.signal, step.op, step.holds, step.note) == (signal, op, holds, "")


@pytest.mark.parametrize(
    ("headers", "op", "value", "holds"),
    [
        ({"x-team": "blue"}, "equals", "blue", True),
        ({"x-team": "blue"}, "contains", "lu", True),
        ({"x-team": "blue"}, "glob", "b*", True),
        ({"x-team": "blue"}, "regex", "^bl", True),
        ({"x-team": "blue"}, "equals", "red", False),
        ({"x-team": ""}, "present", None, True),
        ({"x-team": "blue"}, "absent", None, False),
        ({}, "equals", "", False),
        ({}, "glob", "*", False),
        ({}, "present", None, False),
        ({}, "absent", None, True),
    ],
)
def test_an_absent_header_passes_nothing_but_absent(
    headers: dict[str, str], op: str, value: Any, holds: bool
) -> None:
    assert judged(asks("header:X-Team", op, value), situation(headers=headers)).holds is holds


@pytest.mark.parametrize(
    ("signal", "op", "value", "seen"),
    [
        ("model", "contains", "OPUS", {"model": "claude-opus"}),
        ("model", "equals", "Claude-Opus", {"model": "claude-opus"}),
        ("model", "glob", "*O[PQ]US", {"model": "claude-opus"}),
        ("model", "regex", "OPUS$", {"model": "claude-opus"}),
        ("client", "in", ("Codex", "Aider"), {"client": "codex"}),
        ("tool_used", "equals", "bash", {"tools_used": frozenset({"Bash"})}),
        ("tool_used", "in", ("bash",), {"tools_used": frozenset({"BASH"})}),
        ("header:x-team", "equals", "BLUE", {"headers": {"x-team": "blue"}}),
    ],
)
def test_case_matters_unless_it_is_ignored(signal: str, op: str, value: Any, seen: dict[str, Any]) -> None:
    assert not judged(asks(signal, op, value), situation(**seen)).holds
    assert judged(asks(signal, op, value, ignore_case=True), situation(**seen)).holds


@pytest.mark.parametrize(("op", "value"), [("contains", "bug"), ("regex", "b.g")])
def test_the_trace_tells_where_in_the_text(op: str, value: str) -> None:
    (step,) = judged(asks("user_text", op, value), situation(user_text="İ a bug")).trace

    assert (step.value, step.found) == (value, 4.0)


def test_the_offset_is_right_where_letters_change_their_length_with_their_case() -> None:
    condition = asks("user_text", "contains", "BUG", ignore_case=True)

    assert judged(condition, situation(user_text="İßŒ bug")).trace[0].found == 4.0
