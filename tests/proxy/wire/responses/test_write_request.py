"""What a provider of the Responses format is asked, and what could not be asked of it."""

from typing import Any

import pytest

from proxy.wire.canonical import (
    Block,
    Data,
    Document,
    FileId,
    Image,
    Message,
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
from proxy.wire.responses.write_parts import UNREAD_DOCUMENT, UNSEEN_IMAGE
from proxy.wire.target import Loss
from tests.proxy.wire.responses.bodies import PNG, conversation, sent, written

CALL = ToolCall("call_1", "look", '{"at": "it"}')
IMAGE = Image(Data("image/png", "iVBORw0KGgo="))


def input_of(*messages: Message, **target: Any) -> list[Any]:
    return list(sent(conversation(*messages), **target)["input"])


def user(*blocks: Block) -> Message:
    return Message(Role.USER, blocks)


def assistant(*blocks: Block) -> Message:
    return Message(Role.ASSISTANT, blocks)


def test_instructions_are_one_text_that_all_servers_know() -> None:
    body = sent(conversation(system=(Text("Be brief."), Text("Be kind."))))
    assert body["instructions"] == "Be brief.\n\nBe kind."
    assert body["input"] == [{"type": "message", "role": "user", "content": "hi"}]


def test_instructions_with_more_than_text_are_a_message_in_front() -> None:
    body = sent(conversation(system=(Text("As here:"), IMAGE)))
    assert "instructions" not in body
    assert body["input"][0]["role"] == "developer"
    assert body["input"][0]["content"][1] == {"type": "input_image", "image_url": PNG}


def test_instructions_in_the_middle_keep_their_place() -> None:
    items = input_of(user(Text("hi")), Message(Role.SYSTEM, (Text("now"),)), user(Text("go")))
    assert [item["role"] for item in items] == ["user", "system", "user"]


def test_a_turn_becomes_items_in_its_order() -> None:
    items = input_of(
        user(Text("hi"), IMAGE),
        assistant(Thinking("hm", "sealed"), Text("Let me see."), CALL, ToolCall("call_2", "wait", "")),
        user(Text("and then"), ToolResult("call_1", (Text("x"),)), ToolResult("call_2")),
    )
    assert items == [
        {
            "type": "message",
            "role": "user",
            "content": [{"type": "input_text", "text": "hi"}, {"type": "input_image", "image_url": PNG}],
        },
        {
            "type": "reasoning",
            "summary": [{"type": "summary_text", "text": "hm"}],
            "encrypted_content": "sealed",
        },
        {"type": "message", "role": "assistant", "content": "Let me see."},
        {"type": "function_call", "call_id": "call_1", "name": "look", "arguments": '{"at": "it"}'},
        {"type": "function_call", "call_id": "call_2", "name": "wait", "arguments": "{}"},
        {"type": "function_call_output", "call_id": "call_1", "output": "x"},
        {"type": "function_call_output", "call_id": "call_2", "output": ""},
        {"type": "message", "role": "user", "content": "and then"},
    ]


def test_thinking_of_another_provider_stays_behind_and_its_calls_stay() -> None:
    said = conversation(
        user(Text("hi")),
        assistant(Thinking("hm", "theirs"), RedactedThinking("theirs too"), CALL),
        user(ToolResult("call_1", (Text("x"),))),
    )
    result = written(said, issued=frozenset())
    assert b"theirs" not in result.body
    assert b'"look"' in result.body
    assert Loss.THINKING in result.lost


def test_thinking_without_a_seal_goes_where_it_can_be_read() -> None:
    turn = (user(Text("hi")), assistant(Thinking("hm"), Text("ok")), user(Text("go")))
    assert Loss.THINKING in written(conversation(*turn)).lost
    items = input_of(*turn, reasoning_field="reasoning_content")
    content = [{"type": "reasoning_text", "text": "hm"}]
    assert items[1] == {"type": "reasoning", "summary": [], "content": content}


def test_images_and_files_stand_in_the_output_of_a_call() -> None:
    result = ToolResult("call_1", (Text("see"), IMAGE, Document(Url("https://a.test/b.pdf"))))
    output = input_of(user(Text("hi")), assistant(CALL), user(result))[2]["output"]
    assert output == [
        {"type": "input_text", "text": "see"},
        {"type": "input_image", "image_url": PNG},
        {"type": "input_file", "file_url": "https://a.test/b.pdf"},
    ]


@pytest.mark.parametrize(
    ("content", "output"),
    [
        ((Text("no such file"),), "Error: no such file"),
        ((Text("Error 13: denied"),), "Error 13: denied"),
        ((), "Error:"),
        ((IMAGE,), [{"type": "input_text", "text": "Error:"}, {"type": "input_image", "image_url": PNG}]),
    ],
)
def test_a_tools_error_is_told_in_words(content: tuple[Block, ...], output: Any) -> None:
    result = ToolResult("call_1", content, is_error=True)
    assert input_of(user(Text("hi")), assistant(CALL), user(result))[2]["output"] == output


def test_a_lone_call_gets_a_result_that_says_so() -> None:
    items = input_of(user(Text("hi")), assistant(CALL), user(Text("go on")))
    assert [item["type"] for item in items] == ["message", "function_call", "function_call_output", "message"]


def test_ids_that_are_too_long_stay_together() -> None:
    long = "x" * 80
    items = input_of(user(Text("hi")), assistant(ToolCall(long, "look", "{}")), user(ToolResult(long)))
    assert items[1]["call_id"] == items[2]["call_id"]
    assert len(items[1]["call_id"]) <= 64


@pytest.mark.parametrize(
    ("block", "part"),
    [
        (Image(Url("https://a.test/b.png"), "low"), {"image_url": "https://a.test/b.png", "detail": "low"}),
        (Document(Data("application/pdf", "AAAA")), {"filename": "document.pdf"}),
        (Document(Data("application/pdf", "AAAA"), "a.pdf"), {"filename": "a.pdf"}),
        (Document(PlainText("words")), {"type": "input_text", "text": "words"}),
        (Image(FileId("file_1")), {"type": "input_text", "text": UNSEEN_IMAGE}),
        (Document(FileId("file_1")), {"type": "input_text", "text": UNREAD_DOCUMENT}),
    ],
)
def test_images_and_documents(block: Block, part: dict[str, Any]) -> None:
    written_part = input_of(user(Text("hi"), block))[0]["content"][1]
    assert part.items() <= written_part.items()


def test_who_cannot_see_is_told_that_an_image_was_there() -> None:
    result = written(conversation(user(Text("hi"), IMAGE)), vision=False)
    assert UNSEEN_IMAGE.encode() in result.body
    assert b"iVBOR" not in result.body
    assert Loss.IMAGE in result.lost


def test_a_refusal_of_the_assistant_stays_one() -> None:
    items = input_of(user(Text("hi")), assistant(Refusal("No.")), user(Text("go")))
    assert items[1]["content"] == [{"type": "refusal", "refusal": "No."}]
