"""What clients of the Responses format say, Codex before all, as a conversation."""

import json
from typing import Any

import pytest

from proxy.wire.canonical import (
    Block,
    Choice,
    ChoiceMode,
    Data,
    Document,
    FileId,
    Image,
    Message,
    Opaque,
    OpaqueTool,
    Reasoning,
    RedactedThinking,
    Refusal,
    Role,
    Text,
    Thinking,
    Tool,
    ToolCall,
    ToolGroup,
    ToolResult,
    Url,
)
from proxy.wire.failure import FailureKind
from proxy.wire.format import Format
from proxy.wire.responses.read_request import read_request
from tests.proxy.wire.responses.bodies import PNG, asked, failure_of, plain

CODEX = {
    "model": "gpt-5.2-codex",
    "input": [
        {
            "type": "message",
            "role": "developer",
            "content": [{"type": "input_text", "text": "<permissions>"}],
        },
        {"type": "message", "role": "developer", "content": [{"type": "input_text", "text": "<skills>"}]},
        {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "<environment>"}]},
        {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "hi"}]},
    ],
    "tools": [
        {
            "type": "function",
            "name": "exec_command",
            "description": "Runs a command.",
            "strict": False,
            "parameters": {"type": "object", "properties": {"cmd": {"anyOf": [{"type": "string"}, {}]}}},
        },
        {"type": "custom", "name": "apply_patch", "format": {"type": "grammar", "syntax": "lark"}},
        {"type": "web_search", "external_web_access": False},
        {
            "type": "namespace",
            "name": "mcp__docs",
            "description": "Documentation",
            "tools": [{"type": "function", "name": "find", "parameters": {"type": "object"}}],
        },
    ],
    "tool_choice": "auto",
    "parallel_tool_calls": True,
    "reasoning": {"effort": "medium", "summary": "auto"},
    "store": False,
    "stream": True,
    "include": ["reasoning.encrypted_content"],
    "prompt_cache_key": "0199-session",
    "text": {"verbosity": "low"},
    "client_metadata": {"x": "y"},
}


def test_codex_is_understood() -> None:
    conversation = read_request(json.dumps(CODEX).encode())
    assert conversation.format is Format.RESPONSES
    assert [message.role for message in conversation.messages] == ["developer", "developer", "user", "user"]
    assert conversation.reasoning == Reasoning(effort="medium", summary="auto")
    assert (conversation.verbosity, conversation.store, conversation.stream) == ("low", False, True)
    assert (conversation.cache_key, conversation.parallel_calls) == ("0199-session", True)
    assert conversation.choice == Choice(ChoiceMode.AUTO)
    assert plain(conversation.extra) == {
        "include": ["reasoning.encrypted_content"],
        "client_metadata": {"x": "y"},
    }
    function, custom, search, group = conversation.tools
    assert isinstance(function, Tool)
    assert plain(function.schema)["properties"] == {"cmd": {"anyOf": [{"type": "string"}, {}]}}
    assert isinstance(custom, Tool)
    assert custom.custom
    assert plain(custom.grammar) == {"type": "grammar", "syntax": "lark"}
    assert isinstance(search, OpaqueTool)
    assert search.kind == "web_search"
    assert isinstance(group, ToolGroup)
    assert (group.name, group.description) == ("mcp__docs", "Documentation")
    assert [tool.name for tool in group.tools] == ["find"]


def test_a_string_is_a_message_of_the_user() -> None:
    assert asked("hi").messages == (Message(Role.USER, (Text("hi"),)),)


def test_instructions_stand_apart() -> None:
    assert asked("hi", instructions="Be brief.").system == (Text("Be brief."),)
    said_as_items = [{"role": "developer", "content": "Be brief."}]
    assert asked("hi", instructions=said_as_items).system == (Text("Be brief."),)


@pytest.mark.parametrize("role", ["user", "system", "developer", "assistant"])
@pytest.mark.parametrize("type_", [{}, {"type": "message"}])
def test_messages_need_no_type(role: str, type_: dict[str, str]) -> None:
    for content in ("text", [{"type": "input_text", "text": "text"}], [{"type": "text", "text": "text"}]):
        messages = asked([{**type_, "role": role, "content": content}]).messages
        assert messages == (Message(Role(role), (Text("text"),)),)


@pytest.mark.parametrize(
    ("part", "block"),
    [
        ({"type": "input_image", "image_url": PNG}, Image(Data("image/png", "iVBORw0KGgo="))),
        (
            {"type": "input_image", "image_url": "https://a.test/b.png", "detail": "high"},
            Image(Url("https://a.test/b.png"), "high"),
        ),
        ({"type": "input_image", "file_id": "file-1", "detail": "auto"}, Image(FileId("file-1"), "auto")),
        (
            {"type": "input_file", "filename": "a.pdf", "file_data": "data:application/pdf;base64,AAAA"},
            Document(Data("application/pdf", "AAAA"), "a.pdf"),
        ),
        (
            {"type": "input_file", "filename": "a.txt", "file_data": "AAAA"},
            Document(Data("text/plain", "AAAA"), "a.txt"),
        ),
        ({"type": "input_file", "file_url": "https://a.test/b.pdf"}, Document(Url("https://a.test/b.pdf"))),
        ({"type": "input_file", "file_id": "file-2"}, Document(FileId("file-2"))),
        ({"type": "refusal", "refusal": "No."}, Refusal("No.")),
    ],
)
def test_parts_of_content(part: dict[str, Any], block: Block) -> None:
    assert asked([{"role": "user", "content": [part]}]).messages[0].content == (block,)


def test_a_part_of_unknown_type_is_kept_as_it_came() -> None:
    part = {"type": "input_audio", "input_audio": {"data": "AAAA", "format": "mp3"}}
    (block,) = asked([{"role": "user", "content": [part]}]).messages[0].content
    assert isinstance(block, Opaque)
    assert plain(block.raw) == part


def test_a_turn_of_the_assistant_is_one_message_in_its_order() -> None:
    messages = asked(
        [
            {"role": "user", "content": "go"},
            {"type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": "sealed"},
            {"role": "assistant", "content": [{"type": "output_text", "text": "First."}]},
            {"type": "function_call", "call_id": "c1", "name": "ls", "arguments": "{}"},
            {"type": "custom_tool_call", "call_id": "c2", "name": "patch", "input": 'a "b"\n'},
            {"type": "function_call_output", "call_id": "c1", "output": "x"},
            {
                "type": "custom_tool_call_output",
                "call_id": "c2",
                "output": [{"type": "input_text", "text": "y"}],
            },
            {"role": "user", "content": "more"},
        ]
    ).messages
    assert messages == (
        Message(Role.USER, (Text("go"),)),
        Message(
            Role.ASSISTANT,
            (
                Thinking("", "sealed", id="rs_1"),
                Text("First."),
                ToolCall("c1", "ls", "{}"),
                ToolCall("c2", "patch", '{"input":"a \\"b\\"\\n"}', custom=True),
            ),
        ),
        Message(Role.USER, (ToolResult("c1", (Text("x"),)), ToolResult("c2", (Text("y"),), custom=True))),
        Message(Role.USER, (Text("more"),)),
    )


def test_a_call_keeps_its_namespace_and_the_id_of_its_item() -> None:
    call = {"type": "function_call", "id": "fc_1", "call_id": "c1", "name": "find", "namespace": "mcp__docs"}
    (message,) = asked([{**call, "arguments": '{"q": 1}', "status": "completed"}]).messages
    (block,) = message.content
    assert isinstance(block, ToolCall)
    assert (block.id, block.name, block.namespace, block.item_id) == ("c1", "find", "mcp__docs", "fc_1")
    assert block.arguments == '{"q": 1}'
    assert plain(block.extra) == {"status": "completed"}


def test_outputs_hold_images_and_files() -> None:
    output = [
        {"type": "input_text", "text": "see"},
        {"type": "input_image", "image_url": PNG},
        {"type": "input_file", "file_url": "https://a.test/b.pdf"},
    ]
    (message,) = asked([{"type": "function_call_output", "call_id": "c", "output": output}]).messages
    image = Image(Data("image/png", "iVBORw0KGgo="))
    assert message.content == (ToolResult("c", (Text("see"), image, Document(Url("https://a.test/b.pdf")))),)


def test_the_words_of_reasoning_are_its_summary_or_else_its_content() -> None:
    summary = [{"type": "summary_text", "text": "one"}, {"type": "summary_text", "text": "two"}]
    content = [{"type": "reasoning_text", "text": "word by word"}]
    (message,) = asked(
        [
            {"type": "reasoning", "summary": summary, "encrypted_content": "s", "content": None},
            {"type": "reasoning", "summary": [], "content": content, "encrypted_content": ""},
        ]
    ).messages
    both = [block for block in message.content if isinstance(block, Thinking)]
    assert [(block.text, block.signature) for block in both] == [("one\n\ntwo", "s"), ("word by word", None)]


def test_redacted_thinking_that_went_through_this_format_is_known_again() -> None:
    item = {"type": "reasoning", "summary": [], "encrypted_content": "redacted_thinking:AAAA"}
    assert asked([item]).messages[0].content == (RedactedThinking("AAAA"),)


@pytest.mark.parametrize(
    ("item", "role"),
    [
        ({"type": "web_search_call", "id": "ws_1", "status": "completed"}, Role.ASSISTANT),
        ({"type": "local_shell_call", "id": "l", "call_id": "c", "action": {}}, Role.ASSISTANT),
        ({"type": "local_shell_call_output", "id": "l", "output": "x"}, Role.USER),
        ({"type": "computer_call_output", "call_id": "c", "output": {}}, Role.USER),
        ({"type": "mcp_approval_response", "approve": True, "approval_request_id": "m"}, Role.USER),
        ({"type": "item_reference", "id": "msg_1"}, Role.ASSISTANT),
        ({"type": "compaction", "encrypted_content": "s"}, Role.ASSISTANT),
    ],
)
def test_what_only_the_provider_understands_is_kept_as_it_came(item: dict[str, Any], role: Role) -> None:
    (message,) = asked([item]).messages
    (block,) = message.content
    assert message.role is role
    assert isinstance(block, Opaque)
    assert (block.kind, plain(block.raw)) == (item["type"], item)


def test_half_a_surrogate_pair_is_no_reason_to_refuse() -> None:
    body = b'{"input": [{"role": "user", "content": "cut \\ud83d"}], "instructions": "\\ud83d"}'
    assert read_request(body).messages[0].content == (Text("cut �"),)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"input": None},
        {"input": 7},
        {"input": [7]},
        {"input": [{"type": 7}]},
        {"input": [{"content": "no role"}]},
        {"input": [{"role": "critic", "content": "unknown role"}]},
        {"input": [{"type": "function_call", "call_id": "c"}]},
        {"input": [{"role": "user", "content": [{"text": "no type"}]}]},
        {"input": "hi", "tools": [{"type": "function"}]},
        {"input": "hi", "tool_choice": 7},
        {"input": "hi", "tool_choice": {"type": "allowed_tools"}},
        {"input": "hi", "max_output_tokens": "many"},
    ],
)
def test_what_cannot_be_understood_is_a_bad_request(body: dict[str, Any]) -> None:
    failure = failure_of(json.dumps(body).encode())
    assert failure.kind is FailureKind.BAD_REQUEST
    assert failure.sentence.startswith("The request body ")


def test_a_stored_prompt_or_answer_stands_for_the_input() -> None:
    for elsewhere in ({"previous_response_id": "resp_1"}, {"prompt": {"id": "p"}}, {"conversation": "c"}):
        assert asked(None, **elsewhere).messages == ()


def test_tools_that_are_told_in_the_input_are_tools_like_any_other() -> None:
    inner = {"type": "custom", "name": "exec", "description": "Runs a program."}
    told = {
        "type": "additional_tools",
        "id": "at_1",
        "role": "developer",
        "tools": [{"type": "namespace", "name": "functions", "description": "", "tools": [inner]}],
    }
    question = {"type": "message", "role": "user", "content": "Hi"}
    body = {"model": "m", "input": [told, question], "tools": [{"type": "function", "name": "ping"}]}
    conversation = read_request(json.dumps(body).encode())
    ping, group = conversation.tools
    assert isinstance(ping, Tool)
    assert isinstance(group, ToolGroup)
    assert [tool.name for tool in group.tools] == ["exec"]
    assert [message.role for message in conversation.messages] == [Role.USER]
