"""How much to think: both ways of the format to ask for it, and the conditions they stand under."""

import json
from typing import Any

import pytest
from msgspec import Raw

from proxy.wire.anthropic.read_request import read_request
from proxy.wire.anthropic.write_request import write_request
from proxy.wire.canonical import (
    Block,
    Choice,
    ChoiceMode,
    Conversation,
    Message,
    Reasoning,
    Role,
    Text,
    Thinking,
    Tool,
    ToolCall,
    ToolResult,
)
from proxy.wire.format import Format
from proxy.wire.target import Loss, Target, Thinks, Written
from tests.proxy.wire.normal import Everything

HI = Message(Role.USER, (Text("hi"),))
ADAPTIVE = {"type": "adaptive"}


def budget(tokens: int, **members: str) -> dict[str, Any]:
    return {"type": "enabled", "budget_tokens": tokens, **members}


def asked(
    reasoning: Reasoning,
    thinks: Thinks | None = None,
    *messages: Message,
    format_: Format = Format.OPENAI_CHAT,
    max_output: int | None = None,
    **members: Any,
) -> Written:
    said = {"max_tokens": 64000, **members}
    conversation = Conversation(format=format_, messages=messages or (HI,), reasoning=reasoning, **said)
    target = Target(model="m", issued=Everything(), thinks=thinks, max_output=max_output)
    return write_request(conversation, target)


def told(request: Written) -> tuple[dict[str, Any] | None, str | None]:
    body = json.loads(request.body)
    return body.get("thinking"), body.get("output_config", {}).get("effort")


@pytest.mark.parametrize(
    ("members", "meant"),
    [
        ({}, None),
        ({"thinking": ADAPTIVE}, Reasoning(adaptive=True)),
        (
            {"thinking": {"type": "adaptive", "display": "summarized"}},
            Reasoning(adaptive=True, summary="auto"),
        ),
        (
            {"thinking": {"type": "adaptive", "display": "omitted"}},
            Reasoning(adaptive=True, extra={"display": Raw(b'"omitted"')}),
        ),
        ({"thinking": budget(31999)}, Reasoning(enabled=True, budget=31999)),
        ({"thinking": {"type": "disabled"}}, Reasoning(enabled=False)),
        ({"output_config": {"effort": "xhigh"}}, Reasoning(effort="xhigh")),
        ({"thinking": ADAPTIVE, "output_config": {"effort": "low"}}, Reasoning(adaptive=True, effort="low")),
        ({"thinking": {"type": "between_tools"}}, Reasoning(extra={"type": Raw(b'"between_tools"')})),
        (
            {"thinking": {"type": "adaptive", "block_binding": {"a": 1}}},
            Reasoning(adaptive=True, extra={"block_binding": Raw(b'{"a": 1}')}),
        ),
    ],
)
def test_what_is_asked_is_read_and_written_back(members: dict[str, Any], meant: Reasoning | None) -> None:
    body = {"model": "m", "max_tokens": 64000, "messages": [{"role": "user", "content": "hi"}], **members}
    conversation = read_request(json.dumps(body).encode())
    assert conversation.reasoning == meant
    written = json.loads(write_request(conversation, Target(model="m")).body)
    assert {name: written.get(name) for name in members} == members


@pytest.mark.parametrize(
    ("reasoning", "thinks", "thinking", "effort"),
    [
        (Reasoning(effort="high"), None, ADAPTIVE, "high"),
        (Reasoning(effort="minimal"), None, ADAPTIVE, "low"),
        (Reasoning(effort="none"), None, {"type": "disabled"}, None),
        (Reasoning(enabled=True), None, ADAPTIVE, None),
        (Reasoning(budget=5000), None, budget(5000), None),
        (Reasoning(effort="low", summary="concise"), None, {**ADAPTIVE, "display": "summarized"}, "low"),
        (Reasoning(budget=5000), Thinks.ADAPTIVE, ADAPTIVE, "medium"),
        (Reasoning(budget=900), Thinks.ADAPTIVE, ADAPTIVE, "low"),
        (Reasoning(budget=60000), Thinks.ADAPTIVE, ADAPTIVE, "max"),
        (Reasoning(effort="minimal"), Thinks.BUDGET, budget(1024), None),
        (Reasoning(effort="low"), Thinks.BUDGET, budget(4096), None),
        (Reasoning(effort="medium"), Thinks.BUDGET, budget(10240), None),
        (Reasoning(effort="high"), Thinks.BUDGET, budget(20480), None),
        (Reasoning(effort="xhigh"), Thinks.BUDGET, budget(24576), None),
        (Reasoning(effort="max"), Thinks.BUDGET, budget(32768), None),
        (Reasoning(adaptive=True), Thinks.BUDGET, budget(20480), None),
        (Reasoning(effort="high"), Thinks.EFFORT, None, "high"),
        (Reasoning(enabled=False), Thinks.BUDGET, {"type": "disabled"}, None),
        (Reasoning(enabled=False), Thinks.NOT, None, None),
        (Reasoning(), Thinks.ADAPTIVE, None, None),
    ],
)
def test_every_way_of_asking_is_put_as_the_target_takes_it(
    reasoning: Reasoning, thinks: Thinks | None, thinking: dict[str, Any] | None, effort: str | None
) -> None:
    request = asked(reasoning, thinks)
    assert told(request) == (thinking, effort)
    assert request.lost == set()


def test_a_target_that_cannot_think_is_not_asked_to() -> None:
    request = asked(Reasoning(adaptive=True, effort="high"), Thinks.NOT)
    assert told(request) == (None, None)
    assert request.lost == {Loss.REASONING}


@pytest.mark.parametrize(
    ("members", "most", "thinking", "limit", "lost"),
    [
        ({"max_tokens": 20481}, None, budget(20480), 20481, set()),
        ({"max_tokens": 20480}, None, budget(10240), 20480, {Loss.REASONING}),
        ({"max_tokens": 2000}, None, None, 2000, {Loss.REASONING}),
        ({"max_tokens": None}, None, budget(20480), 28672, set()),
        ({"max_tokens": 64000}, 16000, budget(8000), 16000, {Loss.MAX_TOKENS, Loss.REASONING}),
    ],
)
def test_a_budget_leaves_room_for_the_answer(
    members: dict[str, Any], most: int | None, thinking: dict[str, Any] | None, limit: int, lost: set[Loss]
) -> None:
    request = asked(Reasoning(effort="high"), Thinks.BUDGET, max_output=most, **members)
    assert told(request)[0] == thinking
    assert json.loads(request.body)["max_tokens"] == limit
    assert request.lost == lost


@pytest.mark.parametrize("thinks", [Thinks.ADAPTIVE, Thinks.BUDGET])
def test_thinking_goes_with_no_other_sampling(thinks: Thinks) -> None:
    request = asked(Reasoning(effort="high"), thinks, temperature=0.5, top_k=5, top_p=0.5)
    assert not {"temperature", "top_p", "top_k"} & json.loads(request.body).keys()
    assert request.lost == {Loss.TEMPERATURE, Loss.TOP_K, Loss.TOP_P}
    plain = asked(Reasoning(effort="high"), thinks, temperature=1.0)
    assert json.loads(plain.body)["temperature"] == 1.0
    assert plain.lost == set()


@pytest.mark.parametrize("thinks", [Thinks.ADAPTIVE, Thinks.BUDGET])
def test_a_forced_call_goes_before_thinking(thinks: Thinks) -> None:
    request = asked(Reasoning(effort="high"), thinks, tools=(Tool("n"),), choice=Choice(ChoiceMode.ANY))
    assert told(request)[0] is None
    assert json.loads(request.body)["tool_choice"] == {"type": "any"}
    assert request.lost == {Loss.REASONING}


def test_an_answer_that_is_begun_is_gone_on_with_without_thinking() -> None:
    request = asked(Reasoning(effort="high"), Thinks.BUDGET, HI, Message(Role.ASSISTANT, (Text("{"),)))
    assert told(request) == (None, None)
    assert request.lost == {Loss.REASONING}


@pytest.mark.parametrize(
    ("thinks", "before", "thinking"),
    [
        (Thinks.BUDGET, (), None),
        (Thinks.BUDGET, (Text("a"),), None),
        (Thinks.BUDGET, (Thinking("t", "s"),), budget(20480)),
        (Thinks.ADAPTIVE, (), ADAPTIVE),
    ],
)
def test_a_turn_that_began_without_thinking_goes_on_without_a_budget(
    thinks: Thinks, before: tuple[Block, ...], thinking: dict[str, Any] | None
) -> None:
    called = Message(Role.ASSISTANT, (*before, ToolCall("i", "n", "{}")))
    answered = Message(Role.USER, (ToolResult("i", (Text("r"),)),))
    assert told(asked(Reasoning(effort="high"), thinks, HI, called, answered))[0] == thinking


def test_a_new_turn_thinks_again() -> None:
    said = Message(Role.ASSISTANT, (Text("a"),))
    assert told(asked(Reasoning(effort="high"), Thinks.BUDGET, HI, said, HI))[0] == budget(20480)


def test_edits_of_the_context_fall_away_with_the_thinking_that_they_speak_of() -> None:
    members: dict[str, Any] = {
        "format_": Format.ANTHROPIC,
        "extra": {"context_management": Raw(b'{"edits":[{"type":"clear_thinking_20251015"}]}')},
    }
    kept = asked(Reasoning(adaptive=True), Thinks.ADAPTIVE, **members)
    assert b"clear_thinking" in kept.body
    without = asked(Reasoning(adaptive=True), Thinks.NOT, **members)
    assert b"clear_thinking" not in without.body
    assert without.lost == {Loss.REASONING, Loss.UNKNOWN_FIELDS}
