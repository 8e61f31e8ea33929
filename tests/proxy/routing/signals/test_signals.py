"""What a request is, in every format: its numbers, its names and its words."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from proxy.routing.signals import Messages, Signals, signals
from proxy.routing.signals.seen import Seen
from proxy.routing.signals.texts import LONGEST
from proxy.wire.estimate import estimate_tokens
from proxy.wire.format import Format
from tests.proxy.routing.signals.asking import (
    EXCHANGE,
    IMAGE,
    REMINDER,
    anthropic,
    assistant,
    call,
    looked,
    read,
    result,
    text,
    user,
)

_LONG = "A" * 4000
_PICTURE = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": _LONG}}
_LINKED = {"type": "image_url", "image_url": {"url": "https://example.test/x.png"}}
_SEALED = {"type": "thinking", "thinking": "", "signature": _LONG}
_REASONED = {"reasoning_details": [{"type": "reasoning.encrypted", "format": "f", "data": _LONG}]}
_SCHEMA = {"type": "json_schema", "json_schema": {"schema": {}}}


@pytest.mark.parametrize(
    ("written", "body", "told"),
    [
        (
            Format.ANTHROPIC,
            anthropic(
                user([text("see"), IMAGE, {"type": "document", "source": {}}]),
                assistant([call("t1", "Read"), call("t2", "Bash")]),
                user([result("t1", [IMAGE, text("x")]), result("t2")]),
                tools=[{"name": "Read"}, {"name": "Bash"}],
                thinking={"type": "adaptive"},
                output_config={"format": {"type": "json_schema"}},
            ),
            {
                "images": 2,
                "documents": 1,
                "tools_used": frozenset({"Read", "Bash"}),
                "tool_count": 2,
                "thinking": True,
                "max_output": 1000,
                "is_structured": True,
                "messages": 3,
                "turns": 1,
            },
        ),
        (
            Format.ANTHROPIC,
            anthropic(user("x"), thinking={"type": "disabled"}, output_format={"type": "json_schema"}),
            {"thinking": False, "is_structured": True, "tool_count": 0, "images": 0},
        ),
        (
            Format.OPENAI_CHAT,
            {
                "messages": [
                    user([text("see"), {"type": "image_url", "image_url": {"url": "x"}}, {"type": "file"}])
                ],
                "tools": [{"type": "function"}],
                "functions": [{}, {}],
                "max_tokens": 5,
                "max_completion_tokens": 7,
                "reasoning_effort": "high",
                "response_format": _SCHEMA,
            },
            {
                "images": 1,
                "documents": 1,
                "tool_count": 3,
                "max_output": 7,
                "thinking": True,
                "is_structured": True,
            },
        ),
        (
            Format.OPENAI_CHAT,
            {"messages": [user("x")], "reasoning_effort": "none", "response_format": {"type": "json_object"}},
            {"thinking": False, "is_structured": False, "max_output": None},
        ),
        (
            Format.RESPONSES,
            {
                "input": [
                    user([{"type": "input_image"}, {"type": "input_file"}]),
                    {"type": "local_shell_call", "call_id": "l"},
                    {"type": "function_call", "call_id": "f", "name": "exec_command"},
                    {"type": "function_call_output", "call_id": "f", "output": [{"type": "input_image"}]},
                    {
                        "type": "computer_call_output",
                        "call_id": "g",
                        "output": {"type": "computer_screenshot"},
                    },
                ],
                "tools": [
                    {"type": "web_search"},
                    {"type": "namespace", "name": "n", "tools": [{}, {}, {}]},
                ],
                "max_output_tokens": 9,
                "reasoning": {"effort": "low"},
                "text": {"format": {"type": "json_schema"}},
            },
            {
                "images": 3,
                "documents": 1,
                "tool_count": 4,
                "tools_used": frozenset({"local_shell", "exec_command"}),
                "max_output": 9,
                "thinking": True,
                "is_structured": True,
                "messages": 5,
            },
        ),
        (
            Format.GEMINI,
            {
                "contents": [
                    {
                        "parts": [
                            {"inlineData": {"mimeType": "image/png", "data": ""}},
                            {"file_data": {"mime_type": "application/pdf"}},
                            {"text": "see"},
                        ]
                    },
                    {"role": "model", "parts": [{"functionCall": {"name": "ls"}}]},
                ],
                "tools": [{"functionDeclarations": [{}, {}]}, {"googleSearch": {}}],
                "generationConfig": {
                    "maxOutputTokens": 11,
                    "thinkingConfig": {"thinkingBudget": -1},
                    "responseSchema": {"type": "OBJECT"},
                },
            },
            {
                "images": 1,
                "documents": 1,
                "tool_count": 3,
                "tools_used": frozenset({"ls"}),
                "max_output": 11,
                "thinking": True,
                "is_structured": True,
            },
        ),
        (
            Format.GEMINI,
            {
                "generateContentRequest": {"contents": [{"parts": [{"text": "see"}]}]},
                "generation_config": {"max_output_tokens": 3, "thinking_config": {"thinking_budget": 0}},
            },
            {"messages": 1, "max_output": 3, "thinking": False, "user_text": "see"},
        ),
    ],
)
def test_a_request_tells_what_it_holds(written: Format, body: Any, told: dict[str, Any]) -> None:
    found = read(body, written)

    assert {name: getattr(found, name) for name in told} == told


@pytest.mark.parametrize(
    ("written", "body"),
    [
        (Format.ANTHROPIC, anthropic(user("one"), user([text("two"), text(REMINDER)]), system="Be brief.")),
        (Format.ANTHROPIC, anthropic(user("one"), user("two"), system=[text("Be brief.")])),
        (
            Format.ANTHROPIC,
            anthropic(
                user("one"), user("two"), system=[text("x-anthropic-billing-header: 1"), text("Be brief.")]
            ),
        ),
        (Format.ANTHROPIC, anthropic(user("one"), {"role": "system", "content": "Be brief."}, user("two"))),
        (
            Format.OPENAI_CHAT,
            {"messages": [{"role": "developer", "content": [text("Be brief.")]}, user("one"), user("two")]},
        ),
        (Format.RESPONSES, {"instructions": "Be brief.", "input": "one\ntwo"}),
        (
            Format.RESPONSES,
            {
                "input": [
                    {
                        "type": "message",
                        "role": "developer",
                        "content": [{"type": "input_text", "text": "Be brief."}],
                    },
                    user([{"type": "input_text", "text": "one"}]),
                    user([{"type": "input_text", "text": "<environment_context>x</environment_context>"}]),
                    user([{"type": "input_text", "text": "two"}]),
                ]
            },
        ),
        (
            Format.GEMINI,
            {
                "system_instruction": {"parts": [{"text": "Be brief."}]},
                "contents": [{"parts": [{"text": "one"}, {"text": "two"}]}],
            },
        ),
    ],
)
def test_the_same_words_are_found_in_every_format(written: Format, body: Any) -> None:
    found = read(body, written)

    assert found.system_text == "Be brief."
    assert found.user_text == "one\ntwo"
    assert "one\ntwo".endswith(found.latest_user_text)
    assert found.latest_user_text.endswith("two")


@pytest.mark.parametrize(
    "body",
    [
        anthropic(user("fix it")),
        anthropic(user([text(REMINDER), text("fix it")])),
        anthropic(user("fix it"), user(REMINDER)),
        anthropic(*[one for _ in range(20) for one in (user("more"), assistant("yes"))], user("fix it")),
        anthropic(*EXCHANGE, assistant("Two."), user("fix it"), tools=[{"name": "Bash"}]),
        anthropic(user("fix it"), system=[text("x-anthropic-billing-header: cch=1")]),
    ],
)
def test_what_was_typed_last_reads_the_same_whatever_stands_around_it(body: Any) -> None:
    found = read(body)

    assert found.latest_user_text == "fix it"
    assert found.system_text == ""


_CALLED = {
    Format.ANTHROPIC: ("messages", assistant([call("t1")]), user("hi")),
    Format.OPENAI_CHAT: (
        "messages",
        {"role": "assistant", "content": None, "tool_calls": [{"function": {"name": "Bash"}}]},
        user("hi"),
    ),
    Format.RESPONSES: ("input", {"type": "function_call", "call_id": "c", "name": "Bash"}, user("hi")),
    Format.GEMINI: (
        "contents",
        {"role": "model", "parts": [{"functionCall": {"name": "Bash"}}]},
        {"parts": [{"text": "hi"}]},
    ),
}


@pytest.mark.parametrize("written", list(_CALLED))
@pytest.mark.parametrize(
    "odd",
    [
        7,
        {"role": "user", "content": 5, "parts": 5},
        {"role": ["user"]},
        {"role": "assistant", "content": [7], "parts": [7], "tool_calls": "x", "name": 3},
        {"type": "function_call_output", "output": 5, "call_id": {}},
    ],
)
def test_an_odd_message_hides_nothing_of_the_others(written: Format, odd: Any) -> None:
    member, called, said = _CALLED[written]
    found = read({member: [called, odd, said]}, written)

    assert found.tools_used == {"Bash"}
    assert found.latest_user_text == "hi"
    assert found.messages == 3


@pytest.mark.parametrize(
    "content",
    [
        [text("see"), {"type": 5}, IMAGE],
        [text("see"), {"type": "text", "text": 5}, IMAGE],
        [text("see"), 5, {**IMAGE, "id": 5}],
        [text("see"), result("t1", [5, IMAGE])],
        [text("see"), {**result("t1", [IMAGE]), "name": 5}],
    ],
)
def test_an_odd_block_hides_nothing_of_the_others(content: Any) -> None:
    found = read(anthropic(user(content)))

    assert (found.user_text, found.images) == ("see", 1)


def test_a_member_that_is_null_is_not_said() -> None:
    nothing = {"functionCall": None, "functionResponse": None, "inlineData": None}
    found = read({"contents": [{"parts": [{"text": "hi", **nothing}, 5]}]}, Format.GEMINI)

    assert not found.has_tool_history
    assert (found.latest_user_text, found.images, found.documents) == ("hi", 0, 0)


def test_nonces_leave_every_signal_as_it_is() -> None:
    def asked(nonce: str) -> Signals:
        system = [text(f"x-anthropic-billing-header: cc_version=2; cch={nonce};"), text("Be brief.")]
        return read(anthropic(user("fix it"), system=system), anonymous="fingerprint")

    assert asked("1") == asked("longer")


def test_a_request_without_a_body_is_known_by_its_headers() -> None:
    found = read(None, headers={"Session-Id": "s"}, model="claude-haiku-4", client="codex")

    assert (found.session.id, found.family, found.client, found.tokens) == ("s", "haiku", "codex", 0)
    assert (found.user_text, found.system_text, found.latest_user_text) == ("", "", "")


def test_what_proves_who_asks_is_no_signal() -> None:
    headers = {"Authorization": "Bearer k", "X-Api-Key": "k", "Api-Key": "k", "X-App": "cli"}
    found = read(anthropic(user("hi")), headers=headers)

    assert found.headers == {"authorization": "", "x-api-key": "", "api-key": "", "x-app": "cli"}


@pytest.mark.parametrize(
    "messages",
    [
        [user("first"), user("x" * LONGEST), user("last")],
        [user("first"), *[user(f"{n:05}" + "y" * 995) for n in range(300)], user("last")],
        [user("first " + "z" * LONGEST)],
        [user("none is too much"), user("of this")],
    ],
    ids=["large", "many", "one", "little"],
)
def test_of_very_much_that_was_said_the_end_is_read(messages: list[dict[str, Any]]) -> None:
    said = "\n".join(each["content"] for each in messages)

    assert read(anthropic(*messages)).user_text == said[-LONGEST:]


def test_what_is_not_looked_at_is_not_read() -> None:
    """However long a conversation is: what tools bring is not said, and is passed over."""
    result = {"type": "tool_result", "tool_use_id": "toolu_1", "content": "r" * 10_000}
    begin = [user("first"), *[user([result])] * 50, user("a" * LONGEST)]
    found = read(anthropic(*begin, user("last")))
    seen: list[bytes] = []

    def see(raws: Sequence[bytes]) -> list[Seen]:
        seen.extend(raws)
        return found.texts.see(raws)

    replace(found.texts, see=see).user()
    assert len(seen) == 2


@pytest.mark.parametrize(
    ("model", "family"),
    [
        ("claude-haiku-4-5-20251001", "haiku"),
        ("anthropic/claude-opus-4", "opus"),
        ("gpt-5-mini", "mini"),
        ("gemini-3-pro", "pro"),
        ("gemini-2.5-flash-lite", "flash"),
        ("gemini", ""),
        ("claude-sonnet-4[1m]", "sonnet"),
        ("lite/gpt-5", ""),
        ("", ""),
    ],
)
def test_the_family_is_a_word_of_the_model_s_name(model: str, family: str) -> None:
    assert Signals(model=model).family == family


@pytest.mark.parametrize(
    ("written", "body"),
    [
        (
            Format.ANTHROPIC,
            anthropic(*EXCHANGE, user("words " * 3000), tools=[{"name": "x" * 400}], system="s" * 900),
        ),
        (Format.OPENAI_CHAT, {"messages": [user("words " * 3000)], "response_format": {"type": "text"}}),
        (Format.RESPONSES, {"input": "words " * 3000, "instructions": "be brief " * 50, "tools": [{}]}),
        (Format.GEMINI, {"contents": [{"parts": [{"text": "words " * 3000}]}]}),
        (Format.OPENAI_CHAT, {"input": "words " * 3000}),
        (Format.ANTHROPIC, anthropic(user([result("t1", [_PICTURE] * 3), text("x")]), assistant([_SEALED]))),
        (Format.OPENAI_CHAT, {"messages": [user([text("see"), _LINKED]), {**assistant("x"), **_REASONED}]}),
        (Format.RESPONSES, {"input": [user("x"), {"type": "reasoning", "encrypted_content": "A" * 4000}]}),
        (
            Format.RESPONSES,
            {
                "input": [
                    {"type": "function_call_output", "call_id": "c", "output": [{"type": "input_image"}]}
                ]
            },
        ),
        (Format.GEMINI, {"contents": [{"parts": [{"thoughtSignature": "A" * 4000, "text": "x"}]}]}),
    ],
)
def test_tokens_are_those_of_the_estimate(written: Format, body: Any) -> None:
    whole = estimate_tokens(json.dumps(body).encode(), written)

    assert read(body, written).tokens == pytest.approx(whole, rel=0.01)


def test_no_words_are_read_before_a_signal_asks_for_them() -> None:
    found = signals(looked(anthropic(user("fix it"), system="Be brief.")), Messages())
    lazy = {"system_text", "user_text", "latest_user_text"}

    assert not lazy & vars(found).keys()
    assert "fix it" not in repr(found)
    assert found.latest_user_text is found.latest_user_text
    assert lazy & vars(found).keys() == {"latest_user_text"}
