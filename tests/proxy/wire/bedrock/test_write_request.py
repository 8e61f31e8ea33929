"""Requests to Converse: what is said in them, its shapes and what is told as lost."""

from typing import Any

import pytest
from msgspec import Raw
from msgspec.structs import replace

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
    OpaqueTool,
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
from tests.proxy.wire.bedrock.asking import ASK, ASSISTANT, LOOK, PDF, PNG, RESULT, USER, Asked, asked, user


def test_the_least_request_is_one_message() -> None:
    request = asked(stream=True)
    assert request.body == {"messages": [{"role": "user", "content": [{"text": "Hi"}]}]}
    assert (request.lost, request.added) == (set(), ())


def test_neither_model_nor_stream_stand_in_the_body() -> None:
    request = Asked(Conversation(format=Format.ANTHROPIC, model="claude", messages=(ASK,), stream=True))
    assert request.body.keys() == {"messages"}


@pytest.mark.parametrize(
    ("block", "written"),
    [
        (Text("Hello"), {"text": "Hello"}),
        (Refusal("No."), {"text": "No."}),
        (
            Thinking("Hm.", "c2ln"),
            {"reasoningContent": {"reasoningText": {"text": "Hm.", "signature": "c2ln"}}},
        ),
        (RedactedThinking("AAEC"), {"reasoningContent": {"redactedContent": "AAEC"}}),
    ],
    ids=["text", "refusal", "thinking", "redacted thinking"],
)
def test_what_the_assistant_says(block: Block, written: Any) -> None:
    request = asked(ASK, Message(ASSISTANT, (block,)), ASK)
    assert request.turns[1] == ("assistant", [written])
    assert request.lost == set()


@pytest.mark.parametrize(
    ("block", "written"),
    [
        (PNG, {"image": {"format": "png", "source": {"bytes": "AAAA"}}}),
        (Image(Data("image/jpg", "AAAA")), {"image": {"format": "jpeg", "source": {"bytes": "AAAA"}}}),
        (
            replace(PDF, name="report", context="ctx", citable=True),
            {
                "document": {
                    "format": "pdf",
                    "source": {"bytes": "AAAA"},
                    "name": "report",
                    "context": "ctx",
                    "citations": {"enabled": True},
                }
            },
        ),
        (
            Document(PlainText("words"), name="notes"),
            {"document": {"format": "txt", "source": {"text": "words"}, "name": "notes"}},
        ),
        (
            Document(Data("text/csv", "AAAA"), name="table"),
            {"document": {"format": "csv", "source": {"bytes": "AAAA"}, "name": "table"}},
        ),
    ],
    ids=["png", "jpg", "pdf", "plain text", "csv"],
)
def test_what_the_user_shows(block: Block, written: Any) -> None:
    request = asked(user(Text("See:"), block))
    assert request.turns == [("user", [{"text": "See:"}, written])]
    assert request.lost == set()


@pytest.mark.parametrize(
    ("block", "told", "loss"),
    [
        (Image(Url("https://example.test/x.png")), "[An image that cannot be shown", Loss.IMAGE),
        (Image(FileId("file_1")), "[An image that cannot be shown", Loss.IMAGE),
        (Image(Data("image/tiff", "AAAA")), "[An image that cannot be shown", Loss.IMAGE),
        (Image(Data("image/png", "")), "[An image that cannot be shown", Loss.IMAGE),
        (Document(Url("https://example.test/x.pdf"), name="x.pdf"), ": x.pdf]", Loss.DOCUMENT),
        (Document(Data("application/zip", "AAAA")), "[A document that cannot", Loss.DOCUMENT),
    ],
    ids=["image by address", "uploaded image", "odd image", "empty image", "document by address", "archive"],
)
def test_what_cannot_be_shown_leaves_a_word_in_its_place(block: Block, told: str, loss: Loss) -> None:
    request = asked(user(block))
    assert told in request.turns[0][1][0]["text"]
    assert request.lost == {loss}


def test_a_model_without_eyes_is_told_that_there_was_an_image() -> None:
    request = asked(user(PNG, PDF), target={"vision": False, "documents": False})
    assert [list(block) for block in request.turns[0][1]] == [["text"], ["text"]]
    assert request.lost == {Loss.IMAGE, Loss.DOCUMENT}


def test_only_the_user_shows_images() -> None:
    request = asked(ASK, Message(ASSISTANT, (PNG, PDF)), ASK)
    assert [list(block) for block in request.turns[1][1]] == [["text"], ["text"]]
    assert request.lost == {Loss.IMAGE, Loss.DOCUMENT}


def test_names_of_documents_are_plain_and_each_given_once() -> None:
    named = [
        replace(PDF, name=name)
        for name in ("a_b.pdf", "A b  pdf", "über/x", "(1) [x]-y", None, "...", "x" * 300)
    ]
    request = asked(user(Text("x"), *named))
    names = [block["document"]["name"] for block in request.turns[0][1][1:]]
    assert names == ["a b pdf", "A b pdf (2)", "ber x", "(1) [x]-y", "Document", "Document (2)", "x" * 192]
    assert request.lost == {Loss.DOCUMENT_DETAILS}
    assert request.added == ("Names for documents, for the format demands them.",)


def test_a_documents_name_does_not_change_when_others_follow() -> None:
    again = asked(user(Text("x"), PDF), Message(ASSISTANT, (Text("ok"),)), user(Text("x"), PDF))
    names = [turn[1][1]["document"]["name"] for turn in again.turns[::2]]
    assert names == ["report pdf", "report pdf (2)"]


def test_documents_come_with_words() -> None:
    request = asked(user(PDF))
    assert request.turns[0][1][1] == {"text": "(See the document.)"}
    assert any("text beside the documents" in sentence for sentence in request.added)


def test_blank_text_is_left_out() -> None:
    request = asked(
        ASK,
        Message(ASSISTANT, (Text(" \n"), ToolCall("call_1", "look", "{}"))),
        user(ToolResult("call_1"), Text("")),
        tools=(LOOK,),
        system=(Text(""), Text("Be kind.")),
    )
    assert request.body["system"] == [{"text": "Be kind."}]
    assert request.turns[1][1] == [{"toolUse": {"toolUseId": "call_1", "name": "look", "input": {}}}]
    assert request.turns[2][1] == [{"toolResult": {"toolUseId": "call_1", "content": []}}]


def test_turns_alternate_and_the_user_begins() -> None:
    request = asked(
        Message(ASSISTANT, (Text("Hello."),)),
        Message(USER, (Text("a"),), name="Ann"),
        Message(USER, (Text("b"),)),
        Message(ASSISTANT, (Text(" "),)),
        Message(USER, (Text("c"),)),
        Message(Role.SYSTEM, (Text("Be brief."),)),
        Message(ASSISTANT, (Text("So "),)),
    )
    assert request.turns == [
        ("user", [{"text": "(The conversation begins here.)"}]),
        ("assistant", [{"text": "Hello."}]),
        ("user", [{"text": "a"}, {"text": "b"}, {"text": "c"}, {"text": "<system>\nBe brief.\n</system>"}]),
        ("assistant", [{"text": "So"}]),
    ]
    assert request.lost == {Loss.NAMES}
    assert any("first message" in sentence for sentence in request.added)


def test_leading_instructions_stand_apart() -> None:
    request = asked(Message(Role.DEVELOPER, (Text("Be kind."),)), ASK, system=(Text("You help."),))
    assert request.body["system"] == [{"text": "You help."}, {"text": "Be kind."}]
    assert request.turns == [("user", [{"text": "Hi"}])]


def test_anthropics_billing_line_is_not_told_to_others() -> None:
    request = asked(system=(Text("x-anthropic-billing-header: cch=1"), Text("Be kind.")))
    assert request.body["system"] == [{"text": "Be kind."}]
    assert request.lost == {Loss.BILLING_HEADER}


def test_thinking_of_another_provider_is_dropped_and_calls_stay() -> None:
    said = (Thinking("Hm.", "foreign"), ToolCall("call_1", "look", "{}", signature="foreign"))
    request = asked(ASK, Message(ASSISTANT, said), RESULT, tools=(LOOK,), target={"issued": frozenset()})
    assert request.turns[1][1] == [{"toolUse": {"toolUseId": "call_1", "name": "look", "input": {}}}]
    assert request.lost == {Loss.THINKING, Loss.SIGNATURE}


def test_thinking_that_nobody_signed_is_not_written() -> None:
    request = asked(ASK, Message(ASSISTANT, (Thinking("Hm."), Text("ok"))), ASK)
    assert request.turns[1][1] == [{"text": "ok"}]
    assert request.lost == {Loss.THINKING}


def test_what_only_other_formats_know_is_told_as_lost() -> None:
    cited = Text("x", citations=(Citation(Format.ANTHROPIC, Raw(b"{}")),), extra={"odd": Raw(b"1")})
    opaque = Opaque(Format.ANTHROPIC, "server_tool_use", Raw(b'{"type":"server_tool_use"}'))
    request = asked(
        ASK,
        Message(ASSISTANT, (cited, opaque)),
        user(Image(Data("image/png", "AAAA"), detail="high")),
        tools=(LOOK, OpaqueTool(Format.ANTHROPIC, "web_search", Raw(b"{}"))),
        extra={"odd": Raw(b"1")},
    )
    assert request.turns[1][1] == [{"text": "x"}]
    assert len(request.body["toolConfig"]["tools"]) == 1
    assert b"odd" not in request.written.body
    assert request.lost == {
        Loss.CITATIONS, Loss.UNKNOWN_FIELDS, Loss.SERVER_TOOL_HISTORY, Loss.IMAGE_DETAIL, Loss.SERVER_TOOL,
    }  # fmt: skip
