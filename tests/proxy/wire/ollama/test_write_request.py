"""What Ollama is asked, for clients of any format."""

import json
from typing import Any

import pytest
from msgspec import Raw

from proxy.wire.canonical import (
    Block,
    Choice,
    ChoiceMode,
    Conversation,
    Data,
    Document,
    Image,
    Message,
    Opaque,
    OpaqueTool,
    Output,
    OutputKind,
    PlainText,
    Reasoning,
    RedactedThinking,
    Role,
    Text,
    Thinking,
    Tool,
    ToolCall,
    ToolRef,
    ToolResult,
    Url,
)
from proxy.wire.format import Format
from proxy.wire.ollama.write_request import write_request
from proxy.wire.target import Loss, Target, Thinks, Written
from tests.proxy.wire.normal import Everything

TARGET = Target(model="qwen3:8b", issued=Everything())
PICTURE = Image(Data("image/png", "AAAA"))
F = Tool("f", description="d", schema=Raw(b'{ "type":"object", "anyOf":[] }'))
G = Tool("g")


def user(*blocks: Block) -> Message:
    return Message(Role.USER, blocks)


def assistant(*blocks: Block) -> Message:
    return Message(Role.ASSISTANT, blocks)


def write(*messages: Message, target: Target = TARGET, **said: Any) -> Written:
    return write_request(Conversation(format=Format.ANTHROPIC, messages=messages, **said), target)


def body(*messages: Message, **said: Any) -> Any:
    return json.loads(write(*messages, **said).body)


@pytest.mark.parametrize("stream", [True, False])
def test_what_the_server_would_do_otherwise_is_always_told(stream: bool) -> None:
    """It streams, and cuts a prompt that is too long, unless it is told not to."""
    assert body(user(Text("hi")), stream=stream) == {
        "model": "qwen3:8b",
        "messages": [{"role": "user", "content": "hi"}],
        "stream": stream,
        "truncate": False,
    }


def test_the_context_is_told_so_that_nothing_is_cut_off_in_silence() -> None:
    target = Target(model="m", context=65536, keep_alive="30m")
    written = body(user(Text("hi")), target=target)
    assert written["options"] == {"num_ctx": 65536}
    assert written["keep_alive"] == "30m"


def test_a_turn_with_calls_and_results() -> None:
    """Calls and results with text beside them went out as text alone elsewhere."""
    messages = body(
        user(Text("go"), PICTURE),
        assistant(Thinking("hm", "s"), Text("ok"), ToolCall("1", "f", '{"a": 1}'), ToolCall("2", "g", "")),
        user(ToolResult("1", (Text("x"),)), ToolResult("2", (PICTURE,), is_error=True), Text("and?")),
        system=(Text("a"), Text("b")),
    )["messages"]
    assert messages == [
        {"role": "system", "content": "a\n\nb"},
        {"role": "user", "content": "go", "images": ["AAAA"]},
        {
            "role": "assistant",
            "content": "ok",
            "thinking": "hm",
            "tool_calls": [
                {"id": "1", "function": {"index": 0, "name": "f", "arguments": {"a": 1}}},
                {"id": "2", "function": {"index": 1, "name": "g", "arguments": {}}},
            ],
        },
        {"role": "tool", "content": "x", "tool_name": "f", "tool_call_id": "1"},
        {
            "role": "tool",
            "content": "Error: [The result is shown in the next message.]",
            "tool_name": "g",
            "tool_call_id": "2",
        },
        {
            "role": "user",
            "content": "[From the result of the tool call g, 2:]\n\nand?",
            "images": ["AAAA"],
        },
    ]


def test_arguments_keep_their_bytes_and_are_always_an_object() -> None:
    calls = [ToolCall("1", "f", '{"a": 1.0,"b":1e2}'), ToolCall("2", "f", "[1]")]
    written = write(user(Text("go")), assistant(*calls), user(ToolResult("1"), ToolResult("2")))
    assert b'"arguments":{"a": 1.0,"b":1e2}' in written.body
    assert b'"arguments":{"_arguments":"[1]"}' in written.body


def test_an_error_that_says_so_is_not_told_twice() -> None:
    turns = (user(Text("go")), assistant(ToolCall("1", "f", "{}")))
    said = body(*turns, user(ToolResult("1", (Text("ERROR 5"),), is_error=True)))["messages"][-1]["content"]
    silent = body(*turns, user(ToolResult("1", (), is_error=True)))["messages"][-1]["content"]
    assert (said, silent) == ("ERROR 5", "Error:")


def test_instructions_in_the_middle_keep_their_place() -> None:
    messages = (user(Text("a")), Message(Role.DEVELOPER, (Text("b"),)), user(Text("c")))
    assert [m["role"] for m in body(*messages)["messages"]] == ["user", "system", "user"]
    strict = Target(model="m", one_leading_system=True)
    assert [m["content"] for m in body(*messages, target=strict)["messages"]] == [
        "a",
        "<developer>\nb\n</developer>",
        "c",
    ]


@pytest.mark.parametrize(
    ("block", "text", "lost"),
    [
        (Image(Url("https://a.test/b.png")), "https://a.test/b.png", Loss.IMAGE),
        (Document(Data("application/pdf", "AAAA")), "document", Loss.DOCUMENT),
        (Document(PlainText("plain"), name="n"), "plain", Loss.DOCUMENT_DETAILS),
    ],
)
def test_what_cannot_be_shown_is_mentioned(block: Block, text: str, lost: Loss) -> None:
    written = write(user(block))
    assert text in json.loads(written.body)["messages"][0]["content"]
    assert b"AAAA" not in written.body
    assert written.lost == {lost}


def test_a_model_without_eyes_is_told_that_there_was_a_picture() -> None:
    written = write(user(PICTURE), target=Target(model="m", vision=False))
    assert b"An image stood here" in written.body
    assert written.lost == {Loss.IMAGE}


def test_schemas_keep_their_bytes() -> None:
    written = write(user(Text("hi")), tools=(F, G))
    assert b'"parameters":' + bytes(F.schema or b"") in written.body
    assert b'"name":"g","parameters":{"type":"object","properties":{}}' in written.body


@pytest.mark.parametrize(
    ("choice", "offered", "lost"),
    [
        (None, ["f", "g"], set()),
        (Choice(ChoiceMode.AUTO), ["f", "g"], set()),
        (Choice(ChoiceMode.AUTO, (ToolRef("f"),)), ["f"], set()),
        (Choice(ChoiceMode.NONE), [], set()),
        (Choice(ChoiceMode.ANY), ["f", "g"], {Loss.TOOL_CHOICE}),
        (Choice(ChoiceMode.TOOL, (ToolRef("g"),)), ["g"], {Loss.TOOL_CHOICE}),
    ],
)
def test_choices_are_made_by_what_is_offered(
    choice: Choice | None, offered: list[str], lost: set[Loss]
) -> None:
    written = write(user(Text("hi")), tools=(F, G), choice=choice)
    tools = json.loads(written.body).get("tools", [])
    assert [tool["function"]["name"] for tool in tools] == offered
    assert written.lost == lost


@pytest.mark.parametrize(
    ("model", "thinks", "reasoning", "think", "lost"),
    [
        ("qwen3", None, Reasoning(enabled=True), True, False),
        ("qwen3", None, Reasoning(adaptive=True, effort="high"), True, True),
        ("qwen3", None, Reasoning(enabled=False), False, False),
        ("qwen3", None, Reasoning(summary="auto"), None, False),
        ("qwen3", None, None, None, False),
        ("gpt-oss:20b", None, Reasoning(effort="xhigh"), "high", False),
        ("m", Thinks.EFFORT, Reasoning(effort="minimal"), "low", False),
        ("m", Thinks.TOGGLE, Reasoning(budget=5000), True, True),
        ("m", Thinks.NOT, Reasoning(effort="low"), None, True),
        ("m", Thinks.NOT, Reasoning(enabled=False), None, False),
    ],
)
def test_thinking(
    model: str, thinks: Thinks | None, reasoning: Reasoning | None, think: bool | str | None, lost: bool
) -> None:
    written = write(user(Text("hi")), target=Target(model=model, thinks=thinks), reasoning=reasoning)
    assert json.loads(written.body).get("think") == think
    assert (Loss.REASONING in written.lost) is lost


def test_settings() -> None:
    target = Target(model="m", max_output=100, refuses=frozenset(("seed", "format")))
    written = write(
        user(Text("hi")),
        target=target,
        max_tokens=500,
        temperature=0.0,
        top_p=0.5,
        top_k=3,
        seed=1,
        frequency_penalty=0.1,
        presence_penalty=0.2,
        stop=("a",),
        output=Output(OutputKind.JSON),
    )
    assert json.loads(written.body)["options"] == {
        "num_predict": 100,
        "stop": ["a"],
        "temperature": 0.0,
        "top_p": 0.5,
        "top_k": 3,
        "frequency_penalty": 0.1,
        "presence_penalty": 0.2,
    }
    assert written.lost == {Loss.MAX_TOKENS, Loss.SEED, Loss.OUTPUT}


def test_forms_of_the_answer() -> None:
    assert body(user(Text("hi")), output=Output(OutputKind.JSON))["format"] == "json"
    schema = Output(OutputKind.SCHEMA, Raw(b'{"type":"object"}'), name="n")
    assert body(user(Text("hi")), output=schema)["format"] == {"type": "object"}


def test_what_cannot_be_said_is_said_to_be_lost() -> None:
    written = write(
        Message(Role.USER, (Text("hi", cache=Raw(b"{}")),), name="eve"),
        assistant(RedactedThinking("r"), Thinking("t", "s"), Opaque(Format.ANTHROPIC, "x", Raw(b"{}"))),
        user(Text("b", extra={"x": Raw(b"1")})),
        tools=(F, OpaqueTool(Format.ANTHROPIC, "web_search", Raw(b"{}")), Tool("s", strict=True)),
        parallel_calls=False,
        user="u",
        metadata=Raw(b"{}"),
        service_tier="auto",
        cache_key="k",
        verbosity="low",
        store=True,
        previous_id="p",
    )
    assert [tool["function"]["name"] for tool in json.loads(written.body)["tools"]] == ["f", "s"]
    assert written.lost == {
        Loss.CACHE_MARKS,
        Loss.NAMES,
        Loss.THINKING,
        Loss.SIGNATURE,
        Loss.SERVER_TOOL_HISTORY,
        Loss.UNKNOWN_FIELDS,
        Loss.SERVER_TOOL,
        Loss.TOOL_STRICTNESS,
        Loss.PARALLEL_CALLS,
        Loss.USER,
        Loss.METADATA,
        Loss.SERVICE_TIER,
        Loss.CACHE_KEY,
        Loss.VERBOSITY,
        Loss.STORE,
        Loss.PREVIOUS_ID,
    }
