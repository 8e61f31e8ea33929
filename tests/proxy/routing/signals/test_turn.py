"""Whose turn it is, in every format."""

import json
from typing import Any

import pytest

from proxy.routing.signals import ends_in_tool_result, payload_has_tool_history
from proxy.wire.format import Format
from proxy.wire.splice import Body
from tests.proxy.routing.signals.asking import (
    EXCHANGE,
    IMAGE,
    REMINDER,
    anthropic,
    assistant,
    call,
    read,
    result,
    text,
    user,
)

_CHAT_CALLS = {
    "role": "assistant",
    "content": None,
    "tool_calls": [{"id": id_, "type": "function", "function": {"name": "sh"}} for id_ in ("c1", "c2")],
}
_CHAT_RESULTS = [{"role": "tool", "tool_call_id": id_, "content": "done"} for id_ in ("c1", "c2")]
_CODEX_CALL = {"type": "function_call", "call_id": "f1", "name": "exec_command", "arguments": "{}"}
_GEMINI_CALL = {"role": "model", "parts": [{"functionCall": {"name": "ls", "args": {}}}]}


def _chat(*messages: Any) -> dict[str, Any]:
    return {"messages": [{"role": "system", "content": "Be brief."}, *messages]}


def _input(*items: Any) -> dict[str, Any]:
    return {"input": [{"role": "user", "content": "list the files"}, *items]}


def _contents(*contents: Any) -> dict[str, Any]:
    return {"contents": [{"parts": [{"text": "list the files"}]}, *contents]}


_CODEX_ANSWER = {"type": "function_call_output", "call_id": "f1", "output": ""}
_CODEX_SAID = {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "So."}]}
_GEMINI_ANSWER = {"role": "user", "parts": [{"functionResponse": {"name": "ls"}}]}
_GEMINI_SAID = {"role": "model", "parts": [{"text": "So."}]}
_THOUGHT = {"type": "reasoning", "summary": []}

ANSWERS = [
    (Format.ANTHROPIC, anthropic(), 0),
    (Format.ANTHROPIC, anthropic(user("hi")), 0),
    (Format.ANTHROPIC, anthropic(*EXCHANGE), 1),
    (Format.ANTHROPIC, anthropic(*EXCHANGE, user(REMINDER), assistant("Two."), user("and?")), 2),
    (Format.ANTHROPIC, anthropic(user("hi"), assistant("{")), 0),
    (Format.ANTHROPIC, anthropic(user("hi"), assistant("a"), assistant("b"), user("and?")), 1),
    (Format.OPENAI_CHAT, _chat(user("go")), 0),
    (Format.OPENAI_CHAT, _chat(user("go"), _CHAT_CALLS, *_CHAT_RESULTS), 1),
    (Format.OPENAI_CHAT, _chat(user("go"), _CHAT_CALLS, *_CHAT_RESULTS, assistant("So."), user("on")), 2),
    (Format.RESPONSES, {"input": "list the files"}, 0),
    (
        Format.RESPONSES,
        _input(_THOUGHT, _CODEX_SAID, _CODEX_CALL, _THOUGHT, _CODEX_CALL, _CODEX_ANSWER, _CODEX_ANSWER),
        1,
    ),
    (Format.RESPONSES, _input(_CODEX_CALL, _CODEX_ANSWER, _THOUGHT, _CODEX_SAID, user("and?")), 2),
    (Format.GEMINI, _contents(), 0),
    (Format.GEMINI, _contents(_GEMINI_CALL, _GEMINI_ANSWER), 1),
    (Format.GEMINI, _contents(_GEMINI_CALL, _GEMINI_ANSWER, _GEMINI_SAID, {"parts": [{"text": "x"}]}), 2),
]


@pytest.mark.parametrize(("written", "body", "answers"), ANSWERS)
def test_what_the_model_has_answered_is_counted(written: Format, body: dict[str, Any], answers: int) -> None:
    assert read(body, written).answers == answers


TOOL_TURNS = [
    (Format.ANTHROPIC, anthropic(*EXCHANGE), ("t1",)),
    (Format.ANTHROPIC, anthropic(*EXCHANGE[:2], user([result("t1"), text("and hurry")])), ("t1",)),
    (Format.ANTHROPIC, anthropic(*EXCHANGE, user(REMINDER)), ("t1",)),
    (Format.ANTHROPIC, anthropic(*EXCHANGE, {"role": "system", "content": "Plan first."}), ("t1",)),
    (Format.ANTHROPIC, anthropic(*EXCHANGE, assistant("{")), ("t1",)),
    (Format.ANTHROPIC, anthropic(*EXCHANGE[:2], user([result("t1")]), user([result("t2")])), ("t1", "t2")),
    (Format.ANTHROPIC, anthropic(*EXCHANGE[:2]), ()),
    (Format.OPENAI_CHAT, _chat(user("go"), _CHAT_CALLS, *_CHAT_RESULTS), ("c1", "c2")),
    (Format.OPENAI_CHAT, _chat(user("go"), _CHAT_CALLS, *_CHAT_RESULTS, user(REMINDER)), ("c1", "c2")),
    (Format.OPENAI_CHAT, _chat(user("go"), _CHAT_CALLS), ()),
    (Format.OPENAI_CHAT, _chat(user("go"), {"role": "function", "name": "sh", "content": ""}), ("sh",)),
    (Format.OPENAI_CHAT, _chat({"role": "assistant", "function_call": {"name": "sh"}}), ()),
    (
        Format.RESPONSES,
        _input(_CODEX_CALL, {"type": "function_call_output", "call_id": "f1", "output": "done"}),
        ("f1",),
    ),
    (Format.RESPONSES, _input({"type": "custom_tool_call_output", "call_id": "f2", "output": ""}), ("f2",)),
    (Format.RESPONSES, _input({"type": "local_shell_call_output", "call_id": "f3", "output": ""}), ("f3",)),
    (Format.RESPONSES, _input(_CODEX_CALL), ()),
    (
        Format.GEMINI,
        _contents(_GEMINI_CALL, {"role": "user", "parts": [{"functionResponse": {"name": "ls"}}]}),
        ("ls",),
    ),
    (
        Format.GEMINI,
        _contents({"role": "user", "parts": [{"function_response": {"id": "g1", "name": "ls"}}]}),
        ("g1",),
    ),
    (Format.GEMINI, _contents(_GEMINI_CALL), ()),
]
TYPED = [
    (Format.ANTHROPIC, anthropic(user("list the files")), False),
    (Format.ANTHROPIC, anthropic(*EXCHANGE, assistant("Two."), user("list the files")), True),
    (Format.ANTHROPIC, anthropic(*EXCHANGE, assistant("Two."), user("list the files"), assistant("{")), True),
    (Format.ANTHROPIC, anthropic(*EXCHANGE, assistant("Two."), user("list the files"), user(REMINDER)), True),
    (Format.ANTHROPIC, anthropic(user("list the files"), assistant("Two."), user(REMINDER)), False),
    (Format.ANTHROPIC, anthropic(user("list the files"), assistant("Two."), user([IMAGE])), False),
    (Format.OPENAI_CHAT, _chat(user([text("list the files")])), False),
    (Format.OPENAI_CHAT, _chat(_CHAT_CALLS, *_CHAT_RESULTS, user("list the files")), True),
    (Format.RESPONSES, {"input": "list the files"}, False),
    (Format.RESPONSES, _input({"type": "reasoning", "summary": []}), False),
    (Format.RESPONSES, {"input": [user([{"type": "input_text", "text": "list the files"}])]}, False),
    (Format.RESPONSES, _input({"type": "web_search_call", "id": "ws"}), True),
    (Format.GEMINI, _contents(), False),
    (Format.GEMINI, {"contents": {"parts": [{"text": "list the files"}]}}, False),
]


@pytest.mark.parametrize(("written", "body", "answered"), TOOL_TURNS)
def test_a_turn_that_goes_on_with_tools_is_no_typed_one(
    written: Format, body: dict[str, Any], answered: tuple[str, ...]
) -> None:
    found = read(body, written)

    assert found.is_tool_turn
    assert found.has_tool_history
    assert found.answered == answered
    assert found.latest_user_text == ""
    assert ends_in_tool_result(body, written) is bool(answered)
    assert payload_has_tool_history(Body(json.dumps(body).encode()), written)


@pytest.mark.parametrize(("written", "body", "has_tools"), TYPED)
def test_a_turn_is_typed_when_the_user_said_the_last_thing(
    written: Format, body: dict[str, Any], has_tools: bool
) -> None:
    found = read(body, written)

    assert not found.is_tool_turn
    assert found.answered == ()
    assert found.has_tool_history is has_tools
    assert found.latest_user_text == "list the files"
    assert not ends_in_tool_result(body, written)
    assert payload_has_tool_history(body, written) is has_tools


def test_only_what_was_typed_counts_as_a_turn_of_the_user() -> None:
    found = read(anthropic(*EXCHANGE, assistant("Two."), user(REMINDER), user("thanks")))

    assert (found.messages, found.turns) == (6, 2)


def test_a_call_of_a_provider_s_own_tool_is_closed_where_its_result_stands() -> None:
    searched = [
        {"type": "server_tool_use", "id": "s1", "name": "web_search"},
        {"type": "web_search_tool_result", "tool_use_id": "s1", "content": []},
    ]
    assert not read(anthropic(user("x"), assistant(searched), user("and?"))).is_tool_turn
    assert not read(anthropic(user("x"), assistant(searched))).is_tool_turn
    assert read(anthropic(user("x"), assistant([*searched, call("t1")]))).is_tool_turn
