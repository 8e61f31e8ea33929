"""How messages are written for a provider, and for the dialects of this format."""

from typing import Any

import pytest
from msgspec import Raw

from proxy.wire.canonical import (
    Block,
    Citation,
    Conversation,
    Data,
    Document,
    FileId,
    Image,
    Message,
    Opaque,
    PlainText,
    RedactedThinking,
    Refusal,
    Role,
    Text,
    Thinking,
    ToolCall,
    ToolResult,
    Url,
)
from proxy.wire.format import Format
from proxy.wire.target import Loss
from tests.proxy.wire.normal import Everything
from tests.proxy.wire.openai_chat.bodies import reading, writing

PICTURE = Image(Data("image/png", "AAAA"))
SHOWN = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}
CALLS = Message(Role.ASSISTANT, (ToolCall("c1", "look", "{}"), ToolCall("c2", "read", '{"p": 1}')))


def from_anthropic(*messages: Message, **members: Any) -> Conversation:
    return Conversation(format=Format.ANTHROPIC, messages=messages, **members)


def user(*blocks: Block) -> Message:
    return Message(Role.USER, blocks)


def said(*blocks: Block) -> Message:
    return Message(Role.ASSISTANT, blocks)


def test_texts_alone_are_one_string_for_servers_that_take_nothing_else() -> None:
    body, _ = writing(from_anthropic(user(Text("a"), Text("b")), system=(Text("s"), Text("t"))))
    assert body["messages"] == [
        {"role": "system", "content": "s\n\nt"},
        {"role": "user", "content": "a\n\nb"},
    ]


def test_a_client_that_sent_parts_keeps_its_parts() -> None:
    parts = [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]
    body, _ = writing(reading({"role": "user", "content": parts}))
    assert body["messages"] == [{"role": "user", "content": parts}]


def test_results_come_directly_after_their_calls_and_before_the_users_text() -> None:
    results = user(Text("and now?"), ToolResult("c2", (Text("two"),)), ToolResult("c1", (Text("one"),)))
    body, written = writing(from_anthropic(user(Text("x")), CALLS, results))
    assert body["messages"][1:] == [
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [
                {"id": "c1", "type": "function", "function": {"name": "look", "arguments": "{}"}},
                {"id": "c2", "type": "function", "function": {"name": "read", "arguments": '{"p": 1}'}},
            ],
        },
        {"role": "tool", "tool_call_id": "c2", "content": "two"},
        {"role": "tool", "tool_call_id": "c1", "content": "one"},
        {"role": "user", "content": "and now?"},
    ]
    assert written.lost == frozenset()


def test_images_in_results_follow_all_results_and_never_become_base64_text() -> None:
    results = user(ToolResult("c1", (PICTURE,)), ToolResult("c2", (Text("ok"), PICTURE)), Text("compare"))
    body, written = writing(from_anthropic(user(Text("x")), CALLS, results))
    assert body["messages"][2:] == [
        {"role": "tool", "tool_call_id": "c1", "content": "[The result is shown in the next message.]"},
        {"role": "tool", "tool_call_id": "c2", "content": "ok"},
        {
            "role": "user",
            "content": [
                {"type": "text", "text": "[From the result of the tool call look, c1:]"},
                SHOWN,
                {"type": "text", "text": "[From the result of the tool call read, c2:]"},
                SHOWN,
                {"type": "text", "text": "compare"},
            ],
        },
    ]
    assert written.lost == frozenset()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ((Text("no such file"),), "Error: no such file"),
        ((Text("ERROR 5"),), "ERROR 5"),
        ((), "Error:"),
    ],
)
def test_an_error_of_a_tool_is_told_by_its_text(content: tuple[Block, ...], told: str) -> None:
    call = said(ToolCall("c1", "f", "{}"))
    results = user(ToolResult("c1", content, is_error=True))
    body, _ = writing(from_anthropic(user(Text("x")), call, results))
    assert body["messages"][2]["content"] == told


@pytest.mark.parametrize(
    ("arguments", "sent"),
    [("", "{}"), ("  ", "{}"), ('{"a":', '{"_arguments": "{\\"a\\":"}'), ("[1]", '{"_arguments": "[1]"}')],
)
def test_arguments_of_past_calls_are_objects_for_templates_that_parse_them(arguments: str, sent: str) -> None:
    turn = [said(ToolCall("c1", "f", arguments)), user(ToolResult("c1", (Text("x"),)))]
    body, _ = writing(from_anthropic(*turn))
    assert body["messages"][0]["tool_calls"][0]["function"]["arguments"] == sent


@pytest.mark.parametrize(("blank", "content"), [("", ""), (" ", " ")])
@pytest.mark.parametrize("blocks", [(), (Text(""),)])
def test_a_message_that_says_nothing_says_it_the_way_the_target_wants(
    blank: str, content: str, blocks: tuple[Block, ...]
) -> None:
    body, _ = writing(from_anthropic(user(*blocks), said(*blocks), user(Text("x"))), blank_text=blank)
    assert [message["content"] for message in body["messages"]] == [content, content, "x"]


def test_empty_text_beside_calls_is_null() -> None:
    turn = [said(Text(""), ToolCall("c1", "f", "{}")), user(ToolResult("c1"))]
    body, _ = writing(from_anthropic(*turn), blank_text=" ")
    assert body["messages"][0]["content"] is None
    assert body["messages"][1] == {"role": "tool", "tool_call_id": "c1", "content": " "}


def test_what_another_provider_ran_itself_never_becomes_a_call() -> None:
    search = Opaque(Format.ANTHROPIC, "server_tool_use", Raw(b'{"type":"server_tool_use"}'))
    body, written = writing(from_anthropic(user(Text("x")), said(search, Text("found")), said(search)))
    assert body["messages"][1:] == [{"role": "assistant", "content": "found"}]
    assert Loss.SERVER_TOOL_HISTORY in written.lost


def test_unknown_parts_members_and_names_go_back_where_they_came_from() -> None:
    message = {
        "role": "user",
        "content": [
            {"type": "input_audio", "input_audio": {"data": "AA==", "format": "wav"}},
            {"type": "image_url", "image_url": {"url": "https://x.test/a.png", "future": 1}, "more": 2},
            {"type": "file", "file": {"file_id": "file-1"}},
        ],
        "name": "ann",
        "beyond": {"a": 1},
    }
    body, written = writing(reading(message))
    assert body["messages"] == [message]
    assert written.lost == frozenset()


def test_unknown_members_of_another_format_stay_behind() -> None:
    block = Text("x", extra={"future": Raw(b"1")})
    body, written = writing(from_anthropic(user(block)))
    assert body["messages"] == [{"role": "user", "content": "x"}]
    assert written.lost == {Loss.UNKNOWN_FIELDS}


@pytest.mark.parametrize(
    ("block", "part", "lost"),
    [
        (PICTURE, SHOWN, set()),
        (
            Image(Url("https://x.test/a.png"), detail="high"),
            {"type": "image_url", "image_url": {"url": "https://x.test/a.png", "detail": "high"}},
            set(),
        ),
        (
            Document(Data("application/pdf", "AA=="), name="a.pdf"),
            {"type": "file", "file": {"filename": "a.pdf", "file_data": "data:application/pdf;base64,AA=="}},
            set(),
        ),
        (
            Document(Data("application/pdf", "AA=="), context="old", citable=True),
            {
                "type": "file",
                "file": {"filename": "document.pdf", "file_data": "data:application/pdf;base64,AA=="},
            },
            {Loss.DOCUMENT_DETAILS},
        ),
    ],
)
def test_images_and_documents(block: Block, part: dict[str, Any], lost: set[Loss]) -> None:
    body, written = writing(from_anthropic(user(Text("see"), block)))
    assert body["messages"] == [{"role": "user", "content": [{"type": "text", "text": "see"}, part]}]
    assert written.lost == lost


@pytest.mark.parametrize(
    ("block", "target", "text", "lost"),
    [
        (PICTURE, {"vision": False}, "[An image stood here, but this model cannot be shown it.]", Loss.IMAGE),
        (Image(FileId("f")), {}, "[An image stood here, but this model cannot be shown it.]", Loss.IMAGE),
        (
            Document(Data("application/pdf", "AA==")),
            {"documents": False},
            "[A document stood here, but this model cannot be given it.]",
            Loss.DOCUMENT,
        ),
        (
            Document(Url("https://x.test/a.pdf")),
            {},
            "[A document stood here, but this model cannot be given it.]",
            Loss.DOCUMENT,
        ),
        (Document(PlainText("the text"), name="n"), {}, "the text", Loss.DOCUMENT_DETAILS),
    ],
)
def test_what_cannot_be_shown_leaves_a_word_in_its_place(
    block: Block, target: dict[str, Any], text: str, lost: Loss
) -> None:
    results = user(ToolResult("c1", (block,)))
    conversation = from_anthropic(user(block), said(ToolCall("c1", "f", "{}")), results)
    body, written = writing(conversation, **target)
    assert body["messages"][0]["content"] == text
    assert body["messages"][2]["content"] == text
    assert written.lost == {lost}


def test_a_refusal_has_a_field_of_its_own() -> None:
    body, _ = writing(from_anthropic(user(Text("x")), said(Refusal("no"))))
    assert body["messages"][1] == {"role": "assistant", "content": None, "refusal": "no"}


def test_citations_are_lost_and_said_to_be() -> None:
    cited = Text("x", citations=(Citation(Format.ANTHROPIC, Raw(b"{}")),))
    assert writing(from_anthropic(said(cited)))[1].lost == {Loss.CITATIONS}


def test_instructions_keep_their_place_and_role() -> None:
    messages = [
        Message(Role.DEVELOPER, (Text("d"),)),
        user(Text("x")),
        Message(Role.SYSTEM, (Text("s"),)),
        Message(Role.DEVELOPER, (Text("e"),)),
        user(Text("y")),
    ]
    plain, _ = writing(from_anthropic(*messages))
    knowing, _ = writing(from_anthropic(*messages), developer_role=True)
    assert [m["role"] for m in plain["messages"]] == ["system", "user", "system", "system", "user"]
    assert [m["role"] for m in knowing["messages"]] == ["developer", "user", "system", "developer", "user"]


def test_strict_templates_get_one_leading_system_and_turns_that_alternate() -> None:
    messages = [
        Message(Role.DEVELOPER, (Text("d"),)),
        user(Text("x")),
        Message(Role.SYSTEM, (Text("now s"),)),
        said(Text("ok")),
        user(Text("y")),
    ]
    body, _ = writing(from_anthropic(*messages, system=(Text("s"),)), one_leading_system=True)
    assert body["messages"] == [
        {"role": "system", "content": "s\n\nd"},
        {"role": "user", "content": "x\n\n<system>\nnow s\n</system>"},
        {"role": "assistant", "content": "ok"},
        {"role": "user", "content": "y"},
    ]


def test_the_billing_line_of_another_vendor_is_removed() -> None:
    line = Text("x-anthropic-billing-header: cch=abc")
    body, written = writing(from_anthropic(user(Text("x")), system=(line, Text("s"))))
    assert body["messages"][0] == {"role": "system", "content": "s"}
    assert written.lost == {Loss.BILLING_HEADER}


THOUGHTS = (Thinking("hm"), Thinking("so", "sig"), RedactedThinking("data"))


def test_thinking_goes_only_where_it_is_wanted() -> None:
    conversation = from_anthropic(user(Text("x")), said(*THOUGHTS, Text("ok")))
    nowhere, lost = writing(conversation, issued=Everything())
    assert nowhere["messages"][1] == {"role": "assistant", "content": "ok"}
    assert lost.lost == {Loss.THINKING}
    named, lost = writing(conversation, issued=Everything(), reasoning_field="reasoning_content")
    assert named["messages"][1]["reasoning_content"] == "hm\n\nso"
    assert lost.lost == {Loss.THINKING, Loss.SIGNATURE}
    listed, lost = writing(conversation, issued=Everything(), reasoning_field="reasoning_details")
    assert listed["messages"][1]["reasoning_details"] == [
        {"type": "reasoning.text", "text": "hm", "index": 0},
        {"type": "reasoning.text", "text": "so", "index": 1, "signature": "sig"},
        {"type": "reasoning.encrypted", "data": "data", "index": 2},
    ]
    assert lost.lost == frozenset()


def test_signed_thinking_of_another_provider_never_reaches_this_one() -> None:
    conversation = from_anthropic(user(Text("x")), said(Thinking("so", "sig"), Text("ok")))
    body, written = writing(conversation, reasoning_field="reasoning_content")
    assert body["messages"][1] == {"role": "assistant", "content": "ok"}
    assert written.lost == {Loss.THINKING}


def test_reasoning_details_go_back_exactly_as_they_came() -> None:
    details = [
        {"type": "reasoning.text", "text": "hm", "signature": "sig", "format": "some-v1", "index": 3},
        {"type": "reasoning.encrypted", "data": "secret", "id": "r1"},
    ]
    message = {"role": "assistant", "content": "x", "reasoning": "hm", "reasoning_details": details}
    body, _ = writing(reading(message), issued=Everything(), reasoning_field="reasoning_details")
    assert body["messages"][0]["reasoning_details"] == details


def test_deepseek_gets_its_field_on_every_turn_with_calls() -> None:
    turn = [said(ToolCall("c1", "f", "{}")), user(ToolResult("c1", (Text("x"),))), said(Text("done"))]
    body, _ = writing(from_anthropic(*turn), reasoning_field="reasoning_content", reasoning_demanded=True)
    assert [m.get("reasoning_content") for m in body["messages"]] == ["", None, None]


def test_gemini_gets_the_signature_of_its_call_back() -> None:
    call = ToolCall("c1", "f", "{}", signature="sig")
    turn = [said(call), user(ToolResult("c1", (Text("x"),)))]
    kept, _ = writing(from_anthropic(*turn), issued={"sig"})
    assert kept["messages"][0]["tool_calls"][0]["extra_content"] == {"google": {"thought_signature": "sig"}}
    foreign, written = writing(from_anthropic(*turn))
    assert "extra_content" not in foreign["messages"][0]["tool_calls"][0]
    assert written.lost == {Loss.SIGNATURE}


def test_cache_marks_go_where_they_are_taken() -> None:
    mark = Raw(b'{"type":"ephemeral"}')
    turn = [
        user(Text("x", cache=mark)),
        said(ToolCall("c1", "f", "{}")),
        user(ToolResult("c1", (Text("r"),), cache=mark)),
    ]
    plain, lost = writing(from_anthropic(*turn))
    assert "cache_control" not in str(plain)
    assert lost.lost == {Loss.CACHE_MARKS}
    marked, lost = writing(from_anthropic(*turn), takes_cache_marks=True)
    part = {"type": "text", "cache_control": {"type": "ephemeral"}}
    assert marked["messages"][0]["content"] == [{**part, "text": "x"}]
    assert marked["messages"][2]["content"] == [{**part, "text": "r"}]
    assert lost.lost == frozenset()


def test_calls_and_results_with_blank_ids_find_each_other() -> None:
    call = {"type": "function", "function": {"name": "f", "arguments": "{}"}}
    body, written = writing(
        reading(
            {"role": "assistant", "tool_calls": [call, {**call, "id": ""}]},
            {"role": "tool", "content": "one"},
            {"role": "tool", "tool_call_id": "", "content": "two"},
        )
    )
    ids = [call["id"] for call in body["messages"][0]["tool_calls"]]
    assert [(m["tool_call_id"], m["content"]) for m in body["messages"][1:]] == list(
        zip(ids, ["one", "two"], strict=True)
    )
    assert len(set(ids)) == 2
    assert written.lost == {Loss.LINKED_RESULT}


def test_ids_too_long_for_the_target_change_in_call_and_result_alike() -> None:
    long = "c" * 100
    turn = [said(ToolCall(long, "f", "{}")), user(ToolResult(long, (Text("x"),)))]
    body, _ = writing(from_anthropic(*turn))
    sent = body["messages"][0]["tool_calls"][0]["id"]
    assert len(sent) <= 64
    assert body["messages"][1]["tool_call_id"] == sent


def test_a_call_without_its_result_gets_one_that_says_so() -> None:
    body, written = writing(from_anthropic(said(ToolCall("c1", "f", "{}")), user(Text("never mind"))))
    assert [message["role"] for message in body["messages"]] == ["assistant", "tool", "user"]
    assert written.lost == {Loss.LONE_CALL}
