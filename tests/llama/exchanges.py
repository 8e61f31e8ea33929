"""What is asked of the real server when its answers are recorded: name, path and body of each request."""

import json
from typing import Any

from tests.llama.asking import PING, WEATHER, user

CHAT = "/v1/chat/completions"
RESPONSES = "/v1/responses"
MESSAGES = "/v1/messages"

_PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
_SCHEMA = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}
_TOO_LONG = "x" * 9000
_CALL = {"id": "call_1", "type": "function", "function": {"name": "ping", "arguments": "{}"}}
_USE = {"type": "tool_use", "id": "toolu_1", "name": "ping", "input": {}}
_WITH_USAGE = {"stream": True, "stream_options": {"include_usage": True}}


def _chat(said: str, **parameters: Any) -> tuple[str, Any]:
    return CHAT, {"model": "tiny", "messages": user(said), **parameters}


def _responses(said: str, **parameters: Any) -> tuple[str, Any]:
    return RESPONSES, {"model": "tiny", "input": said, **parameters}


def _messages(said: str, **parameters: Any) -> tuple[str, Any]:
    return MESSAGES, {"model": "tiny", "max_tokens": 200, "messages": user(said), **parameters}


def _flat(tool: dict[str, Any]) -> dict[str, Any]:
    return {"type": "function", **tool["function"]}


def _anthropic(tool: dict[str, Any]) -> dict[str, Any]:
    function = tool["function"]
    return {"name": function["name"], "input_schema": function["parameters"]}


_CHAT_RESULT = [
    *user("And now?"),
    {"role": "assistant", "content": None, "tool_calls": [_CALL]},
    {"role": "tool", "tool_call_id": "call_1", "content": "pong"},
]
_RESPONSES_RESULT = [
    {"role": "user", "content": "And now?"},
    {"type": "function_call", "call_id": "call_1", "name": "ping", "arguments": "{}"},
    {"type": "function_call_output", "call_id": "call_1", "output": "pong"},
]
_MESSAGES_RESULT = [
    *user("And now?"),
    {"role": "assistant", "content": [_USE]},
    {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "toolu_1", "content": "pong"}]},
]
_IMAGE = [
    {"type": "text", "text": "What is this?"},
    {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{_PIXEL}"}},
]
_FORM = {"type": "json_schema", "json_schema": {"name": "answer", "schema": _SCHEMA}}

GUARDED = "guarded_"
"""Names that begin so are asked of a server that wants a key, without one."""
AGAIN = "_again"
"""Names that end so are asked twice, and the second answer counts."""

# The value None asks with GET, text is sent as it is, everything else as JSON.
EXCHANGES: dict[str, tuple[str, Any]] = {
    "health": ("/health", None),
    "models": ("/v1/models", None),
    "props": ("/props", None),
    "unknown_path": ("/v1/nothing", None),
    "guarded_chat": _chat("Hi"),
    "guarded_messages": _messages("Hi"),
    "chat_plain": _chat("Hi"),
    "chat_plain_again": _chat("Hi"),
    "chat_stream": _chat("Hi", stream=True),
    "chat_stream_usage": _chat("Hi", **_WITH_USAGE),
    "chat_think": _chat("[think]"),
    "chat_think_stream": _chat("[think]", **_WITH_USAGE),
    "chat_limit": _chat("[loop]", max_tokens=4),
    "chat_limit_stream": _chat("[loop]", max_tokens=4, **_WITH_USAGE),
    "chat_stop": _chat("[loop]", max_tokens=100, stop=["tock tick"]),
    "chat_stop_stream": _chat("[loop]", max_tokens=100, stop=["tock tick"], **_WITH_USAGE),
    "chat_tools_auto": _chat("And now?", tools=[WEATHER, PING], max_tokens=200),
    "chat_tools_required": _chat("And now?", tools=[WEATHER], tool_choice="required", max_tokens=200),
    "chat_tools_none": _chat("And now?", tools=[PING], tool_choice="none", max_tokens=20),
    "chat_tools_stream": _chat("And now?", tools=[WEATHER], max_tokens=200, **_WITH_USAGE),
    "chat_parallel": _chat("[twice]", tools=[WEATHER, PING], parallel_tool_calls=True, max_tokens=200),
    "chat_parallel_stream": _chat(
        "[twice]", tools=[WEATHER, PING], parallel_tool_calls=True, max_tokens=200, **_WITH_USAGE
    ),
    "chat_tools_truncated": _chat("And now?", tools=[WEATHER], max_tokens=12),
    "chat_tools_truncated_stream": _chat("And now?", tools=[WEATHER], max_tokens=45, **_WITH_USAGE),
    "chat_tool_result": (CHAT, {"messages": _CHAT_RESULT, "tools": [PING]}),
    "chat_tool_result_stream": (CHAT, {"messages": _CHAT_RESULT, "tools": [PING], **_WITH_USAGE}),
    "chat_call_as_text": _chat("[leak]", tools=[PING]),
    "chat_call_as_text_stream": _chat("[leak]", tools=[PING], **_WITH_USAGE),
    "chat_schema": _chat("Hi", response_format=_FORM, max_tokens=100),
    "chat_logprobs": _chat("[unsure]", temperature=0, logprobs=True, top_logprobs=4),
    "chat_error_too_long": _chat(_TOO_LONG),
    "chat_error_too_long_stream": _chat(_TOO_LONG, stream=True),
    "chat_error_bad_json": (CHAT, '{"messages": ['),
    "chat_error_no_messages": (CHAT, {"model": "tiny"}),
    "chat_error_image": (CHAT, {"messages": [{"role": "user", "content": _IMAGE}]}),
    "responses_plain": _responses("Hi"),
    "responses_stream": _responses("Hi", stream=True),
    "responses_think": _responses("[think]"),
    "responses_think_stream": _responses("[think]", stream=True),
    "responses_tools": _responses("And now?", tools=[_flat(WEATHER)], max_output_tokens=200),
    "responses_tools_stream": _responses(
        "And now?", tools=[_flat(WEATHER)], max_output_tokens=200, stream=True
    ),
    "responses_tool_result": (RESPONSES, {"input": _RESPONSES_RESULT, "tools": [_flat(PING)]}),
    "responses_limit": _responses("[loop]", max_output_tokens=4),
    "responses_limit_stream": _responses("[loop]", max_output_tokens=4, stream=True),
    "responses_error_too_long": _responses(_TOO_LONG),
    "messages_plain": _messages("Hi"),
    "messages_stream": _messages("Hi", stream=True),
    "messages_think": _messages("[think]"),
    "messages_think_stream": _messages("[think]", stream=True),
    "messages_tools": _messages("And now?", tools=[_anthropic(WEATHER)]),
    "messages_tools_stream": _messages("And now?", tools=[_anthropic(WEATHER)], stream=True),
    "messages_tool_result": (
        MESSAGES,
        {"max_tokens": 100, "messages": _MESSAGES_RESULT, "tools": [_anthropic(PING)]},
    ),
    "messages_stop": _messages("[loop]", stop_sequences=["tock tick"]),
    "messages_stop_stream": _messages("[loop]", stop_sequences=["tock tick"], stream=True),
    "messages_limit": _messages("[loop]", max_tokens=4),
    "messages_error_too_long": _messages(_TOO_LONG),
    "messages_error_bad_json": (MESSAGES, '{"messages": ['),
    "messages_error_no_messages": (MESSAGES, {"max_tokens": 10}),
    "count_tokens": ("/v1/messages/count_tokens", {"model": "tiny", "messages": user("Hi")}),
}


def request_body(asked: Any) -> bytes | None:
    if asked is None:
        return None
    return asked.encode() if isinstance(asked, str) else json.dumps(asked).encode()
