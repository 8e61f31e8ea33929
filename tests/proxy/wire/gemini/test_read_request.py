"""What clients of the Gemini API ask, as they send it."""

import json
from typing import Any

import pytest

from proxy.wire.canonical import (
    Block,
    Choice,
    ChoiceMode,
    Conversation,
    Data,
    Document,
    FileId,
    Image,
    Message,
    Opaque,
    OpaqueTool,
    Output,
    OutputKind,
    Reasoning,
    Role,
    Text,
    Thinking,
    Tool,
    ToolCall,
    ToolRef,
    ToolResult,
    Url,
)
from proxy.wire.failure import Failure, FailureKind
from proxy.wire.format import Format
from proxy.wire.gemini.read_request import read_request


def read(**members: Any) -> Conversation:
    return read_request(json.dumps({"contents": [], **members}).encode())


def blocks(*parts: dict[str, Any], role: str = "user") -> tuple[Block, ...]:
    conversation = read(contents=[{"role": role, "parts": list(parts)}])
    return tuple(block for message in conversation.messages for block in message.content)


def test_the_request_of_a_coding_agent() -> None:
    conversation = read(
        systemInstruction={"role": "user", "parts": [{"text": "Be brief."}]},
        contents=[
            {"role": "user", "parts": [{"text": "Look."}]},
            {
                "role": "model",
                "parts": [
                    {"text": "hm", "thought": True},
                    {
                        "functionCall": {"id": "c1", "name": "ls", "args": {"p": "."}},
                        "thoughtSignature": "s1",
                    },
                ],
            },
            {
                "role": "user",
                "parts": [{"functionResponse": {"id": "c1", "name": "ls", "response": {"output": "a b"}}}],
            },
        ],
        tools=[{"functionDeclarations": [{"name": "ls", "parametersJsonSchema": {"type": "object"}}]}],
        generationConfig={
            "temperature": 1,
            "topP": 0.95,
            "topK": 64,
            "thinkingConfig": {"includeThoughts": True, "thinkingBudget": -1},
        },
    )
    assert conversation.format is Format.GEMINI
    assert conversation.model is None
    assert conversation.system == (Text("Be brief."),)
    assert conversation.messages == (
        Message(Role.USER, (Text("Look."),)),
        Message(Role.ASSISTANT, (Thinking("hm"), ToolCall("c1", "ls", '{"p": "."}', signature="s1"))),
        Message(Role.USER, (ToolResult("c1", (Text("a b"),)),)),
    )
    (tool,) = conversation.tools
    assert isinstance(tool, Tool)
    assert (tool.name, bytes(tool.schema or b"")) == ("ls", b'{"type": "object"}')
    assert (conversation.temperature, conversation.top_p, conversation.top_k) == (1.0, 0.95, 64)
    assert conversation.reasoning == Reasoning(adaptive=True, summary="auto")


def test_names_may_be_written_with_underscores() -> None:
    conversation = read(
        system_instruction={"parts": [{"text": "Be brief."}]},
        contents=[
            {"parts": [{"inline_data": {"mime_type": "image/png", "data": "AAAA"}}]},
            {
                "role": "model",
                "parts": [{"function_call": {"name": "f", "args": {}}, "thought_signature": "s"}],
            },
            {"parts": [{"function_response": {"name": "f", "response": {"output": "x"}}}]},
        ],
        tools=[{"function_declarations": [{"name": "f", "parameters_json_schema": {}}]}],
        tool_config={"function_calling_config": {"mode": "ANY", "allowed_function_names": ["f"]}},
        generation_config={"max_output_tokens": 5, "response_mime_type": "application/json"},
    )
    assert conversation.system == (Text("Be brief."),)
    assert [message.content for message in conversation.messages] == [
        (Image(Data("image/png", "AAAA")),),
        (ToolCall("call_auto_1_0", "f", "{}", signature="s"),),
        (ToolResult("call_auto_1_0", (Text("x"),)),),
    ]
    assert [tool.name for tool in conversation.tools if isinstance(tool, Tool)] == ["f"]
    assert conversation.choice == Choice(ChoiceMode.TOOL, (ToolRef("f"),))
    assert conversation.max_tokens == 5
    assert conversation.output == Output(OutputKind.JSON)
    assert conversation.extra is None


def test_results_without_ids_find_their_calls_by_name_and_order() -> None:
    conversation = read(
        contents=[
            {"role": "model", "parts": [{"functionCall": {"name": name, "args": {}}} for name in "aba"]},
            {
                "parts": [
                    {"functionResponse": {"name": name, "response": {"output": text}}}
                    for name, text in (("a", "first a"), ("a", "second a"), ("b", "b"))
                ]
            },
            {"role": "model", "parts": [{"functionCall": {"name": "a", "args": {}}}]},
            {
                "role": "function",
                "parts": [{"functionResponse": {"name": "a", "response": {"output": "third a"}}}],
            },
            {"parts": [{"functionResponse": {"name": "unknown", "response": {}}}]},
        ]
    )
    results = [b for m in conversation.messages for b in m.content if isinstance(b, ToolResult)]
    assert [(result.call_id, result.content) for result in results] == [
        ("call_auto_0_0", (Text("first a"),)),
        ("call_auto_0_2", (Text("second a"),)),
        ("call_auto_0_1", (Text("b"),)),
        ("call_auto_2_0", (Text("third a"),)),
        ("", (Text("{}"),)),
    ]


@pytest.mark.parametrize(
    ("response", "text", "is_error"),
    [
        ({"output": "a"}, "a", False),
        ({"error": "a"}, "a", True),
        ({"output": '{"a": 1}'}, '{"a": 1}', False),
        ({"rows": [1, 2]}, '{"rows": [1, 2]}', False),
        ({"output": "a", "error": "b"}, '{"output": "a", "error": "b"}', False),
        ({"error": {"code": 1}}, '{"error": {"code": 1}}', True),
        ({"output": {"a": 1}}, '{"output": {"a": 1}}', False),
    ],
)
def test_what_tools_answered(response: dict[str, Any], text: str, is_error: bool) -> None:
    (result,) = blocks({"functionResponse": {"id": "c", "name": "f", "response": response}})
    assert result == ToolResult("c", (Text(text),), is_error)


def test_pictures_inside_results() -> None:
    picture = {"inlineData": {"mimeType": "image/png", "data": "AAAA"}}
    (result,) = blocks(
        {"functionResponse": {"id": "c", "name": "f", "response": {"output": "see"}, "parts": [picture]}}
    )
    assert result == ToolResult("c", (Text("see"), Image(Data("image/png", "AAAA"))))


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ({"text": "a"}, [Text("a")]),
        ({"text": ""}, []),
        ({}, []),
        ({"text": "a", "thought": True, "thoughtSignature": "s"}, [Thinking("a", "s")]),
        ({"text": "a", "thoughtSignature": "s"}, [Text("a"), Thinking("", "s")]),
        ({"text": "", "thoughtSignature": "s"}, [Thinking("", "s")]),
        ({"thoughtSignature": "s"}, [Thinking("", "s")]),
        (
            {"inlineData": {"mimeType": "application/pdf", "data": "AAAA", "displayName": "a.pdf"}},
            [Document(Data("application/pdf", "AAAA"), name="a.pdf")],
        ),
        ({"fileData": {"fileUri": "https://example.test/a.png"}}, [Image(Url("https://example.test/a.png"))]),
        (
            {"fileData": {"fileUri": "gs://b/a", "mimeType": "image/png"}},
            [Image(FileId("gs://b/a", "image/png"))],
        ),
    ],
)
def test_parts(part: dict[str, Any], expected: list[Block]) -> None:
    assert list(blocks(part, role="model")) == expected


def test_what_googles_own_tools_did_is_no_call_of_the_client() -> None:
    part = {"executableCode": {"language": "PYTHON", "code": "1"}, "thoughtSignature": "s"}
    (block,) = blocks(part, role="model")
    assert isinstance(block, Opaque)
    assert (block.format, block.kind, json.loads(bytes(block.raw))) == (Format.GEMINI, "executableCode", part)


def test_unknown_fields_are_kept_where_they_belong() -> None:
    conversation = read(
        contents=[{"parts": [{"text": "a", "partMetadata": {"x": 1}}], "note": 1}],
        tools=[{"functionDeclarations": [{"name": "f", "behavior": "BLOCKING"}], "googleSearch": {}}],
        toolConfig={"retrievalConfig": {"languageCode": "de"}},
        generationConfig={"candidateCount": 1, "responseModalities": ["TEXT"]},
        safetySettings=[],
        cachedContent="cachedContents/1",
    )
    (message,) = conversation.messages
    assert dict(message.extra or {}).keys() == {"note"}
    assert isinstance(message.content[0], Text)
    assert dict(message.content[0].extra or {}).keys() == {"partMetadata"}
    function, search = conversation.tools
    assert isinstance(function, Tool)
    assert dict(function.extra or {}).keys() == {"behavior"}
    assert isinstance(search, OpaqueTool)
    assert (search.kind, bytes(search.raw)) == ("googleSearch", b'{"googleSearch":{}}')
    extra = {name: json.loads(bytes(raw)) for name, raw in (conversation.extra or {}).items()}
    assert extra == {
        "toolConfig": {"retrievalConfig": {"languageCode": "de"}},
        "generationConfig": {"candidateCount": 1, "responseModalities": ["TEXT"]},
        "safetySettings": [],
        "cachedContent": "cachedContents/1",
    }


@pytest.mark.parametrize(
    ("config", "mode", "allowed", "is_kept"),
    [
        ({"mode": "AUTO"}, ChoiceMode.AUTO, [], False),
        ({"mode": "ANY"}, ChoiceMode.ANY, [], False),
        ({"mode": "ANY", "allowedFunctionNames": ["a", "b"]}, ChoiceMode.ANY, ["a", "b"], False),
        ({"mode": "ANY", "allowedFunctionNames": ["a"]}, ChoiceMode.TOOL, ["a"], False),
        ({"mode": "NONE"}, ChoiceMode.NONE, [], False),
        ({"mode": "VALIDATED"}, ChoiceMode.AUTO, [], True),
        ({"mode": "VALIDATED", "allowedFunctionNames": ["a"]}, ChoiceMode.AUTO, ["a"], False),
        ({"mode": "AUTO", "streamFunctionCallArguments": True}, ChoiceMode.AUTO, [], True),
    ],
)
def test_choices(config: dict[str, Any], mode: ChoiceMode, allowed: list[str], is_kept: bool) -> None:
    choice = read(toolConfig={"functionCallingConfig": config}).choice
    assert choice is not None
    assert (choice.mode, [ref.name for ref in choice.allowed]) == (mode, allowed)
    assert (choice.raw is not None) is is_kept


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({"thinkingBudget": 0}, Reasoning(enabled=False)),
        ({"thinkingBudget": 512}, Reasoning(budget=512)),
        ({"thinkingLevel": "HIGH"}, Reasoning(effort="high")),
        ({"includeThoughts": False}, None),
    ],
)
def test_thinking(config: dict[str, Any], expected: Reasoning | None) -> None:
    assert read(generationConfig={"thinkingConfig": config}).reasoning == expected


def test_forms_of_the_answer() -> None:
    schema = {"type": "OBJECT", "properties": {"a": {"type": "STRING"}}}
    older = read(generationConfig={"responseMimeType": "application/json", "responseSchema": schema}).output
    assert older is not None
    assert older.schema is not None
    assert json.loads(bytes(older.schema))["type"] == "object"
    choice = read(generationConfig={"responseMimeType": "text/x.enum", "responseSchema": schema})
    assert choice.output is None
    kept = json.loads(bytes((choice.extra or {})["generationConfig"]))
    assert kept == {"responseMimeType": "text/x.enum", "responseSchema": schema}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'{"contents":{}}',
        b'{"contents":[{"role":"narrator","parts":[]}]}',
        b'{"contents":[{"parts":[{"text":1}]}]}',
        b'{"contents":[{"parts":[{"functionCall":{}}]}]}',
        b'{"contents":[{"parts":[{"functionResponse":{"response":[]}}]}]}',
        b'{"tools":[5]}',
        b'{"generationConfig":{"topK":1e999}}',
        b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
        b'{"tools":[{"functionDeclarations":[{"name":"f","parameters":'
        + b'{"items":' * 100_000
        + b"{}"
        + b"}" * 100_000
        + b"}]}]}",
    ],
)
def test_what_cannot_be_read_is_a_bad_request(body: bytes) -> None:
    with pytest.raises(Failure) as caught:
        read_request(body)
    assert caught.value.kind is FailureKind.BAD_REQUEST


def test_half_an_emoji_is_no_reason_to_refuse_a_request() -> None:
    conversation = read_request(b'{"contents":[{"parts":[{"text":"a\\ud83d"}]}]}')
    assert conversation.messages == (Message(Role.USER, (Text("a\ufffd"),)),)
