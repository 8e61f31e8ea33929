"""Tests of texts, names, closed sets and headers."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from proxy.config import Condition
from proxy.routing.rules import read_ahead
from proxy.routing.signals import Looked, Messages, signals
from proxy.routing.signals.texts import LONGEST
from proxy.wire.format import Format
from tests.proxy.routing.rules.situations import asks, judged, rule, situation

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


@pytest.mark.parametrize(("op", "sent", "not_sent"), [("present", True, False), ("absent", False, True)])
@pytest.mark.parametrize("name", ["Authorization", "X-Api-Key", "api-key", "Cookie", "x-tierwise-token"])
def test_whether_a_credential_is_sent_is_all_that_can_be_asked(
    name: str, op: str, sent: bool, not_sent: bool
) -> None:
    condition = asks(f"header:{name}", op)
    for headers, holds in (({name: "sk-1"}, sent), ({}, not_sent)):
        looked = Looked(body=None, format=Format.ANTHROPIC, surface="messages", client="sdk", headers=headers)
        seen = replace(situation(), signals=signals(looked, Messages()))
        assert judged(condition, seen).holds is holds
    assert "allowed: present, absent" in rule(asks(f"header:{name}", "equals", "sk-1")).broken


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


ODD = "\N{KELVIN SIGN}\N{LATIN SMALL LETTER LONG S}\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}"
LETTERS = st.text(alphabet=f"aAkKsSi {ODD}", max_size=30)


@given(LETTERS.filter(bool), LETTERS)
def test_letters_are_alike_in_any_case_wherever_they_stand(wanted: str, text: str) -> None:
    found = re.search(re.escape(wanted), text, re.IGNORECASE)
    (step,) = judged(asks("user_text", "contains", wanted, ignore_case=True), situation(user_text=text)).trace

    assert (step.holds, step.found) == (found is not None, found and found.start())


TEXT_OPS = [("contains", "first"), ("glob", "first*"), ("regex", "^first")]


@pytest.mark.parametrize("signal", ["system_text", "user_text", "latest_user_text"])
@pytest.mark.parametrize(("op", "value"), TEXT_OPS)
def test_of_a_very_long_text_the_end_is_searched(signal: str, op: str, value: str) -> None:
    condition = asks(signal, op, value)

    assert not judged(condition, situation(**{signal: "first" + "x" * LONGEST})).holds
    assert judged(condition, situation(**{signal: "x first" + "x" * 1000})).holds is (op == "contains")


FEW, LAST = asks("tokens", "lt", 1), asks("latest_user_text", "contains", "x")


@pytest.mark.parametrize(
    ("when", "read"),
    [
        (asks("tokens", "ge", 1), []),
        (asks("user_text", "contains", "x"), ["user_text"]),
        (
            Condition(negated=Condition(any_of=(asks("latest_user_text", "contains", "x"),))),
            ["latest_user_text"],
        ),
        (
            Condition(all_of=(asks("system_text", "contains", "x"), asks("kind", "equals", "main"))),
            ["system_text"],
        ),
    ],
)
def test_only_the_texts_that_rules_look_at_are_read_ahead(when: Condition, read: list[str]) -> None:
    looked = Looked(body=None, format=Format.ANTHROPIC, surface="messages", client="sdk")
    found = signals(looked, Messages())
    read_ahead([rule(when)], found)
    assert [name for name in vars(found) if name.endswith("_text")] == read


def test_the_offset_is_right_where_letters_change_their_length_with_their_case() -> None:
    condition = asks("user_text", "contains", "BUG", ignore_case=True)

    assert judged(condition, situation(user_text="İßŒ bug")).trace[0].found == 4.0
