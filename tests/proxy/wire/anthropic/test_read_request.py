"""What clients send, understood."""

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
    Citation,
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
    PlainText,
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
from proxy.wire.failure import Failure, FailureKind
from proxy.wire.format import Format
from proxy.wire.target import Loss, Target

EPHEMERAL = {"type": "ephemeral"}


def raw(value: object) -> Raw:
    return Raw(json.dumps(value).encode())


def asked(**members: Any) -> Conversation:
    body = {"model": "m", "max_tokens": 1, "messages": [{"role": "user", "content": "hi"}], **members}
    return read_request(json.dumps(body).encode())


def block_of(block: object) -> Block:
    conversation = asked(messages=[{"role": "user", "content": [block]}])
    return conversation.messages[0].content[0]


BLOCKS: list[tuple[dict[str, Any], Block]] = [
    ({"type": "text", "text": "hi"}, Text("hi")),
    ({"type": "text", "text": "hi", "cache_control": EPHEMERAL}, Text("hi", cache=raw(EPHEMERAL))),
    ({"type": "text", "text": "hi", "cache_control": None}, Text("hi")),
    ({"type": "text", "text": "hi", "new": [1]}, Text("hi", extra={"new": raw([1])})),
    (
        {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "AAAA"}},
        Image(Data("image/png", "AAAA")),
    ),
    ({"type": "image", "source": {"type": "url", "url": "https://x.test/p"}}, Image(Url("https://x.test/p"))),
    ({"type": "image", "source": {"type": "file", "file_id": "f"}}, Image(FileId("f"))),
    (
        {
            "type": "document",
            "source": {"type": "base64", "media_type": "application/pdf", "data": "AAAA"},
            "title": "t",
            "context": "c",
            "citations": {"enabled": True},
        },
        Document(Data("application/pdf", "AAAA"), name="t", context="c", citable=True),
    ),
    ({"type": "document", "source": {"type": "url", "url": "u"}}, Document(Url("u"))),
    (
        {"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": "d"}},
        Document(PlainText("d")),
    ),
    ({"type": "document", "source": {"type": "file", "file_id": "f"}}, Document(FileId("f"))),
    (
        {"type": "document", "source": {"type": "content", "content": [{"type": "text", "text": "a"}]}},
        Document(
            PlainText("a"),
            extra={"source": raw({"type": "content", "content": [{"type": "text", "text": "a"}]})},
        ),
    ),
    ({"type": "thinking", "thinking": " a\n", "signature": "s=="}, Thinking(" a\n", "s==")),
    ({"type": "thinking", "thinking": "a", "signature": ""}, Thinking("a")),
    ({"type": "redacted_thinking", "data": "d=="}, RedactedThinking("d==")),
    (
        {"type": "tool_use", "id": "i", "name": "n", "input": {"a": {"b": 1}}},
        ToolCall("i", "n", '{"a": {"b": 1}}'),
    ),
    ({"type": "tool_use", "id": "i", "name": "n"}, ToolCall("i", "n", "{}")),
    (
        {"type": "tool_use", "id": "i", "name": "n", "input": {}, "caller": {"type": "direct"}},
        ToolCall("i", "n", "{}", extra={"caller": raw({"type": "direct"})}),
    ),
    ({"type": "tool_result", "tool_use_id": "i"}, ToolResult("i")),
    ({"type": "tool_result", "tool_use_id": "i", "content": "ok"}, ToolResult("i", (Text("ok"),))),
    (
        {
            "type": "tool_result",
            "tool_use_id": "i",
            "content": "no",
            "is_error": True,
            "cache_control": EPHEMERAL,
        },
        ToolResult("i", (Text("no"),), is_error=True, cache=raw(EPHEMERAL)),
    ),
    (
        {
            "type": "tool_result",
            "tool_use_id": "i",
            "content": [
                {"type": "text", "text": "a"},
                {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "AAAA"}},
                {"type": "document", "source": {"type": "url", "url": "u"}},
                {"type": "tool_reference", "tool_name": "n"},
            ],
        },
        ToolResult(
            "i",
            (
                Text("a"),
                Image(Data("image/png", "AAAA")),
                Document(Url("u")),
                Opaque(Format.ANTHROPIC, "tool_reference", raw({"type": "tool_reference", "tool_name": "n"})),
            ),
        ),
    ),
]


@pytest.mark.parametrize(("block", "meant"), BLOCKS)
def test_blocks(block: dict[str, Any], meant: Block) -> None:
    assert block_of(block) == meant


@pytest.mark.parametrize(("block", "meant"), BLOCKS)
def test_a_block_means_the_same_beside_one_that_is_not_understood(
    block: dict[str, Any], meant: Block
) -> None:
    beside = {"type": "container_upload", "file_id": "f"}
    conversation = asked(messages=[{"role": "user", "content": [block, beside]}])
    assert conversation.messages[0].content == (
        meant,
        Opaque(Format.ANTHROPIC, "container_upload", raw(beside)),
    )


@pytest.mark.parametrize(
    "block",
    [
        {"type": "server_tool_use", "id": "s", "name": "web_search", "input": {"query": "q"}},
        {"type": "web_search_tool_result", "tool_use_id": "s", "content": [{"type": "web_search_result"}]},
        {"type": "mcp_tool_use", "id": "m", "name": "n", "server_name": "s", "input": {}},
        {"type": "mcp_tool_result", "tool_use_id": "m", "content": []},
        {"type": "container_upload", "file_id": "f"},
        {"type": "a kind of tomorrow", "whatever": [1, 2]},
    ],
)
def test_what_a_provider_does_itself_is_kept_and_never_a_call(block: dict[str, Any]) -> None:
    assert block_of(block) == Opaque(Format.ANTHROPIC, block["type"], raw(block))


FOUND = {
    "type": "search_result",
    "source": "https://example.org",
    "title": "t",
    "content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}],
    "citations": {"enabled": True},
    "cache_control": EPHEMERAL,
    "of_tomorrow": 1,
}


@pytest.mark.parametrize("left_out", [(), ("citations", "cache_control", "of_tomorrow")])
@pytest.mark.parametrize("in_a_result", [False, True])
def test_a_search_result_is_a_document_to_others_and_itself_to_its_own(
    left_out: tuple[str, ...], in_a_result: bool
) -> None:
    found = {name: value for name, value in FOUND.items() if name not in left_out}
    call = {"type": "tool_use", "id": "i", "name": "n", "input": {}}
    result = {"type": "tool_result", "tool_use_id": "i", "content": [found]}
    messages: list[dict[str, Any]] = [
        {"role": "user", "content": [{"type": "text", "text": "hi"}]},
        {"role": "assistant", "content": [call]},
        {"role": "user", "content": [result]},
    ]
    if not in_a_result:
        messages = [{"role": "user", "content": [found]}]
    conversation = asked(messages=messages)
    block = conversation.messages[-1].content[0]
    document = block.content[0] if isinstance(block, ToolResult) else block
    assert isinstance(document, Document)
    assert (document.source, document.name) == (PlainText("a\n\nb"), "t")
    again = write_request(conversation, Target(model="m", documents=False))
    assert json.loads(again.body)["messages"] == messages
    assert not again.lost & {Loss.DOCUMENT, Loss.UNKNOWN_FIELDS}


def test_a_picture_from_where_nobody_else_can_look_is_kept() -> None:
    block = {"type": "image", "source": {"type": "hologram", "data": "AAAA"}}
    match block_of(block):
        case Opaque(Format.ANTHROPIC, "image", kept):
            assert json.loads(bytes(kept)) == block
        case other:
            pytest.fail(f"{other} is not opaque")


def test_citations_are_kept_and_understood() -> None:
    cited = {
        "type": "web_search_result_location",
        "url": "u",
        "title": "t",
        "cited_text": "q",
        "encrypted_index": "e",
    }
    document = {"type": "char_location", "cited_text": "q", "document_index": 0, "document_title": "d"}
    odd = {"type": "of tomorrow", "source": {"a": 1}}
    assert block_of({"type": "text", "text": "x", "citations": [cited, document, odd]}) == Text(
        "x",
        (
            Citation(Format.ANTHROPIC, raw(cited), url="u", title="t", quote="q"),
            Citation(Format.ANTHROPIC, raw(document), title="d", quote="q"),
            Citation(Format.ANTHROPIC, raw(odd)),
        ),
    )


@pytest.mark.parametrize(
    ("content", "meant"),
    [("hi", (Text("hi"),)), ("", ()), ([], ()), ([{"type": "text", "text": "hi"}], (Text("hi"),))],
)
def test_content_is_a_string_or_blocks(content: object, meant: tuple[Block, ...]) -> None:
    assert asked(messages=[{"role": "user", "content": content}]).messages[0].content == meant
    assert asked(system=content).system == meant


def test_a_system_message_in_the_middle_keeps_its_place() -> None:
    conversation = asked(
        messages=[
            {"role": "user", "content": "a"},
            {"role": "system", "content": "b", "clear_at": "never"},
            {"role": "assistant", "content": "c"},
        ]
    )
    assert conversation.messages == (
        Message(Role.USER, (Text("a"),)),
        Message(Role.SYSTEM, (Text("b"),), extra={"clear_at": raw("never")}),
        Message(Role.ASSISTANT, (Text("c"),)),
    )


def test_schemas_are_kept_to_the_byte() -> None:
    schema = b'{ "type":"object","$defs":{"a":{"anyOf":[{"$ref":"#/$defs/a"}]}},\n"minimum" : 1.50 }'
    body = b'{"messages":[],"tools":[{"name":"n","input_schema":' + schema + b"}]}"
    assert read_request(body).tools == (Tool("n", schema=Raw(schema)),)


def test_tools_of_the_client_and_of_the_provider() -> None:
    search = {"type": "web_search_20250305", "name": "web_search", "max_uses": 3}
    set_ = {"type": "mcp_toolset", "mcp_server_name": "s"}
    own = {
        "type": "custom",
        "name": "n",
        "description": "d",
        "input_schema": {"type": "object"},
        "strict": True,
        "eager_input_streaming": True,
        "cache_control": EPHEMERAL,
    }
    assert asked(tools=[own, search, set_]).tools == (
        Tool(
            "n",
            description="d",
            schema=raw({"type": "object"}),
            strict=True,
            cache=raw(EPHEMERAL),
            extra={"eager_input_streaming": raw(True)},
        ),
        OpaqueTool(Format.ANTHROPIC, "web_search_20250305", raw(search)),
        OpaqueTool(Format.ANTHROPIC, "mcp_toolset", raw(set_)),
    )


@pytest.mark.parametrize(
    ("choice", "meant", "parallel"),
    [
        (None, None, None),
        ({"type": "auto"}, Choice(ChoiceMode.AUTO), None),
        ({"type": "auto", "disable_parallel_tool_use": True}, Choice(ChoiceMode.AUTO), False),
        ({"type": "any", "disable_parallel_tool_use": False}, Choice(ChoiceMode.ANY), True),
        ({"type": "none"}, Choice(ChoiceMode.NONE), None),
        ({"type": "tool", "name": "n"}, Choice(ChoiceMode.TOOL, (ToolRef("n"),)), None),
    ],
)
def test_choices(choice: object, meant: Choice | None, parallel: bool | None) -> None:
    conversation = asked(tools=[{"name": "n", "input_schema": {}}], tool_choice=choice)
    assert (conversation.choice, conversation.parallel_calls) == (meant, parallel)


def test_the_choice_of_a_tool_that_the_provider_runs_is_understood_by_nobody_else() -> None:
    choice = {"type": "tool", "name": "web_search"}
    tools = [{"type": "web_search_20250305", "name": "web_search"}]
    assert asked(tools=tools, tool_choice=choice).choice == Choice(ChoiceMode.OPAQUE, raw=raw(choice))


def test_settings() -> None:
    conversation = asked(
        temperature=0.5, top_p=0.9, top_k=3, stop_sequences=["END"], stream=True, service_tier="auto"
    )
    assert (conversation.temperature, conversation.top_p, conversation.top_k) == (0.5, 0.9, 3)
    assert (conversation.stop, conversation.stream, conversation.service_tier) == (("END",), True, "auto")
    assert conversation.usage_in_stream


@pytest.mark.parametrize(
    ("user_id", "user"),
    [("someone", "someone"), ('{"device_id":"d","session_id":"s"}', None), ("x" * 65, None), (None, None)],
)
def test_metadata_is_kept_and_a_plain_user_is_one(user_id: str | None, user: str | None) -> None:
    conversation = asked(metadata={"user_id": user_id})
    assert conversation.metadata == raw({"user_id": user_id})
    assert conversation.user == user


def test_the_form_of_the_answer_stands_in_its_new_or_its_old_place() -> None:
    form = {"type": "json_schema", "schema": {"type": "object"}}
    meant = Output(OutputKind.SCHEMA, schema=raw({"type": "object"}))
    assert asked(output_config={"format": form}).output == meant
    assert asked(output_format=form).output == meant


def test_what_is_not_understood_is_kept() -> None:
    conversation = asked(
        container="c",
        mcp_servers=[{"url": "u"}],
        context_management={"edits": []},
        output_config={"effort": "low", "task_budget": {"total": 5}},
    )
    assert conversation.extra == {
        "container": raw("c"),
        "mcp_servers": raw([{"url": "u"}]),
        "context_management": raw({"edits": []}),
        "output_config": Raw(b'{"task_budget":{"total": 5}}'),
    }


def test_text_cut_inside_an_emoji_is_read() -> None:
    body = b'{"messages":[{"role":"user","content":"ab\\ud83d"}]}'
    assert read_request(body).messages[0].content == (Text("ab\ufffd"),)


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        (b"", "is not valid JSON"),
        (b"[]", "is not as expected"),
        (b"{}", "missing required field `messages`"),
        (b'{"messages":{}}', "Expected `array`"),
        (b'{"messages":[{"role":"robot","content":"x"}]}', "'robot'"),
        (b'{"messages":[{"role":"user","content":[{"text":"x"}]}]}', "missing required field `type`"),
        (b'{"messages":[{"role":"user","content":[{"type":"text"}]}]}', "missing required field `text`"),
        (b'{"messages":[],"max_tokens":"many"}', "Expected `int | null`"),
    ],
)
def test_a_request_that_cannot_be_read_is_the_clients_mistake(body: bytes, complaint: str) -> None:
    with pytest.raises(Failure) as caught:
        read_request(body)
    assert caught.value.kind is FailureKind.BAD_REQUEST
    assert complaint in caught.value.sentence
