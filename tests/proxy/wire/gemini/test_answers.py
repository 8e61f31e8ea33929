"""Answers of Gemini models, and answers of any model for clients of the Gemini API."""

import json
from typing import Any

import pytest
from msgspec import Raw

from proxy.wire.canonical import (
    Answer,
    Block,
    Citation,
    Data,
    Image,
    Opaque,
    Refusal,
    Stop,
    StopReason,
    Text,
    Thinking,
    ToolCall,
    ToolRef,
    Usage,
)
from proxy.wire.failure import Failure, FailureKind
from proxy.wire.format import Format
from proxy.wire.gemini.read_answer import read_answer
from proxy.wire.gemini.write_answer import write_answer
from proxy.wire.target import Expecting, Reply, ToolNames

REPLY = Reply(id="req_1", model="asked-for", created=1)


def read(
    *parts: dict[str, Any], reason: str | None = "STOP", expecting: Expecting | None = None, **more: Any
) -> Answer:
    candidate = {"content": {"parts": list(parts), "role": "model"}, "index": 0}
    if reason is not None:
        candidate["finishReason"] = reason
    body = {"candidates": [candidate], **more}
    return read_answer(json.dumps(body).encode(), expecting or Expecting(seed="s"))


def written(*content: Block, reason: StopReason = StopReason.END_TURN, **more: Any) -> Any:
    answer = Answer(format=more.pop("format_", Format.ANTHROPIC), content=content, stop=Stop(reason), **more)
    return json.loads(write_answer(answer, REPLY))


def test_a_whole_answer() -> None:
    answer = read(
        {"text": "hm", "thought": True},
        {"text": "Let me "},
        {"text": "see.", "thoughtSignature": "s0"},
        {"functionCall": {"name": "ls", "args": {"p": "."}}, "thoughtSignature": "s1"},
        {"functionCall": {"id": "own", "name": "ls"}},
        usageMetadata={"promptTokenCount": 3, "candidatesTokenCount": 4, "totalTokenCount": 7},
        modelVersion="gemini-3-pro",
        responseId="r1",
    )
    first = answer.content[3]
    assert isinstance(first, ToolCall)
    assert answer == Answer(
        format=Format.GEMINI,
        id="r1",
        model="gemini-3-pro",
        content=(
            Thinking("hm"),
            Text("Let me see."),
            Thinking("", "s0"),
            ToolCall(first.id, "ls", '{"p": "."}', signature="s1"),
            ToolCall("own", "ls", "{}"),
        ),
        stop=Stop(StopReason.TOOL_USE),
        usage=Usage(input=3, output=4),
    )


def test_made_up_ids_differ_from_call_to_call_and_from_exchange_to_exchange() -> None:
    calls = [{"functionCall": {"name": "f", "args": {}}}] * 2
    ids = [
        block.id
        for seed in ("one", "two")
        for block in read(*calls, expecting=Expecting(seed=seed)).content
        if isinstance(block, ToolCall)
    ]
    assert len(set(ids)) == 4


def test_names_that_were_changed_are_restored() -> None:
    names = ToolNames({"mcp__read": ToolRef("read", "mcp"), "patch": ToolRef("patch", custom=True)})
    one, other = read(
        {"functionCall": {"id": "1", "name": "mcp__read"}},
        {"functionCall": {"id": "2", "name": "patch"}},
        expecting=Expecting(names=names),
    ).content
    assert one == ToolCall("1", "read", "{}", namespace="mcp")
    assert other == ToolCall("2", "patch", "{}", custom=True)


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        ("STOP", StopReason.END_TURN),
        ("MAX_TOKENS", StopReason.MAX_TOKENS),
        *(
            (word, StopReason.CONTENT_FILTER)
            for word in ("SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII")
        ),
        ("OTHER", StopReason.END_TURN),
        ("SOMETHING_NEW", StopReason.END_TURN),
        (None, StopReason.END_TURN),
    ],
)
def test_reasons_to_stop(word: str | None, reason: StopReason) -> None:
    answer = read({"text": "a"}, reason=word)
    assert answer.stop.reason is reason
    again = json.loads(write_answer(answer, REPLY))
    assert again["candidates"][0]["finishReason"] == (word or "STOP")


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("MALFORMED_FUNCTION_CALL", FailureKind.BAD_ANSWER),
        ("UNEXPECTED_TOOL_CALL", FailureKind.BAD_ANSWER),
        ("MISSING_THOUGHT_SIGNATURE", FailureKind.BAD_REQUEST),
        ("OTHER", FailureKind.SERVER),
    ],
)
def test_reasons_that_mean_that_there_is_no_answer(word: str, kind: FailureKind) -> None:
    """They come under a status that says all is well, and looked like empty answers."""
    with pytest.raises(Failure) as caught:
        read(reason=word)
    assert caught.value.kind is kind


def test_a_blocked_prompt_is_an_answer_that_the_filter_stopped() -> None:
    body = b'{"promptFeedback":{"blockReason":"PROHIBITED_CONTENT"},"usageMetadata":{"promptTokenCount":5}}'
    answer = read_answer(body, Expecting())
    assert (answer.content, answer.stop.reason) == ((), StopReason.CONTENT_FILTER)
    assert answer.usage == Usage(input=5)


def test_an_error_under_a_good_status_is_an_error() -> None:
    body = b'{"error":{"code":429,"message":"slow down","status":"RESOURCE_EXHAUSTED"}}'
    with pytest.raises(Failure) as caught:
        read_answer(body, Expecting())
    assert "slow down" in caught.value.sentence


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b"[DONE]", b'{"candidates":[]}', b'{"candidates":[{"content":5}]}']
)
def test_what_is_no_answer_is_a_bad_answer(body: bytes) -> None:
    with pytest.raises(Failure) as caught:
        read_answer(body, Expecting())
    assert caught.value.kind is FailureKind.BAD_ANSWER


def test_what_googles_own_tools_did_never_looks_like_a_call() -> None:
    code = {"executableCode": {"language": "PYTHON", "code": "1"}}
    answer = read(code, {"text": "1"}, {"inlineData": {"mimeType": "image/png", "data": "AAAA"}})
    opaque, text, image = answer.content
    assert isinstance(opaque, Opaque)
    assert (opaque.kind, text, image) == ("executableCode", Text("1"), Image(Data("image/png", "AAAA")))
    assert answer.stop.reason is StopReason.END_TURN
    parts = json.loads(write_answer(answer, REPLY))["candidates"][0]["content"]["parts"]
    assert parts[0] == code


def test_sources_become_citations_and_sources_again() -> None:
    grounding = {
        "groundingChunks": [{"web": {"uri": "https://a.test", "title": "A"}}],
        "groundingSupports": [{"segment": {"text": "said"}, "groundingChunkIndices": [0, 7]}],
    }
    body = {
        "candidates": [
            {"content": {"parts": [{"text": "said"}]}, "finishReason": "STOP", "groundingMetadata": grounding}
        ]
    }
    (text,) = read_answer(json.dumps(body).encode(), Expecting()).content
    assert isinstance(text, Text)
    (citation,) = text.citations
    assert (citation.url, citation.title, citation.quote) == ("https://a.test", "A", "said")
    foreign = Citation(Format.ANTHROPIC, Raw(b"{}"), "https://a.test", "A", "said")
    told = written(Text("said", citations=(foreign,)))["candidates"][0]["groundingMetadata"]
    assert told["groundingChunks"] == grounding["groundingChunks"]
    assert told["groundingSupports"] == [{"segment": {"text": "said"}, "groundingChunkIndices": [0]}]


def test_unknown_fields_go_back_to_this_format_only() -> None:
    answer = read({"text": "a"}, createTime="now")
    assert json.loads(write_answer(answer, REPLY))["createTime"] == "now"
    ratings = (
        b'{"candidates":[{"content":{"parts":[{"text":"a"}]},"finishReason":"STOP","safetyRatings":[1]}]}'
    )
    again = json.loads(write_answer(read_answer(ratings, Expecting()), REPLY))
    assert again["candidates"][0]["safetyRatings"] == [1]
    assert "x" not in written(Text("a"), extra={"x": Raw(b"1")})


def test_an_answer_for_a_client() -> None:
    assert written(
        Thinking("hm", "s"),
        Text("ok"),
        Refusal("no"),
        ToolCall("1", "f", '{"a": 1}', signature="s1"),
        Opaque(Format.ANTHROPIC, "server_tool_use", Raw(b'{"name":"web_search"}')),
        usage=Usage(input=1, output=2),
        reason=StopReason.TOOL_USE,
    ) == {
        "candidates": [
            {
                "content": {
                    "parts": [
                        {"text": "hm", "thought": True, "thoughtSignature": "s"},
                        {"text": "ok"},
                        {"text": "no"},
                        {
                            "functionCall": {"name": "f", "args": {"a": 1}, "id": "1"},
                            "thoughtSignature": "s1",
                        },
                    ],
                    "role": "model",
                },
                "finishReason": "STOP",
                "index": 0,
            }
        ],
        "usageMetadata": {"promptTokenCount": 1, "candidatesTokenCount": 2, "totalTokenCount": 3},
        "modelVersion": "asked-for",
        "responseId": "req_1",
    }


def test_a_call_that_was_cut_off_is_not_handed_on() -> None:
    cut = ToolCall("1", "f", '{"a": ')
    assert written(cut, reason=StopReason.MAX_TOKENS)["candidates"][0]["content"]["parts"] == []
    with pytest.raises(Failure) as caught:
        written(cut, reason=StopReason.TOOL_USE)
    assert caught.value.kind is FailureKind.BAD_ANSWER
