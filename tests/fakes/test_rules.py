"""What the real vendors refuse, the fakes refuse, in their words; and what is right passes."""

import json
from typing import Any

import aiohttp
import pytest

from proxy.wire.format import Format
from tests.fakes.asking import Got, Question, got_in, question
from tests.fakes.server import fake_llm

_KNOWN = "c2lnbmF0dXJlMDAwMQ=="


async def _answered(spoken: Format, asked: Question) -> Got:
    async with fake_llm(spoken, "Fine.", max_output=1000) as fake, aiohttp.ClientSession() as session:
        fake.memory.signatures.add(_KNOWN)
        return await got_in(session, fake, asked)


async def _passes(spoken: Format, **members: Any) -> None:
    asked = question(spoken)
    asked.body.update(members)
    answer = await _answered(spoken, asked)
    assert answer.status == 200, answer.body


async def _refused(spoken: Format, members: dict[str, Any], words: str) -> None:
    """The members replace those of a good request; None takes one away."""
    asked = question(spoken)
    asked.body.update(members)
    for name in [name for name, value in members.items() if value is None]:
        del asked.body[name]
    answer = await _answered(spoken, asked)
    assert answer.status == 400
    assert words in json.dumps(json.loads(answer.body), ensure_ascii=False)


_HI = {"role": "user", "content": "Hi"}


def _uses(*ids: str) -> dict[str, Any]:
    blocks = [{"type": "tool_use", "id": id_, "name": "look", "input": {}} for id_ in ids]
    return {"role": "assistant", "content": blocks}


def _used(*ids: str, first: str = "", then: str = "") -> dict[str, Any]:
    results = [{"type": "tool_result", "tool_use_id": id_, "content": "seen"} for id_ in ids]
    before, after = ([{"type": "text", "text": text}] if text else [] for text in (first, then))
    return {"role": "user", "content": [*before, *results, *after]}


def _thought(signature: str) -> dict[str, Any]:
    thinking = {"type": "thinking", "thinking": "Hm.", "signature": signature}
    return {"role": "assistant", "content": [thinking, {"type": "text", "text": "So."}]}


_MARKED = {"type": "text", "text": "x", "cache_control": {"type": "ephemeral"}}
_ANTHROPIC: list[tuple[dict[str, Any], str]] = [
    ({"max_tokens": None}, "max_tokens: Field required"),
    ({"max_tokens": 1001}, "maximum allowed number of output tokens"),
    ({"messages": []}, "at least one message is required"),
    ({"messages": [_HI, _uses("a")]}, "without `tool_result` blocks immediately after: a"),
    ({"messages": [_HI, _uses("a", "b"), _used("a")]}, "without `tool_result` blocks immediately after: b"),
    ({"messages": [_HI, _uses("a"), _used("a", first="Well")]}, "without `tool_result` blocks"),
    ({"messages": [_HI, _used("a")]}, "unexpected `tool_use_id` found"),
    ({"messages": [_HI, _uses("a"), _used("a", "a")]}, "each tool_use must have a single result"),
    ({"messages": [_HI, _uses("a"), _used("a"), _uses("a"), _used("a")]}, "ids must be unique"),
    ({"messages": [_HI, _uses("a.b"), _used("a.b")]}, "should match pattern"),
    ({"messages": [_HI, {"role": "system", "content": "Be brief."}]}, 'Unexpected role \\"system\\"'),
    ({"messages": [_HI, {"role": "tool", "content": "x"}]}, "role: Input should be"),
    ({"messages": [{"role": "assistant", "content": "Hi"}]}, "first message must use"),
    ({"messages": [{"role": "user", "content": [{"type": "text", "text": ""}]}]}, "must be non-empty"),
    ({"messages": [_HI, {"role": "assistant", "content": "So "}]}, "trailing whitespace"),
    ({"messages": [_HI, _thought("forged"), _HI]}, "Invalid `signature` in `thinking` block"),
    ({"messages": [{**_HI, "id": "m"}]}, "messages.0.id: Extra inputs are not permitted"),
    ({"messages": [{"role": "user", "content": [_MARKED] * 5}]}, "A maximum of 4 blocks with cache_control"),
    ({"n": 1}, "n: Extra inputs are not permitted"),
    ({"tools": None, "tool_choice": {"type": "auto"}}, "only be specified while providing tools"),
    ({"tools": [{"name": "a", "input_schema": {}}]}, "input_schema.type: Input should be 'object'"),
    ({"thinking": {"type": "enabled", "budget_tokens": 100}}, "greater than or equal to 1024"),
    (
        {"thinking": {"type": "enabled", "budget_tokens": 1024}},
        "must be greater than `thinking.budget_tokens`",
    ),
    ({"thinking": {"type": "adaptive"}, "temperature": 0.5}, "may only be set to 1 when thinking"),
    ({"thinking": {"type": "adaptive"}, "tool_choice": {"type": "any"}}, "Thinking may not be enabled"),
    ({"model": "claude-sonnet-4-5", "temperature": 0.5, "top_p": 0.5}, "cannot both be specified"),
]


@pytest.mark.parametrize(("members", "words"), _ANTHROPIC, ids=[words for _members, words in _ANTHROPIC])
async def test_anthropic_refuses(members: dict[str, Any], words: str) -> None:
    await _refused(Format.ANTHROPIC, members, words)


async def test_anthropic_wants_its_version() -> None:
    asked = question(Format.ANTHROPIC)
    assert (await _answered(Format.ANTHROPIC, Question(asked.path, asked.body))).status == 400


async def test_anthropic_takes_instructions_between_messages_from_who_asks_for_that() -> None:
    asked = question(Format.ANTHROPIC)
    asked.body["messages"] = [_HI, {"role": "system", "content": "Be brief."}, _HI]
    headers = {**asked.headers, "anthropic-beta": "some-other,mid-conversation-system-2026-01-01"}
    assert (await _answered(Format.ANTHROPIC, Question(asked.path, asked.body, headers))).status == 200


async def test_anthropic_takes_what_is_right() -> None:
    said = [_HI, _thought(_KNOWN), _HI, _uses("a", "b"), _used("a"), _used("b", then="And?")]
    await _passes(Format.ANTHROPIC, messages=said)


def _calls(*ids: str, content: Any = None) -> dict[str, Any]:
    function = {"name": "look", "arguments": "{}"}
    calls = [{"id": id_, "type": "function", "function": function} for id_ in ids]
    return {"role": "assistant", "content": content, "tool_calls": calls}


def _told(id_: str) -> dict[str, Any]:
    return {"role": "tool", "tool_call_id": id_, "content": "seen"}


def _parts(*parts: dict[str, Any], role: str = "user") -> dict[str, Any]:
    return {"role": role, "content": list(parts)}


_CHAT: list[tuple[dict[str, Any], str]] = [
    ({"messages": None}, "Missing required parameter: 'messages'"),
    ({"messages": [_HI, _told("a")]}, "must be a response to a preceeding message"),
    ({"messages": [_HI, _calls("a"), _HI]}, "did not have response messages: a"),
    ({"messages": [_HI, _calls("a", "b"), _told("a"), _HI]}, "did not have response messages: b"),
    ({"messages": [_HI, _calls("a"), _told("a"), _told("b")]}, "'tool_call_id' of 'b' not found"),
    ({"messages": [_HI, {"role": "assistant", "content": None}]}, "expected a string, got null"),
    ({"messages": [_HI, {**_calls(), "content": "x"}]}, "Expected an array with minimum length 1"),
    ({"messages": [_HI, _calls("x" * 41), _told("x" * 41)]}, "maximum length 40"),
    (
        {"messages": [_parts({"type": "image_url", "image_url": {}}, role="system")]},
        "Supported values are: 'text'",
    ),
    ({"messages": [_parts(_MARKED)]}, "Unknown parameter: 'messages[0].content[0].cache_control'"),
    ({"messages": [{"role": "model", "content": "x"}]}, "Supported values are"),
    ({"thinking": {"type": "adaptive"}}, "Unrecognized request argument supplied: thinking"),
    ({"stream_options": {"include_usage": True}}, "only allowed when 'stream' is enabled"),
    ({"max_tokens": 100}, "at the same time is not supported"),
    (
        {"max_completion_tokens": None, "max_tokens": 9, "model": "gpt-5"},
        "Use 'max_completion_tokens' instead",
    ),
    ({"max_completion_tokens": 1001}, "supports at most 1000"),
    ({"tools": []}, "Invalid 'tools': empty array"),
    ({"tools": None, "tool_choice": "auto"}, "only allowed when 'tools' are specified"),
    ({"tools": [{"type": "function", "function": {"name": "a.b"}}]}, "does not match pattern"),
]


@pytest.mark.parametrize(("members", "words"), _CHAT, ids=[words for _members, words in _CHAT])
async def test_chat_refuses(members: dict[str, Any], words: str) -> None:
    await _refused(Format.OPENAI_CHAT, members, words)


async def test_chat_takes_what_is_right() -> None:
    said = [
        _HI,
        _calls("a", "b", content="So."),
        _told("b"),
        _told("a"),
        _parts({"type": "text", "text": "And?"}),
    ]
    await _passes(Format.OPENAI_CHAT, messages=said)


_CALL = {"type": "function_call", "call_id": "a", "name": "look", "arguments": "{}"}
_OUTPUT = {"type": "function_call_output", "call_id": "a", "output": "seen"}
_SEALED = {"type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": _KNOWN}

_RESPONSES: list[tuple[dict[str, Any], str]] = [
    ({"input": None}, "Missing required parameter: 'input'"),
    ({"input": [_HI, _OUTPUT]}, "No tool call found for function call output with call_id a"),
    ({"input": [_HI, _CALL]}, "No tool output found for function call a"),
    ({"input": [_HI, {**_CALL, "id": "call_1"}, _OUTPUT]}, "an ID that begins with 'fc'"),
    ({"input": [_HI, {**_CALL, "arguments": {}}, _OUTPUT]}, "expected a string"),
    ({"input": [_HI, {**_SEALED, "encrypted_content": "forged"}]}, "could not be verified"),
    (
        {"input": [_parts({"type": "input_text", "text": "x"}, role="assistant")]},
        "'output_text' and 'refusal'",
    ),
    ({"input": [_parts({"type": "text", "text": "x"})]}, "Supported values are: 'input_text'"),
    ({"messages": [_HI]}, "Unknown parameter: 'messages'"),
    ({"max_output_tokens": 1}, "integer below minimum value"),
    ({"previous_response_id": "resp_9"}, "Previous response with id 'resp_9' not found"),
    ({"tools": [{"type": "function", "function": {"name": "look"}}]}, "'tools[0].name'"),
]


@pytest.mark.parametrize(("members", "words"), _RESPONSES, ids=[words for _members, words in _RESPONSES])
async def test_responses_refuses(members: dict[str, Any], words: str) -> None:
    await _refused(Format.RESPONSES, members, words)


async def test_responses_takes_what_is_right() -> None:
    await _passes(
        Format.RESPONSES, input=[_HI, _SEALED, _CALL, _OUTPUT, _parts({"type": "input_text", "text": "x"})]
    )


def _content(role: str, *parts: dict[str, Any]) -> dict[str, Any]:
    return {"role": role, "parts": list(parts)}


_USER = _content("user", {"text": "Hi"})
_FUNCTION_CALL = {"functionCall": {"name": "look", "args": {}}}
_FUNCTION_RESPONSE = {"functionResponse": {"name": "look", "response": {"output": "seen"}}}
_SIGNED = {**_FUNCTION_CALL, "thoughtSignature": _KNOWN}


def _declared(**schema: Any) -> list[Any]:
    declared = {"name": "look", "parameters": {"type": "object", **schema}}
    return [{"functionDeclarations": [declared]}]


_GEMINI: list[tuple[dict[str, Any], str]] = [
    ({"contents": []}, "contents is not specified"),
    ({"contents": [_content("assistant", {"text": "Hi"})]}, "Please use a valid role: user, model."),
    ({"contents": [_content("user")]}, "contents.parts must not be empty"),
    ({"contents": [_content("user", {"thought": True})]}, "must have one initialized field"),
    ({"contents": [_content("user", {"type": "text", "text": "Hi"})]}, 'Unknown name \\"type\\"'),
    ({"contents": [_content("model", _FUNCTION_CALL)]}, "comes immediately after a user turn"),
    ({"contents": [_USER, _content("user", _FUNCTION_RESPONSE)]}, "immediately after a function call turn"),
    ({"contents": [_USER, _content("model", _FUNCTION_CALL), _USER]}, "number of function response parts"),
    (
        {
            "contents": [
                _USER,
                _content("model", _FUNCTION_CALL, _FUNCTION_CALL),
                _content("user", _FUNCTION_RESPONSE),
            ]
        },
        "number of function response parts",
    ),
    (
        {
            "contents": [
                _USER,
                _content("model", {**_FUNCTION_CALL, "thoughtSignature": "Zm9yZ2Vk"}),
                _content("user", _FUNCTION_RESPONSE),
            ]
        },
        "Thought signature is not valid",
    ),
    ({"contents": [_USER, _content("model", {"text": "So"})]}, "end with a user role"),
    ({"messages": []}, 'Unknown name \\"messages\\"'),
    ({"tools": _declared(additionalProperties=False)}, 'Unknown name \\"additionalProperties\\"'),
    ({"tools": _declared(properties={"a": {"$ref": "#/b"}})}, 'Unknown name \\"$ref\\"'),
    ({"generationConfig": {"maxOutputTokens": 2000}}, "supported range"),
]


@pytest.mark.parametrize(("members", "words"), _GEMINI)
async def test_gemini_refuses(members: dict[str, Any], words: str) -> None:
    await _refused(Format.GEMINI, members, words)


@pytest.mark.parametrize("model", ["gemini-2.5-pro", "gemini-3-pro"])
async def test_only_newer_geminis_miss_signatures(model: str) -> None:
    asked = question(Format.GEMINI)
    asked.body["contents"] = [_USER, _content("model", _FUNCTION_CALL), _content("user", _FUNCTION_RESPONSE)]
    path = f"/v1beta/models/{model}:generateContent"
    answer = await _answered(Format.GEMINI, Question(path, asked.body))
    assert (answer.status == 400) == model.startswith("gemini-3")


async def test_gemini_takes_what_is_right() -> None:
    both = _content("model", {"text": "So."}, _SIGNED, _FUNCTION_CALL)
    told = _content("user", _FUNCTION_RESPONSE, _FUNCTION_RESPONSE, {"text": "And?"})
    await _passes(Format.GEMINI, contents=[_USER, both, told])


_OLLAMA: list[tuple[dict[str, Any], str]] = [
    ({"model": None}, "model is required"),
    ({"messages": [_parts({"type": "text", "text": "x"})]}, "cannot unmarshal array into Go struct field"),
    ({"messages": [_HI, _calls("a", content="")]}, "cannot unmarshal string into Go struct field"),
    ({"messages": [{"role": "developer", "content": "x"}]}, "invalid role: developer"),
    ({"messages": [{**_HI, "images": ["data:image/png;base64,AAAA"]}]}, "illegal base64 data"),
]


@pytest.mark.parametrize(("members", "words"), _OLLAMA)
async def test_ollama_refuses(members: dict[str, Any], words: str) -> None:
    await _refused(Format.OLLAMA, members, words)


def _said(role: str, *blocks: dict[str, Any]) -> dict[str, Any]:
    return {"role": role, "content": list(blocks)}


_TEXT = {"text": "Hi"}
_TOOL_USE = {"toolUse": {"toolUseId": "a", "name": "look", "input": {}}}
_TOOL_RESULT = {"toolResult": {"toolUseId": "a", "content": [{"text": "seen"}]}}
_LOOP = [_said("user", _TEXT), _said("assistant", _TOOL_USE), _said("user", _TOOL_RESULT)]


def _reasoned(signature: str) -> dict[str, Any]:
    return {"reasoningContent": {"reasoningText": {"text": "Hm.", "signature": signature}}}


_BEDROCK: list[tuple[dict[str, Any], str]] = [
    ({"messages": [_said("assistant", _TEXT)]}, "must start with a user message"),
    ({"messages": [_said("user", _TEXT)] * 2}, "must alternate between user and assistant"),
    ({"messages": [_said("user", {"text": " "})]}, "is blank"),
    ({"messages": [_said("user")]}, "is empty"),
    ({"messages": _LOOP[:2]}, "Expected toolResult blocks at messages.2.content for the following Ids: a"),
    ({"messages": [_said("user", _TOOL_RESULT)]}, "exceeds the number of toolUse blocks"),
    ({"messages": _LOOP, "toolConfig": None}, "The toolConfig field must be defined"),
    ({"messages": [*_LOOP[:1], _said("assistant", _reasoned("forged")), *_LOOP[:1]]}, "Invalid `signature`"),
    ({"inferenceConfig": {"maxTokens": 1001}}, "exceeds the model limit of 1000"),
    ({"max_tokens": 1}, "max_tokens: Extra inputs are not permitted"),
]


@pytest.mark.parametrize(("members", "words"), _BEDROCK, ids=[words for _members, words in _BEDROCK])
async def test_bedrock_refuses(members: dict[str, Any], words: str) -> None:
    await _refused(Format.BEDROCK, members, words)


async def test_bedrock_takes_what_is_right() -> None:
    await _passes(
        Format.BEDROCK, messages=[*_LOOP[:1], _said("assistant", _reasoned(_KNOWN), _TOOL_USE), _LOOP[2]]
    )
