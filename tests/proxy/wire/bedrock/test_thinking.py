"""How models are asked to think: Claude as by Anthropic, some others by an effort."""

from typing import Any

import pytest
from msgspec import Raw

from proxy.wire.canonical import (
    Choice,
    ChoiceMode,
    Conversation,
    Message,
    Reasoning,
    Role,
    Text,
    Thinking,
)
from proxy.wire.format import Format
from proxy.wire.target import Loss, Thinks
from tests.proxy.wire.bedrock.asking import (
    ASK,
    CALL,
    GPT_OSS,
    LLAMA,
    LOOK,
    NOVA_2,
    RESULT,
    UNKNOWN,
    Asked,
    asked,
)

THINKING = "additionalModelRequestFields"


@pytest.mark.parametrize(
    ("reasoning", "thinks", "written"),
    [
        (
            Reasoning(effort="high"),
            None,
            {"thinking": {"type": "adaptive"}, "output_config": {"effort": "high"}},
        ),
        (Reasoning(effort="low"), Thinks.BUDGET, {"thinking": {"type": "enabled", "budget_tokens": 4096}}),
        (Reasoning(enabled=False), None, {"thinking": {"type": "disabled"}}),
        (Reasoning(effort="minimal"), Thinks.EFFORT, {"output_config": {"effort": "low"}}),
    ],
    ids=["adaptive", "budget", "off", "effort"],
)
def test_claude_thinks_as_in_anthropics_own_format(
    reasoning: Reasoning, thinks: Thinks | None, written: Any
) -> None:
    request = asked(reasoning=reasoning, target={"thinks": thinks})
    assert request.body[THINKING] == written
    assert request.lost == set()


@pytest.mark.parametrize(
    ("messages", "said", "thinks"),
    [
        ((ASK,), {"tools": (LOOK,), "choice": Choice(ChoiceMode.ANY)}, None),
        ((ASK, Message(Role.ASSISTANT, (Text("So"),))), {}, None),
        ((ASK, CALL, RESULT), {"tools": (LOOK,)}, Thinks.BUDGET),
        ((ASK,), {"max_tokens": 1000}, Thinks.BUDGET),
    ],
    ids=["a call is forced", "the answer is begun", "the turn began without", "no room"],
)
def test_claude_does_not_think_where_it_may_not(
    messages: tuple[Message, ...], said: dict[str, Any], thinks: Thinks | None
) -> None:
    request = asked(*messages, reasoning=Reasoning(effort="high"), target={"thinks": thinks}, **said)
    assert "thinking" not in request.body.get(THINKING, {})
    assert Loss.REASONING in request.lost


def test_claude_thinks_on_in_a_turn_that_began_with_thinking() -> None:
    thought = Message(Role.ASSISTANT, (Thinking("Hm.", "c2ln"), *CALL.content))
    request = asked(
        ASK,
        thought,
        RESULT,
        tools=(LOOK,),
        reasoning=Reasoning(effort="low"),
        target={"thinks": Thinks.BUDGET},
    )
    assert request.body[THINKING] == {"thinking": {"type": "enabled", "budget_tokens": 4096}}
    assert request.lost == set()


def test_other_settings_give_way_to_claudes_thinking() -> None:
    request = asked(reasoning=Reasoning(effort="low"), temperature=0.5, top_p=0.5, top_k=5)
    assert "inferenceConfig" not in request.body
    assert request.lost == {Loss.TEMPERATURE, Loss.TOP_P, Loss.TOP_K}


def test_what_an_anthropic_client_says_of_thinking_is_kept_for_claude() -> None:
    reasoning = Reasoning(enabled=True, budget=2048, extra={"display": Raw(b'"omitted"')})
    said = Conversation(format=Format.ANTHROPIC, messages=(ASK,), max_tokens=9000, reasoning=reasoning)
    request = Asked(said)
    assert request.body[THINKING]["thinking"] == {
        "type": "enabled", "budget_tokens": 2048, "display": "omitted",
    }  # fmt: skip
    assert request.lost == set()
    assert Asked(said, LLAMA).lost == {Loss.REASONING, Loss.UNKNOWN_FIELDS}


@pytest.mark.parametrize(
    ("model", "reasoning", "said", "written", "lost"),
    [
        (GPT_OSS, Reasoning(effort="xhigh"), {}, {"reasoning_effort": "high"}, set()),
        (GPT_OSS, Reasoning(budget=5000), {}, {"reasoning_effort": "medium"}, set()),
        (GPT_OSS, Reasoning(enabled=True), {}, {"reasoning_effort": "medium"}, set()),
        (GPT_OSS, Reasoning(effort="none"), {}, None, set()),
        (
            NOVA_2,
            Reasoning(effort="low"),
            {"max_tokens": 9},
            {"reasoningConfig": {"type": "enabled", "maxReasoningEffort": "low"}},
            set(),
        ),
        (
            NOVA_2,
            Reasoning(effort="max"),
            {},
            {"reasoningConfig": {"type": "enabled", "maxReasoningEffort": "high"}},
            set(),
        ),
        (
            NOVA_2,
            Reasoning(effort="max"),
            {"max_tokens": 9},
            {"reasoningConfig": {"type": "enabled", "maxReasoningEffort": "medium"}},
            {Loss.REASONING},
        ),
        ("amazon.nova-pro-v1:0", Reasoning(effort="low"), {}, None, {Loss.REASONING}),
        (LLAMA, Reasoning(effort="low"), {}, None, {Loss.REASONING}),
        (LLAMA, Reasoning(enabled=False), {}, None, set()),
        (UNKNOWN, Reasoning(effort="low"), {}, None, {Loss.REASONING}),
    ],
)
def test_other_models_are_asked_by_an_effort(
    model: str, reasoning: Reasoning, said: dict[str, Any], written: Any, lost: set[Loss]
) -> None:
    request = asked(model=model, reasoning=reasoning, **said)
    assert request.body.get(THINKING) == written
    assert request.lost == lost


def test_a_resource_that_is_said_to_think_by_budget_is_a_claude() -> None:
    request = asked(model=UNKNOWN, reasoning=Reasoning(effort="low"), target={"thinks": Thinks.BUDGET})
    assert request.body[THINKING] == {"thinking": {"type": "enabled", "budget_tokens": 4096}}
