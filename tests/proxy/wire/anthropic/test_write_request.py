"""What an Anthropic model is asked with: the format's rules are kept, and losses are told."""

import json
from typing import Any

import pytest
from msgspec import Raw

from proxy.wire.anthropic.write_request import write_request
from proxy.wire.canonical import (
    AnyTool,
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
    Reasoning,
    RedactedThinking,
    Refusal,
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
from proxy.wire.target import Loss, Target, ToolNames, Written
from tests.proxy.wire.normal import Everything

USER, ASSISTANT, SYSTEM, DEVELOPER = Role.USER, Role.ASSISTANT, Role.SYSTEM, Role.DEVELOPER
HI = Message(USER, (Text("hi"),))
OPENING = {"role": "user", "content": [{"type": "text", "text": "(The conversation begins here.)"}]}
SCHEMA = Raw(b'{"type":"object"}')
EPHEMERAL = Raw(b'{"type":"ephemeral"}')


def target(**members: Any) -> Target:
    return Target(**{"model": "m", "issued": Everything(), **members})


def written(
    *messages: Message, format_: Format = Format.OPENAI_CHAT, to: Target | None = None, **members: Any
) -> Written:
    conversation = Conversation(format=format_, messages=messages or (HI,), **{"max_tokens": 9000, **members})
    return write_request(conversation, to or target())


def body(request: Written) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(request.body)
    return value


def turns(*messages: Message, **members: Any) -> list[tuple[str, Any]]:
    """Each message's role, and its texts or the blocks that are none."""
    asked = body(written(*messages, **members))["messages"]
    return [(m["role"], [b["text"] if b["type"] == "text" else b for b in m["content"]]) for m in asked]


def text(what: str) -> dict[str, str]:
    return {"type": "text", "text": what}


UNSEEN = text("[An image that cannot be shown to this model.]")
BLOCKS: list[tuple[Role, Block, Any, set[Loss]]] = [
    (USER, Text("a", cache=EPHEMERAL), {**text("a"), "cache_control": {"type": "ephemeral"}}, set()),
    (USER, Text("a", extra={"x": Raw(b"1")}), text("a"), {Loss.UNKNOWN_FIELDS}),
    (ASSISTANT, Refusal("no"), text("no"), set()),
    (ASSISTANT, Text("a", (Citation(Format.RESPONSES, Raw(b"{}")),)), text("a"), {Loss.CITATIONS}),
    (
        USER,
        Image(Data("image/jpg", "AAAA"), detail="low"),
        {"type": "image", "source": {"type": "base64", "media_type": "image/jpeg", "data": "AAAA"}},
        {Loss.IMAGE_DETAIL},
    ),
    (USER, Image(Url("u")), {"type": "image", "source": {"type": "url", "url": "u"}}, set()),
    (USER, Image(FileId("f")), UNSEEN, {Loss.IMAGE}),
    (USER, Image(Data("image/bmp", "AAAA")), UNSEEN, {Loss.IMAGE}),
    (
        USER,
        Document(Data("application/pdf", "AAAA"), name="n", context="c", citable=True),
        {
            "type": "document",
            "source": {"type": "base64", "media_type": "application/pdf", "data": "AAAA"},
            "title": "n",
            "context": "c",
            "citations": {"enabled": True},
        },
        set(),
    ),
    (
        USER,
        Document(Data("text/csv", "YSxi")),
        {"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": "a,b"}},
        set(),
    ),
    (
        USER,
        Document(PlainText("p")),
        {"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": "p"}},
        set(),
    ),
    (
        USER,
        Document(Data("application/msword", "AAAA"), name="a.doc"),
        text("[A document that cannot be shown to this model: a.doc]"),
        {Loss.DOCUMENT},
    ),
    (ASSISTANT, Thinking("t", "s"), {"type": "thinking", "thinking": "t", "signature": "s"}, set()),
    (ASSISTANT, RedactedThinking("d"), {"type": "redacted_thinking", "data": "d"}, set()),
]


@pytest.mark.parametrize(("role", "block", "meant", "lost"), BLOCKS)
def test_blocks(role: Role, block: Block, meant: dict[str, Any], lost: set[Loss]) -> None:
    before = (HI,) if role is ASSISTANT else ()
    request = written(*before, Message(role, (block,)))
    assert body(request)["messages"][-1]["content"] == [meant]
    assert request.lost == lost


def test_unsigned_thinking_is_left_out_and_told() -> None:
    request = written(HI, Message(ASSISTANT, (Thinking("t"), Text("a"))), HI)
    assert body(request)["messages"][1]["content"] == [text("a")]
    assert request.lost == {Loss.THINKING}


def test_thinking_of_another_provider_is_dropped_and_its_calls_stay() -> None:
    messages = (
        HI,
        Message(ASSISTANT, (Thinking("t", "foreign"), ToolCall("i", "n", "{}"))),
        Message(USER, (ToolResult("i", (Text("r"),)),)),
    )
    request = written(*messages, to=target(issued=frozenset({"ours"})))
    assert [b["type"] for b in body(request)["messages"][1]["content"]] == ["tool_use"]
    assert request.lost == {Loss.THINKING}


def test_blocks_of_this_format_come_back_and_those_of_others_never_become_calls() -> None:
    ours = Opaque(Format.ANTHROPIC, "server_tool_use", Raw(b'{"type":"server_tool_use","id":"s"}'))
    theirs = Opaque(Format.RESPONSES, "web_search_call", Raw(b'{"type":"web_search_call"}'))
    request = written(HI, Message(ASSISTANT, (ours, theirs, Text("a"))))
    assert body(request)["messages"][1]["content"] == [{"type": "server_tool_use", "id": "s"}, text("a")]
    assert request.lost == {Loss.SERVER_TOOL_HISTORY}


def test_a_target_that_cannot_see_is_told_that_there_is_something() -> None:
    blind = target(vision=False, documents=False)
    image, document = Image(Data("image/png", "AAAA")), Document(Url("u"))
    request = written(Message(USER, (image, document)), to=blind)
    assert body(request)["messages"][0]["content"] == [
        UNSEEN,
        text("[A document that cannot be shown to this model.]"),
    ]
    assert request.lost == {Loss.IMAGE, Loss.DOCUMENT}


@pytest.mark.parametrize(
    ("arguments", "input_"),
    [
        ('{"a": [1, {"b": null}]}', {"a": [1, {"b": None}]}),
        ("", {}),
        ("  ", {}),
        ("[1]", {"_arguments": "[1]"}),
        ('{"cut": "of', {"_arguments": '{"cut": "of'}),
    ],
)
def test_the_input_of_a_call_is_an_object(arguments: str, input_: dict[str, Any]) -> None:
    request = written(
        HI,
        Message(ASSISTANT, (ToolCall("i", "n", arguments),)),
        Message(USER, (ToolResult("i", (Text("r"),)),)),
    )
    assert body(request)["messages"][1]["content"][0]["input"] == input_


@pytest.mark.parametrize(
    ("result", "meant"),
    [
        (ToolResult("i", (Text("r"),)), {"content": [text("r")]}),
        (ToolResult("i", (Text("r"),), is_error=True), {"content": [text("r")], "is_error": True}),
        (ToolResult("i"), {}),
        (
            ToolResult("i", is_error=True),
            {"content": [text("Error: the tool failed and said nothing.")], "is_error": True},
        ),
        (
            ToolResult("i", (Text(""), Image(Url("u")))),
            {"content": [{"type": "image", "source": {"type": "url", "url": "u"}}]},
        ),
    ],
)
def test_results(result: ToolResult, meant: dict[str, Any]) -> None:
    request = written(HI, Message(ASSISTANT, (ToolCall("i", "n", "{}"),)), Message(USER, (result,)))
    assert body(request)["messages"][2]["content"] == [{"type": "tool_result", "tool_use_id": "i", **meant}]


def test_results_come_before_what_the_user_says_in_the_same_turn() -> None:
    calls = Message(ASSISTANT, (ToolCall("i", "n", "{}"), ToolCall("j", "n", "{}")))
    answers = Message(
        USER, (Text("wait"), ToolResult("i", (Text("1"),)), Text("so"), ToolResult("j", (Text("2"),)))
    )
    content = body(written(HI, calls, answers))["messages"][2]["content"]
    assert [block.get("tool_use_id", block.get("text")) for block in content] == ["i", "j", "wait", "so"]


def test_neighbours_of_one_role_become_one_turn_block_by_block() -> None:
    image = Image(Url("u"))
    shown = {"type": "image", "source": {"type": "url", "url": "u"}}
    assert turns(
        HI, Message(USER, (image,)), Message(ASSISTANT, (Text("a"),)), Message(ASSISTANT, (Text("b"),))
    ) == [
        ("user", ["hi", shown]),
        ("assistant", ["a", "b"]),
    ]


def test_empty_text_is_left_out_and_so_is_a_message_of_nothing_else() -> None:
    empty = Message(ASSISTANT, (Text(""), Text(" \n")))
    assert turns(HI, empty, Message(USER, (Text(""), Text("b")))) == [("user", ["hi", "b"])]


def test_the_user_begins() -> None:
    request = written(Message(ASSISTANT, (Text("a"),)), HI)
    assert body(request)["messages"][0] == OPENING
    assert len(request.added) == 1


def test_instructions_alone_get_a_user_to_answer_to() -> None:
    request = written(Message(SYSTEM, (Text("be"),)))
    assert body(request)["system"] == [text("be")]
    assert body(request)["messages"] == [OPENING]


def test_a_begun_answer_does_not_end_in_whitespace() -> None:
    assert turns(HI, Message(ASSISTANT, (Text("{ \n"),))) == [("user", ["hi"]), ("assistant", ["{"])]
    assert turns(HI, Message(ASSISTANT, (Text("a "),)), HI)[1] == ("assistant", ["a "])


def test_a_system_message_in_the_middle_is_folded_in_visibly_where_there_is_no_such_role() -> None:
    messages = (HI, Message(SYSTEM, (Text("mind"),)), Message(ASSISTANT, (Text("a"),)))
    assert turns(*messages) == [("user", ["hi", "<system>\nmind\n</system>"]), ("assistant", ["a"])]


def test_a_system_message_in_the_middle_keeps_its_place_where_there_is_such_a_role() -> None:
    messages = (HI, Message(SYSTEM, (Text("mind"),), extra={"clear_at": Raw(b'"never"')}))
    request = written(*messages, format_=Format.ANTHROPIC, to=target(system_messages=True))
    assert body(request)["messages"][1] == {"role": "system", "content": [text("mind")], "clear_at": "never"}


@pytest.mark.parametrize(
    ("before", "after", "role"),
    [
        ((HI,), (), "system"),
        ((HI,), (Message(ASSISTANT, (Text("a"),)),), "system"),
        ((HI, Message(ASSISTANT, (Text("a"),))), (HI,), "user"),
        ((HI,), (HI,), "user"),
    ],
)
def test_anothers_developer_message_is_the_systems_where_the_rules_of_place_let_it(
    before: tuple[Message, ...], after: tuple[Message, ...], role: str
) -> None:
    asked = body(
        written(*before, Message(DEVELOPER, (Text("mind"),)), *after, to=target(system_messages=True))
    )
    said = next(m["role"] for m in asked["messages"] if any("mind" in b["text"] for b in m["content"]))
    assert said == role


def test_the_billing_line_goes_to_anthropic_only() -> None:
    system = (Text("x-anthropic-billing-header: cch=1"), Text("be"))
    own = written(system=system, format_=Format.ANTHROPIC, to=target(keeps_billing_header=True))
    assert len(body(own)["system"]) == 2
    other = written(system=system, format_=Format.ANTHROPIC)
    assert body(other)["system"] == [text("be")]
    assert other.lost == {Loss.BILLING_HEADER}


def test_tools() -> None:
    custom = Tool("c", custom=True, grammar=Raw(b'{"type":"text"}'), cache=EPHEMERAL)
    group = ToolGroup("g", (Tool("inner", schema=SCHEMA),))
    theirs = OpaqueTool(Format.RESPONSES, "web_search", Raw(b'{"type":"web_search"}'))
    ours = OpaqueTool(Format.ANTHROPIC, "web_search_20250305", Raw(b'{"type":"web_search_20250305"}'))
    request = written(
        tools=(Tool("n", description="d", schema=SCHEMA, strict=True), custom, group, theirs, ours)
    )
    assert body(request)["tools"] == [
        {"name": "n", "description": "d", "input_schema": {"type": "object"}, "strict": True},
        {
            "name": "c",
            "input_schema": {
                "type": "object",
                "properties": {"input": {"type": "string"}},
                "required": ["input"],
            },
            "cache_control": {"type": "ephemeral"},
        },
        {"name": "g__inner", "input_schema": {"type": "object"}},
        {"type": "web_search_20250305"},
    ]
    assert request.lost == {Loss.SERVER_TOOL, Loss.TOOL_GRAMMAR}
    assert request.names == ToolNames({"c": ToolRef("c", custom=True), "g__inner": ToolRef("inner", "g")})


@pytest.mark.parametrize(
    ("schema", "sent"),
    [
        (None, b'{"type":"object","properties":{}}'),
        (b"{}", b'{"type":"object"}'),
        (b' {"properties":{"a":{"$ref":"#/x"}}}', b'{"type":"object","properties":{"a":{"$ref":"#/x"}}}'),
        (b'{"anyOf":[{"minimum":1.50}], "type":"object"}', b'{"anyOf":[{"minimum":1.50}], "type":"object"}'),
        (b"true", b'{"type":"object","properties":{}}'),
    ],
)
def test_a_schema_is_only_added_to(schema: bytes | None, sent: bytes) -> None:
    request = written(tools=(Tool("n", schema=None if schema is None else Raw(schema)),))
    assert b'"input_schema":' + sent + b"}" in request.body


TWO: tuple[AnyTool, ...] = (Tool("n", schema=SCHEMA), Tool("o", schema=SCHEMA))


@pytest.mark.parametrize(
    ("choice", "parallel", "sent"),
    [
        (None, None, None),
        (None, True, None),
        (None, False, {"type": "auto", "disable_parallel_tool_use": True}),
        (Choice(ChoiceMode.AUTO), None, {"type": "auto"}),
        (Choice(ChoiceMode.ANY), False, {"type": "any", "disable_parallel_tool_use": True}),
        (Choice(ChoiceMode.NONE), False, {"type": "none"}),
        (Choice(ChoiceMode.TOOL, (ToolRef("o"),)), None, {"type": "tool", "name": "o"}),
    ],
)
def test_choices(choice: Choice | None, parallel: bool | None, sent: dict[str, Any] | None) -> None:
    request = written(tools=TWO, choice=choice, parallel_calls=parallel)
    assert body(request).get("tool_choice") == sent
    assert request.lost == set()


def test_of_a_choice_that_allows_some_tools_only_those_are_offered() -> None:
    request = written(tools=TWO, choice=Choice(ChoiceMode.ANY, (ToolRef("o"),)))
    assert [tool["name"] for tool in body(request)["tools"]] == ["o"]
    assert body(request)["tool_choice"] == {"type": "any"}


def test_without_tools_nothing_is_chosen_and_none_are_injected() -> None:
    theirs = OpaqueTool(Format.RESPONSES, "web_search", Raw(b"{}"))
    request = written(tools=(theirs,), choice=Choice(ChoiceMode.ANY), parallel_calls=False)
    assert not {"tools", "tool_choice"} & body(request).keys()
    assert request.lost == {Loss.SERVER_TOOL, Loss.TOOL_CHOICE, Loss.PARALLEL_CALLS}


def test_a_choice_of_anothers_own_tool_is_lost() -> None:
    opaque = Choice(ChoiceMode.OPAQUE, raw=Raw(b'{"type":"web_search"}'))
    request = written(tools=TWO, choice=opaque)
    assert "tool_choice" not in body(request)
    assert request.lost == {Loss.TOOL_CHOICE}
    own = written(tools=TWO, choice=opaque, format_=Format.ANTHROPIC)
    assert body(own)["tool_choice"] == {"type": "web_search"}


@pytest.mark.parametrize(
    ("wanted", "most", "sent", "lost", "added"),
    [
        (100, None, 100, set(), 0),
        (100, 50, 50, {Loss.MAX_TOKENS}, 0),
        (None, None, 8192, set(), 1),
        (None, 32000, 32000, set(), 1),
    ],
)
def test_a_limit_is_demanded(
    wanted: int | None, most: int | None, sent: int, lost: set[Loss], added: int
) -> None:
    request = written(max_tokens=wanted, to=target(max_output=most))
    assert body(request)["max_tokens"] == sent
    assert request.lost == lost
    assert len(request.added) == added


@pytest.mark.parametrize(
    ("members", "sent", "lost"),
    [
        ({"temperature": 0.0, "top_k": 5}, {"temperature": 0.0, "top_k": 5}, set()),
        ({"temperature": 1.5}, {"temperature": 1.0}, {Loss.TEMPERATURE}),
        ({"temperature": 1.0, "top_p": 0.5}, {"temperature": 1.0}, {Loss.TOP_P}),
        ({"top_p": 0.5}, {"top_p": 0.5}, set()),
        ({"stop": ("END", "\n")}, {"stop_sequences": ["END"]}, {Loss.STOP}),
        ({"frequency_penalty": 1.0, "presence_penalty": 1.0}, {}, {Loss.PENALTIES}),
        ({"seed": 1, "verbosity": "low", "cache_key": "k", "previous_id": "r"}, {},
         {Loss.SEED, Loss.VERBOSITY, Loss.CACHE_KEY, Loss.PREVIOUS_ID}),
        ({"store": True}, {}, {Loss.STORE}),
        ({"store": False}, {}, set()),
        ({"user": "someone"}, {"metadata": {"user_id": "someone"}}, set()),
        ({"user": "a@b.test"}, {}, {Loss.USER}),
        ({"metadata": Raw(b'{"k":"v"}')}, {}, {Loss.METADATA}),
        ({"service_tier": "default"}, {"service_tier": "standard_only"}, set()),
        ({"service_tier": "flex"}, {}, {Loss.SERVICE_TIER}),
        ({"stream": True}, {"stream": True}, set()),
        ({"extra": {"logit_bias": Raw(b"{}")}}, {}, {Loss.UNKNOWN_FIELDS}),
        ({"output": Output(OutputKind.JSON)}, {}, {Loss.OUTPUT}),
    ],
)  # fmt: skip
def test_settings(members: dict[str, Any], sent: dict[str, Any], lost: set[Loss]) -> None:
    request = written(**members)
    always = {"model", "messages", "max_tokens"}
    assert {name: value for name, value in body(request).items() if name not in always} == sent
    assert request.lost == lost


def test_a_name_of_a_speaker_is_lost() -> None:
    assert written(Message(USER, (Text("hi"),), name="ann")).lost == {Loss.NAMES}


def test_anothers_schema_is_closed_as_the_format_demands_and_its_own_is_not_touched() -> None:
    schema = Raw(b'{"type": "object","properties":{"a":{"type":"array","items":{"type":"object"}}}}')
    output = Output(OutputKind.SCHEMA, schema=schema, name="n", strict=True)
    assert body(written(output=output))["output_config"]["format"] == {
        "type": "json_schema",
        "schema": {
            "type": "object",
            "properties": {
                "a": {"type": "array", "items": {"type": "object", "additionalProperties": False}}
            },
            "additionalProperties": False,
        },
    }
    assert bytes(schema) in written(output=output, format_=Format.ANTHROPIC).body


def test_objects_that_may_be_null_are_closed_and_values_in_a_schema_are_left_alone() -> None:
    value = {"type": "object"}
    data = {"default": value, "const": value, "enum": [value], "examples": [value]}
    schema = {"type": ["object", "null"], "properties": {"default": value}, **data}
    output = Output(OutputKind.SCHEMA, schema=Raw(json.dumps(schema).encode()))
    assert body(written(output=output))["output_config"]["format"]["schema"] == {
        "type": ["object", "null"],
        "properties": {"default": {"type": "object", "additionalProperties": False}},
        "additionalProperties": False,
        **data,
    }


def test_unknown_fields_come_back_to_their_own_format_everywhere() -> None:
    x = {"x": Raw(b"1")}
    request = written(
        Message(USER, (Text("hi", extra=x),)),
        Message(ASSISTANT, (ToolCall("i", "n", "{}", extra=x), ToolCall("j", "n", "{}"))),
        Message(USER, (ToolResult("i", extra=x), ToolResult("j", (Text("r", extra=x),)))),
        tools=(Tool("n", schema=SCHEMA, extra=x),),
        extra={**x, "output_config": Raw(b'{"task_budget":{}}')},
        format_=Format.ANTHROPIC,
    )
    asked = body(request)
    assert request.body.count(b'"x":1') == 6
    assert asked["output_config"] == {"task_budget": {}}
    assert request.lost == set()


def test_what_a_target_refuses_is_taken_out_and_told() -> None:
    refused = frozenset({"temperature", "output_config.effort", "context_management", "cache_control"})
    request = written(
        Message(USER, (Text("hi", cache=EPHEMERAL),)),
        temperature=0.5,
        reasoning=Reasoning(effort="low"),
        extra={"context_management": Raw(b"{}"), "cache_control": EPHEMERAL},
        format_=Format.ANTHROPIC,
        to=target(refuses=refused),
    )
    assert body(request).keys() == {"model", "messages", "max_tokens"}
    assert body(request)["messages"][0]["content"] == [text("hi")]
    assert request.lost == {Loss.TEMPERATURE, Loss.REASONING, Loss.UNKNOWN_FIELDS, Loss.CACHE_MARKS}


def test_edits_of_the_context_go_with_the_thinking_that_a_target_refuses() -> None:
    request = written(
        reasoning=Reasoning(enabled=True, budget=2000),
        extra={"context_management": Raw(b'{"edits":[]}')},
        format_=Format.ANTHROPIC,
        to=target(refuses=frozenset({"thinking"})),
    )
    assert body(request).keys().isdisjoint({"thinking", "context_management"})
    assert request.lost == {Loss.REASONING, Loss.UNKNOWN_FIELDS}


def test_ids_that_the_format_refuses_become_others_and_stay_together() -> None:
    messages = (
        HI,
        Message(ASSISTANT, (ToolCall("functions.n:0", "n", "{}"),)),
        Message(USER, (ToolResult("functions.n:0", (Text("r"),)),)),
    )
    asked = body(written(*messages))["messages"]
    id_ = asked[1]["content"][0]["id"]
    assert id_ == asked[2]["content"][0]["tool_use_id"]
    assert id_.startswith("toolu_")
    assert id_.replace("_", "").isalnum()
