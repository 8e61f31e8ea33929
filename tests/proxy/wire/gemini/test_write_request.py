"""What Gemini models are asked, for clients of any format."""

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
    FileId,
    Image,
    Message,
    Opaque,
    OpaqueTool,
    Output,
    OutputKind,
    Reasoning,
    RedactedThinking,
    Role,
    Text,
    Thinking,
    Tool,
    ToolCall,
    ToolGroup,
    ToolRef,
    ToolResult,
    Url,
)
from proxy.wire.format import Format
from proxy.wire.gemini.read_request import read_request
from proxy.wire.gemini.write_request import write_request
from proxy.wire.target import Loss, Target, Thinks, Written
from tests.proxy.wire.normal import Everything

NEWER = Target(model="gemini-3-pro", issued=Everything())
OLDER = Target(model="gemini-2.5-flash", issued=Everything())
PICTURE = Image(Data("image/png", "AAAA"))
INLINE = {"inlineData": {"mimeType": "image/png", "data": "AAAA"}}
F = Tool("f", description="d", schema=Raw(b'{ "type":"object", "$defs":{"x":{"$ref":"#/$defs/x"}} }'))


def user(*blocks: Block) -> Message:
    return Message(Role.USER, blocks)


def assistant(*blocks: Block) -> Message:
    return Message(Role.ASSISTANT, blocks)


def write(
    *messages: Message, target: Target = NEWER, format_: Format = Format.ANTHROPIC, **said: Any
) -> Written:
    return write_request(Conversation(format=format_, messages=messages, **said), target)


def body(*messages: Message, **said: Any) -> Any:
    return json.loads(write(*messages, **said).body)


def test_model_and_stream_stand_in_the_address_and_not_in_the_body() -> None:
    written = body(user(Text("hi")), model="m", stream=True, system=(Text("a"), Text("b")))
    assert written == {
        "systemInstruction": {"parts": [{"text": "a"}, {"text": "b"}]},
        "contents": [{"role": "user", "parts": [{"text": "hi"}]}],
    }


def test_results_name_their_function_and_stand_in_one_content_in_the_order_of_the_calls() -> None:
    contents = body(
        user(Text("go")),
        assistant(Text("ok"), ToolCall("1", "read", '{"a": 1}'), ToolCall("2", "ls", "")),
        user(Text("and then?"), ToolResult("2", (Text("b"),)), ToolResult("1", (Text("no"),), is_error=True)),
    )["contents"]
    assert contents[1:] == [
        {
            "role": "model",
            "parts": [
                {"text": "ok"},
                {"functionCall": {"name": "read", "args": {"a": 1}, "id": "1"}},
                {"functionCall": {"name": "ls", "args": {}, "id": "2"}},
            ],
        },
        {
            "role": "user",
            "parts": [
                {"functionResponse": {"name": "read", "response": {"error": "no"}, "id": "1"}},
                {"functionResponse": {"name": "ls", "response": {"output": "b"}, "id": "2"}},
                {"text": "and then?"},
            ],
        },
    ]


def test_roles_alternate_and_instructions_in_the_middle_keep_their_place() -> None:
    contents = body(
        user(Text("a")),
        Message(Role.SYSTEM, (Text("b"),)),
        user(Text("c")),
        assistant(Text("d")),
        assistant(Text("e")),
    )["contents"]
    assert contents == [
        {"role": "user", "parts": [{"text": "a"}, {"text": "<system>\nb\n</system>"}, {"text": "c"}]},
        {"role": "model", "parts": [{"text": "d"}, {"text": "e"}]},
    ]


def test_the_user_begins() -> None:
    written = write(assistant(Text("a")), user(Text("b")))
    assert [content["role"] for content in json.loads(written.body)["contents"]] == ["user", "model", "user"]
    assert written.added


@pytest.mark.parametrize(
    ("arguments", "args"), [("", {}), ("[1]", {"_arguments": "[1]"}), ("{", {"_arguments": "{"})]
)
def test_arguments_are_an_object(arguments: str, args: dict[str, Any]) -> None:
    contents = body(user(Text("go")), assistant(ToolCall("1", "f", arguments)), user(ToolResult("1")))[
        "contents"
    ]
    assert contents[1]["parts"][0]["functionCall"]["args"] == args


def test_arguments_keep_their_bytes() -> None:
    written = write(
        user(Text("go")), assistant(ToolCall("1", "f", '{"a": 1.0, "b":1e2}')), user(ToolResult("1"))
    )
    assert b'"args":{"a": 1.0, "b":1e2}' in written.body


def test_a_result_that_looks_like_json_is_restored_exactly() -> None:
    """Stringified objects in results became `[object Object]` or changed their bytes elsewhere."""
    for text in ('{"a": 1}', '{"output": "x"}', '{"error": "x"}', "[1]", ""):
        for format_ in (Format.ANTHROPIC, Format.GEMINI):
            for is_error in (False, True):
                result = ToolResult("1", (Text(text),) if text else (), is_error)
                turns = (user(Text("go")), assistant(ToolCall("1", "f", "{}")), user(result))
                again = read_request(write(*turns, format_=format_).body)
                assert again.messages[-1].content == (result,)


def test_an_object_of_the_client_goes_back_as_an_object() -> None:
    result = ToolResult("1", (Text('{"rows": [1]}'),))
    turns = (user(Text("go")), assistant(ToolCall("1", "f", "{}")), user(result))
    own = body(*turns, format_=Format.GEMINI)["contents"][-1]["parts"][0]["functionResponse"]
    assert own["response"] == {"rows": [1]}
    other = body(*turns)["contents"][-1]["parts"][0]["functionResponse"]
    assert other["response"] == {"output": '{"rows": [1]}'}


def test_pictures_in_results_stand_inside_them_for_newer_models_and_after_them_for_older_ones() -> None:
    turns = (
        user(Text("go")),
        assistant(ToolCall("1", "shot", "{}"), ToolCall("2", "ls", "{}")),
        user(ToolResult("1", (PICTURE,)), ToolResult("2", (Text("b"),))),
    )
    newer = body(*turns)["contents"][-1]["parts"]
    assert newer[0]["functionResponse"]["parts"] == [INLINE]
    assert len(newer) == 2
    older = body(*turns, target=OLDER)["contents"][-1]["parts"]
    assert older[0]["functionResponse"]["response"] == {"output": "[The result is shown below.]"}
    assert older[2:] == [{"text": "[From the result of the tool call shot, 1:]"}, INLINE]


def test_images_and_files() -> None:
    written = write(
        user(
            PICTURE,
            Image(Url("https://example.test/a.png?x=1"), detail="low"),
            Image(FileId("file-1")),
            Document(Data("application/pdf", "AAAA"), name="a.pdf"),
        )
    )
    assert json.loads(written.body)["contents"][0]["parts"] == [
        INLINE,
        {"fileData": {"mimeType": "image/png", "fileUri": "https://example.test/a.png?x=1"}},
        {"text": "[An image stood here, but this model cannot be shown it.]"},
        {"inlineData": {"mimeType": "application/pdf", "data": "AAAA"}},
    ]
    assert written.lost == {Loss.IMAGE, Loss.IMAGE_DETAIL, Loss.DOCUMENT_DETAILS}


def test_a_model_without_eyes_is_told_that_there_was_something() -> None:
    blind = Target(model="m", vision=False, documents=False)
    written = write(user(PICTURE, Document(Data("application/pdf", "AAAA"))), target=blind)
    assert written.lost == {Loss.IMAGE, Loss.DOCUMENT}
    assert b"AAAA" not in written.body


def test_signatures_go_back_exactly_where_they_were() -> None:
    parts = body(
        user(Text("go")),
        assistant(
            Thinking("hm", "s1"), Text("ok"), Thinking("", "s2"), ToolCall("1", "f", "{}", signature="s3")
        ),
        user(ToolResult("1")),
    )["contents"][1]["parts"]
    assert parts == [
        {"text": "hm", "thought": True, "thoughtSignature": "s1"},
        {"text": "ok"},
        {"text": "", "thoughtSignature": "s2"},
        {"functionCall": {"name": "f", "args": {}, "id": "1"}, "thoughtSignature": "s3"},
    ]


def test_signatures_of_another_provider_stay_behind_and_calls_stay() -> None:
    written = write(
        user(Text("go")),
        assistant(Thinking("hm", "s1"), RedactedThinking("r"), ToolCall("1", "f", "{}", signature="s3")),
        user(ToolResult("1")),
        target=Target(model="gemini-3-pro"),
    )
    assert json.loads(written.body)["contents"][1]["parts"] == [
        {"functionCall": {"name": "f", "args": {}, "id": "1"}}
    ]
    assert written.lost == {Loss.THINKING, Loss.SIGNATURE}


def test_calls_of_other_models_are_vouched_for_where_unsigned_ones_are_refused() -> None:
    """A session that moved to a model which signs its calls was refused for the calls it had not made."""
    strict = Target(model="gemini-3-pro", unsigned_calls_refused=True, issued=Everything())
    written = write(
        user(Text("go")),
        assistant(ToolCall("1", "f", "{}"), ToolCall("2", "f", "{}")),
        user(ToolResult("1"), ToolResult("2")),
        assistant(ToolCall("3", "f", "{}", signature="real"), ToolCall("4", "f", "{}")),
        user(ToolResult("3"), ToolResult("4")),
        target=strict,
    )
    contents = json.loads(written.body)["contents"]
    signatures = [
        part.get("thoughtSignature")
        for content in contents
        for part in content["parts"]
        if "functionCall" in part
    ]
    assert signatures == ["skip_thought_signature_validator", None, "real", None]
    assert len(written.added) == 1


def test_schemas_keep_their_bytes() -> None:
    written = write(user(Text("hi")), tools=(F,))
    assert b'"parametersJsonSchema":' + bytes(F.schema or b"") in written.body


def test_schemas_are_narrowed_only_for_those_who_take_nothing_else() -> None:
    older = Target(model="m", refuses=frozenset(("parametersJsonSchema", "responseJsonSchema")))
    form = Output(OutputKind.SCHEMA, Raw(b'{"type":"string"}'))
    written = body(user(Text("hi")), tools=(F,), output=form, target=older)
    (function,) = written["tools"][0]["functionDeclarations"]
    assert function == {"name": "f", "description": "d", "parameters": {"type": "OBJECT"}}
    assert written["generationConfig"]["responseSchema"] == {"type": "STRING"}


def test_tools_of_others_never_become_functions() -> None:
    foreign = OpaqueTool(Format.ANTHROPIC, "web_search_20250305", Raw(b'{"name":"web_search"}'))
    own = OpaqueTool(Format.GEMINI, "googleSearch", Raw(b'{"googleSearch":{}}'))
    block = Opaque(Format.ANTHROPIC, "server_tool_use", Raw(b"{}"))
    written = write(user(Text("hi")), assistant(block), user(Text("b")), tools=(foreign, own))
    assert json.loads(written.body)["tools"] == [{"googleSearch": {}}]
    assert written.lost == {Loss.SERVER_TOOL, Loss.SERVER_TOOL_HISTORY}


def test_groups_are_taken_apart_and_names_find_back() -> None:
    group = ToolGroup("mcp", (Tool("read", schema=Raw(b"{}")),))
    written = write(user(Text("hi")), tools=(group, Tool("9 lives"), Tool("patch", custom=True)))
    names = [function["name"] for function in json.loads(written.body)["tools"][0]["functionDeclarations"]]
    assert names[0] == "mcp__read"
    assert written.names.restored("mcp__read") == ToolRef("read", "mcp")
    assert written.names.restored(names[1]) == ToolRef("9 lives")
    assert written.names.restored("patch") == ToolRef("patch", custom=True)


@pytest.mark.parametrize(
    ("choice", "config"),
    [
        (Choice(ChoiceMode.AUTO), {"mode": "AUTO"}),
        (Choice(ChoiceMode.ANY), {"mode": "ANY"}),
        (Choice(ChoiceMode.NONE), {"mode": "NONE"}),
        (Choice(ChoiceMode.TOOL, (ToolRef("f"),)), {"mode": "ANY", "allowedFunctionNames": ["f"]}),
        (Choice(ChoiceMode.AUTO, (ToolRef("f"),)), {"mode": "VALIDATED", "allowedFunctionNames": ["f"]}),
    ],
)
def test_choices(choice: Choice, config: dict[str, Any]) -> None:
    written = write(user(Text("hi")), tools=(F,), choice=choice)
    assert json.loads(written.body)["toolConfig"] == {"functionCallingConfig": config}
    assert not written.lost


def test_a_choice_without_tools_is_not_told() -> None:
    written = write(user(Text("hi")), choice=Choice(ChoiceMode.ANY))
    assert "toolConfig" not in json.loads(written.body)
    assert written.lost == {Loss.TOOL_CHOICE}


@pytest.mark.parametrize(
    ("target", "reasoning", "config", "lost"),
    [
        (NEWER, Reasoning(effort="low"), {"thinkingLevel": "low"}, False),
        (NEWER, Reasoning(budget=5000), {"thinkingLevel": "medium"}, False),
        (
            NEWER,
            Reasoning(effort="max", summary="auto"),
            {"thinkingLevel": "high", "includeThoughts": True},
            False,
        ),
        (NEWER, Reasoning(enabled=False), {"thinkingBudget": 0}, False),
        (NEWER, Reasoning(adaptive=True), None, False),
        (OLDER, Reasoning(effort="low"), {"thinkingBudget": 4096}, False),
        (OLDER, Reasoning(budget=31999), {"thinkingBudget": 24576}, False),
        (OLDER, Reasoning(adaptive=True), {"thinkingBudget": -1}, False),
        (Target(model="m", thinks=Thinks.NOT), Reasoning(effort="low"), None, True),
        (Target(model="m", thinks=Thinks.NOT), Reasoning(enabled=False), None, False),
        (
            Target(model="m", thinks=Thinks.EFFORT),
            Reasoning(enabled=False),
            {"thinkingLevel": "minimal"},
            True,
        ),
    ],
)
def test_thinking(target: Target, reasoning: Reasoning, config: dict[str, Any] | None, lost: bool) -> None:
    written = write(user(Text("hi")), target=target, reasoning=reasoning)
    assert json.loads(written.body).get("generationConfig", {}).get("thinkingConfig") == config
    assert (Loss.REASONING in written.lost) is lost


def test_settings() -> None:
    limited = Target(model="m", max_output=100, refuses=frozenset(("seed", "topK")))
    written = write(
        user(Text("hi")),
        target=limited,
        max_tokens=500,
        temperature=0.5,
        top_p=0.9,
        top_k=3,
        seed=1,
        frequency_penalty=0.1,
        presence_penalty=0.2,
        stop=tuple("abcdef"),
        output=Output(OutputKind.JSON),
    )
    assert json.loads(written.body)["generationConfig"] == {
        "maxOutputTokens": 100,
        "temperature": 0.5,
        "topP": 0.9,
        "frequencyPenalty": 0.1,
        "presencePenalty": 0.2,
        "stopSequences": ["a", "b", "c", "d", "e"],
        "responseMimeType": "application/json",
    }
    assert written.lost == {Loss.MAX_TOKENS, Loss.SEED, Loss.TOP_K, Loss.STOP}


def test_older_models_cannot_both_call_tools_and_answer_in_json() -> None:
    written = write(user(Text("hi")), target=OLDER, tools=(F,), output=Output(OutputKind.JSON))
    assert "generationConfig" not in json.loads(written.body)
    assert Loss.OUTPUT in written.lost


def test_what_cannot_be_said_is_said_to_be_lost() -> None:
    written = write(
        Message(
            Role.USER,
            (Text("hi", cache=Raw(b"{}"), extra={"x": Raw(b"1")}),),
            name="eve",
            extra={"y": Raw(b"1")},
        ),
        tools=(Tool("f", strict=True),),
        parallel_calls=False,
        user="u",
        metadata=Raw(b"{}"),
        service_tier="auto",
        cache_key="k",
        verbosity="low",
        store=True,
        previous_id="p",
        extra={"z": Raw(b"1")},
    )
    assert written.lost == {
        Loss.CACHE_MARKS,
        Loss.UNKNOWN_FIELDS,
        Loss.NAMES,
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


def test_what_only_this_format_knows_goes_back_to_it() -> None:
    asked = {
        "contents": [
            {"role": "user", "parts": [{"text": "a", "partMetadata": {"x": 1}}]},
            {
                "role": "model",
                "parts": [{"functionCall": {"name": "f", "args": {"b": 1}, "willContinue": False}}],
            },
            {
                "role": "user",
                "parts": [
                    {"functionResponse": {"name": "f", "response": {"rows": []}, "scheduling": "WHEN_IDLE"}}
                ],
            },
            {"role": "model", "parts": [{"executableCode": {"code": "1"}}], "note": 1},
            {"role": "user", "parts": [{"text": "b"}]},
        ],
        "tools": [{"functionDeclarations": [{"name": "f", "behavior": "BLOCKING"}]}, {"googleSearch": {}}],
        "toolConfig": {"functionCallingConfig": {"mode": "VALIDATED"}, "retrievalConfig": {"a": 1}},
        "generationConfig": {
            "temperature": 1.0,
            "candidateCount": 1,
            "thinkingConfig": {"thinkingBudget": -1},
        },
        "safetySettings": [{"category": "x"}],
        "cachedContent": "cachedContents/1",
    }
    written = write_request(read_request(json.dumps(asked).encode()), NEWER)
    assert json.loads(written.body) == asked
    assert not written.lost
