"""How a client's messages are read."""

import json
from typing import Any

import pytest

from proxy.wire.canonical import (
    Block,
    Data,
    Document,
    FileId,
    Image,
    Message,
    Opaque,
    RedactedThinking,
    Refusal,
    Role,
    Text,
    Thinking,
    ToolCall,
    ToolResult,
    Url,
)
from proxy.wire.failure import Failure, FailureKind
from proxy.wire.openai_chat.read_request import read_request
from tests.proxy.wire.openai_chat.bodies import message_of, reading

CALL = {"id": "c1", "type": "function", "function": {"name": "f", "arguments": '{"a": 1}'}}


@pytest.mark.parametrize(
    ("role", "read"),
    [
        ("system", Role.SYSTEM),
        ("developer", Role.DEVELOPER),
        ("user", Role.USER),
        ("assistant", Role.ASSISTANT),
    ],
)
def test_each_role_keeps_its_message_in_its_place(role: str, read: Role) -> None:
    around = {"role": "user", "content": "before"}
    messages = reading(around, {"role": role, "content": "x", "name": "ann"}).messages
    assert messages[1] == Message(read, (Text("x"),), name="ann")


@pytest.mark.parametrize(
    ("content", "blocks"),
    [
        ("words", (Text("words"),)),
        ("", ()),
        (None, ()),
        ([], ()),
        ([{"type": "text", "text": "a"}, {"type": "text", "text": "b"}], (Text("a"), Text("b"))),
        ([{"type": "text", "text": ""}], ()),
        ([{"type": "refusal", "refusal": "no"}], (Refusal("no"),)),
        (
            [{"type": "image_url", "image_url": {"url": "https://x.test/a.png", "detail": "low"}}],
            (Image(Url("https://x.test/a.png"), detail="low"),),
        ),
        (
            [{"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}],
            (Image(Data("image/png", "AAAA")),),
        ),
        ([{"type": "image_url", "image_url": "https://x.test/a.png"}], (Image(Url("https://x.test/a.png")),)),
        (
            [{"type": "image_url", "image_url": {"url": "data:text/plain,hello"}}],
            (Image(Url("data:text/plain,hello")),),
        ),
        (
            [
                {
                    "type": "file",
                    "file": {"filename": "a.pdf", "file_data": "data:application/pdf;base64,AA=="},
                }
            ],
            (Document(Data("application/pdf", "AA=="), name="a.pdf"),),
        ),
        (
            [{"type": "file", "file": {"file_data": "AA=="}}],
            (Document(Data("application/pdf", "AA==")),),
        ),
        ([{"type": "file", "file": {"file_id": "file-1"}}], (Document(FileId("file-1")),)),
        (
            [{"type": "file", "file": {"file_data": "https://x.test/a.pdf"}}],
            (Document(Url("https://x.test/a.pdf")),),
        ),
    ],
)
def test_content_in_every_form(content: Any, blocks: tuple[Block, ...]) -> None:
    assert message_of({"role": "user", "content": content}).content == blocks


def test_a_part_of_unknown_type_is_kept_as_it_came() -> None:
    part = {"type": "input_audio", "input_audio": {"data": "AA==", "format": "wav"}}
    [block] = message_of({"role": "user", "content": [part]}).content
    assert isinstance(block, Opaque)
    assert (block.kind, json.loads(bytes(block.raw))) == ("input_audio", part)


def test_cache_marks_and_unknown_members_stay_with_their_part() -> None:
    part = {"type": "text", "text": "x", "cache_control": {"type": "ephemeral"}, "future": [1]}
    [block] = message_of({"role": "user", "content": [part]}).content
    assert isinstance(block, Text)
    assert bytes(block.cache or b"") == b'{"type": "ephemeral"}'
    assert {name: bytes(raw) for name, raw in (block.extra or {}).items()} == {"future": b"[1]"}


def test_unknown_members_inside_an_image_url_are_kept() -> None:
    part = {"type": "image_url", "image_url": {"url": "https://x.test/a.png", "future": 1}}
    [block] = message_of({"role": "user", "content": [part]}).content
    assert isinstance(block, Image)
    assert bytes((block.extra or {})["image_url"]) == b'{"future":1}'


def test_unknown_members_of_a_message_are_kept() -> None:
    read = message_of({"role": "assistant", "content": "x", "audio": {"id": "a"}})
    assert {name: bytes(raw) for name, raw in (read.extra or {}).items()} == {"audio": b'{"id": "a"}'}


def test_an_assistant_speaks_and_calls() -> None:
    custom = {"id": "c2", "type": "custom", "custom": {"name": "patch", "input": 'say "hi"\n'}}
    read = message_of(
        {"role": "assistant", "content": "I will", "refusal": "no", "tool_calls": [CALL, custom]}
    )
    assert read.content == (
        Text("I will"),
        Refusal("no"),
        ToolCall("c1", "f", '{"a": 1}'),
        ToolCall("c2", "patch", json.dumps({"input": 'say "hi"\n'}), custom=True),
    )


@pytest.mark.parametrize("content", ["", None, []])
def test_empty_content_beside_calls_is_no_text(content: Any) -> None:
    read = message_of({"role": "assistant", "content": content, "tool_calls": [CALL]})
    assert read.content == (ToolCall("c1", "f", '{"a": 1}'),)


@pytest.mark.parametrize(
    ("arguments", "text"),
    [('{"a":1}', '{"a":1}'), ("", ""), (None, ""), ({"a": 1}, '{"a": 1}'), ('{"a":', '{"a":')],
)
def test_arguments_are_text_whatever_they_come_as(arguments: Any, text: str) -> None:
    call = {"id": "c", "function": {"name": "f", "arguments": arguments}}
    assert message_of({"role": "assistant", "tool_calls": [call]}).content == (ToolCall("c", "f", text),)


@pytest.mark.parametrize("id_", [{}, {"id": None}, {"id": ""}])
def test_calls_without_ids_get_ones_that_stay_as_the_conversation_grows(id_: dict[str, Any]) -> None:
    said = {"role": "user", "content": "x"}
    calls = [{**id_, "type": "function", "function": {"name": name, "arguments": "{}"}} for name in "fg"]
    turn = {"role": "assistant", "tool_calls": calls}
    once = reading(said, turn).messages[1]
    later = reading(said, turn, said, turn).messages
    ids = [b.id for m in (later[1], later[3]) for b in m.content if isinstance(b, ToolCall)]
    assert later[1] == once
    assert len(set(ids)) == 4
    assert all(ids)


def test_results_that_follow_each_other_are_one_message_of_the_user() -> None:
    messages = reading(
        {"role": "assistant", "tool_calls": [CALL, {**CALL, "id": "c2"}]},
        {"role": "tool", "tool_call_id": "c1", "content": "one"},
        {"role": "tool", "tool_call_id": "c2", "content": [{"type": "text", "text": "two"}]},
        {"role": "user", "content": "go on"},
    ).messages
    assert messages[1:] == (
        Message(Role.USER, (ToolResult("c1", (Text("one"),)), ToolResult("c2", (Text("two"),)))),
        Message(Role.USER, (Text("go on"),)),
    )


@pytest.mark.parametrize("id_", [{}, {"tool_call_id": None}, {"tool_call_id": ""}])
def test_results_without_an_id_are_read(id_: dict[str, Any]) -> None:
    read = message_of({"role": "tool", **id_, "content": "x"})
    assert read.content == (ToolResult("", (Text("x"),)),)


def test_the_result_of_a_custom_tool_is_known_as_one() -> None:
    custom = {"id": "c2", "type": "custom", "custom": {"name": "patch", "input": "x"}}
    messages = reading(
        {"role": "assistant", "tool_calls": [custom]}, {"role": "tool", "tool_call_id": "c2", "content": "ok"}
    ).messages
    assert messages[1].content == (ToolResult("c2", (Text("ok"),), custom=True),)


def test_a_function_call_of_old_and_its_answer() -> None:
    messages = reading(
        {"role": "user", "content": "x"},
        {"role": "assistant", "content": None, "function_call": {"name": "f", "arguments": "{}"}},
        {"role": "function", "name": "f", "content": "done"},
    ).messages
    assert messages[1].content == (ToolCall("call_auto_1", "f", "{}"),)
    assert messages[2].content == (ToolResult("", (Text("done"),)),)


@pytest.mark.parametrize("field", ["reasoning_content", "reasoning"])
def test_thinking_in_either_field_is_kept(field: str) -> None:
    read = message_of({"role": "assistant", "content": "x", field: "hm"})
    assert read.content == (Thinking("hm"), Text("x"))


def test_reasoning_details_are_kept_with_their_signatures() -> None:
    details = [
        {"type": "reasoning.text", "text": "hm", "signature": "sig", "format": "some-v1"},
        {"type": "reasoning.encrypted", "data": "secret", "id": "r1"},
        {"type": "reasoning.summary", "summary": "short"},
    ]
    read = message_of({"role": "assistant", "reasoning": "hm", "reasoning_details": details})
    plain = [(type(b).__name__, getattr(b, "text", None) or getattr(b, "data", None)) for b in read.content]
    assert plain == [("Thinking", "hm"), ("RedactedThinking", "secret"), ("Thinking", "short")]
    first, second, _ = read.content
    assert isinstance(first, Thinking)
    assert first.signature == "sig"
    assert isinstance(second, RedactedThinking)
    assert json.loads(bytes((second.extra or {})["reasoning_detail"])) == details[1]


def test_a_signature_alone_signs_the_plain_text_beside_it() -> None:
    details = [{"type": "reasoning.text", "signature": "sig"}]
    read = message_of({"role": "assistant", "reasoning_content": "hm", "reasoning_details": details})
    assert read.content == (Thinking("hm", "sig"),)


def test_the_signature_of_a_gemini_call_is_kept() -> None:
    call = {**CALL, "extra_content": {"google": {"thought_signature": "sig"}}}
    read = message_of({"role": "assistant", "tool_calls": [call]})
    assert read.content == (ToolCall("c1", "f", '{"a": 1}', signature="sig"),)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b'{"messages": null}',
        b'{"messages": [{}]}',
        b'{"messages": [{"role": "king", "content": "x"}]}',
        b'{"messages": [{"role": "user", "content": 1}]}',
        b'{"messages": [{"role": "user", "content": [{"text": "x"}]}]}',
        b'{"messages": [{"role": "assistant", "tool_calls": [{"id": "x"}]}]}',
        b'{"messages": [], "max_tokens": "many"}',
        b'{"messages": [], "tools": [{"type": "function", "function": {}}]}',
        b'{"messages": [], "tools": [{"type": "function", "function": {"name": "f", "parameters": "x"}}]}',
        b'{"messages": ' + b"[" * 100_000,
    ],
)
def test_what_cannot_be_read_is_a_bad_request(body: bytes) -> None:
    with pytest.raises(Failure) as caught:
        read_request(body)
    assert caught.value.kind is FailureKind.BAD_REQUEST


def test_text_cut_inside_an_emoji_is_read() -> None:
    body = b'{"messages": [{"role": "user", "content": "a\\ud83d"}]}'
    assert read_request(body).messages == (Message(Role.USER, (Text("a\ufffd"),)),)
