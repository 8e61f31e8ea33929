"""Which sort of call a request is, from the shapes real clients send."""

from typing import Any

import pytest

from proxy.routing.signals import Kind
from proxy.wire.format import Format
from tests.proxy.routing.signals.asking import EXCHANGE, anthropic, assistant, read, result, text, user

_SCHEMA = {"format": {"type": "json_schema", "schema": {"type": "object"}}}
_TOOLS = [{"name": "Bash", "description": "Runs a command", "input_schema": {"type": "object"}}]
_SUMMARISE = "Your task is to create a detailed summary of the conversation so far."
_CLAUDE = {"user-agent": "claude-cli/2.1.197 (external, sdk-cli)"}
_AGENT = "You are an agent for another program."

CLAUDE_CODE = [
    (anthropic(user("hi"), tools=_TOOLS, system="You are Claude Code."), Kind.MAIN),
    (anthropic(user("hi"), output_config=_SCHEMA), Kind.TITLE),
    (anthropic(user("hi"), output_config=_SCHEMA, tools=_TOOLS), Kind.MAIN),
    (anthropic(user("hi " * 20_000), output_config=_SCHEMA), Kind.MAIN),
    (anthropic(user("hi"), system="Say whether isNewTopic is true."), Kind.TITLE),
    (anthropic(user("hi"), system=_AGENT, tools=_TOOLS), Kind.SUBAGENT),
    (anthropic(user("hi"), system=f"You are Claude Code. {_AGENT}", tools=_TOOLS), Kind.MAIN),
    (anthropic(*EXCHANGE, assistant("Two."), user(_SUMMARISE), tools=_TOOLS, system=_AGENT), Kind.COMPACTION),
    (anthropic(*EXCHANGE[:2], user([result("t1"), text(_SUMMARISE)]), tools=_TOOLS), Kind.COMPACTION),
    (anthropic(user(_SUMMARISE), *EXCHANGE[1:], tools=_TOOLS), Kind.MAIN),
    (anthropic(user(_SUMMARISE), assistant("So."), user("thanks"), tools=_TOOLS), Kind.MAIN),
    (anthropic(*EXCHANGE[:2], user([result("t1", _SUMMARISE)]), tools=_TOOLS), Kind.MAIN),
    (
        anthropic(*EXCHANGE, assistant("Two."), user("[SUGGESTION MODE: what next?]"), tools=_TOOLS),
        Kind.SUGGESTION,
    ),
    (anthropic(user("Warmup"), tools=_TOOLS), Kind.WARM_UP),
    (anthropic(user([text("count")])), Kind.WARM_UP),
    (anthropic(user("Warmup the oven")), Kind.MAIN),
    (anthropic(user("hi"), assistant("Hi."), user("Warmup")), Kind.MAIN),
    (anthropic(user("quota"), max_tokens=1), Kind.QUOTA_PROBE),
    (anthropic(user("quota"), max_tokens=4096), Kind.MAIN),
]


@pytest.mark.parametrize(("body", "kind"), CLAUDE_CODE)
def test_claude_code_s_calls_are_known_by_their_shape(body: dict[str, Any], kind: Kind) -> None:
    assert read(body, client="claude-code").kind is kind
    assert read(body, client="unknown", headers=_CLAUDE).kind is kind


@pytest.mark.parametrize("body", [body for body, kind in CLAUDE_CODE if kind is not Kind.QUOTA_PROBE])
def test_the_same_from_a_program_of_somebody_s_own_is_its_main_call(body: dict[str, Any]) -> None:
    assert read(body, client="sdk", headers={"user-agent": "Anthropic/Python 2.11"}).kind is Kind.MAIN


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ({"x-claude-code-agent-id": "a1"}, Kind.SUBAGENT),
        ({"X-OpenAI-Subagent": "review"}, Kind.SUBAGENT),
        ({"x-openai-subagent": "compact"}, Kind.COMPACTION),
    ],
)
def test_clients_say_in_a_header_that_a_subagent_asks(headers: dict[str, str], kind: Kind) -> None:
    assert read({"input": "go"}, Format.RESPONSES, client="codex", headers=headers).kind is kind


def test_a_compaction_goes_before_the_agent_that_asks_for_it() -> None:
    body = anthropic(user(_SUMMARISE), tools=_TOOLS)
    headers = {"x-claude-code-agent-id": "a1"}

    assert read(body, client="claude-code", headers=headers).kind is Kind.COMPACTION


def test_a_count_is_one_whatever_is_counted() -> None:
    assert read(anthropic(user("Warmup")), client="claude-code", is_count=True).kind is Kind.COUNT
    assert read(None, is_count=True).kind is Kind.COUNT


@pytest.mark.parametrize(
    ("written", "client", "body", "kind"),
    [
        (
            Format.OPENAI_CHAT,
            "opencode",
            {"messages": [{"role": "system", "content": "You are a title generator."}, user("hi")]},
            Kind.TITLE,
        ),
        (Format.OPENAI_CHAT, "opencode", {"messages": [user("hi")]}, Kind.MAIN),
        (
            Format.RESPONSES,
            "codex",
            {"input": [user("hi"), user("You are performing a CONTEXT CHECKPOINT COMPACTION.")]},
            Kind.COMPACTION,
        ),
        (
            Format.GEMINI,
            "gemini-cli",
            {
                "systemInstruction": {"parts": [{"text": "You summarizes internal chat history."}]},
                "contents": [{"role": "user", "parts": [{"text": "hi"}]}],
            },
            Kind.COMPACTION,
        ),
        (
            Format.GEMINI,
            "gemini-cli",
            {
                "contents": [{"role": "user", "parts": [{"text": "hi"}]}],
                "generationConfig": {"responseJsonSchema": {"type": "object"}},
            },
            Kind.TITLE,
        ),
    ],
)
def test_other_agents_calls_are_known_too(
    written: Format, client: str, body: dict[str, Any], kind: Kind
) -> None:
    assert read(body, written, client=client).kind is kind
