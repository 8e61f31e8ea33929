"""A client of this format is repeated exactly where its request has to be written anew."""

from typing import Any

from tests.proxy.wire.responses.bodies import PNG, again

ITEMS: list[dict[str, Any]] = [
    {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "hi", "new": 1}]},
    {
        "type": "reasoning",
        "id": "rs_1",
        "summary": [{"type": "summary_text", "text": "a"}, {"type": "summary_text", "text": "b"}],
        "encrypted_content": "sealed",
    },
    {
        "type": "reasoning",
        "summary": [{"type": "summary_text", "text": "a"}],
        "content": [{"type": "reasoning_text", "text": "word by word"}],
        "encrypted_content": "sealed",
        "status": "completed",
    },
    {"type": "reasoning", "id": "rs_stored", "summary": []},
    {
        "type": "message",
        "role": "assistant",
        "content": [
            {
                "type": "output_text",
                "text": "So.",
                "annotations": [{"type": "url_citation", "url": "https://a.test", "title": "A"}],
                "logprobs": [{"token": "So"}],
            }
        ],
        "id": "msg_1",
        "status": "completed",
        "phase": "commentary",
    },
    {
        "type": "message",
        "role": "assistant",
        "content": [{"type": "output_text", "text": "And so.", "annotations": []}],
        "phase": "final_answer",
    },
    {"type": "web_search_call", "id": "ws_1", "status": "completed", "action": {"type": "search"}},
    {
        "type": "function_call",
        "id": "fc_1",
        "call_id": "call_1",
        "namespace": "docs",
        "name": "find",
        "arguments": '{"q": 1}',
        "status": "completed",
    },
    {
        "type": "custom_tool_call",
        "id": "ctc_1",
        "call_id": "call_2",
        "name": "patch",
        "input": '*** "é"\n\t\\n',
        "status": "completed",
    },
    {"type": "function_call_output", "call_id": "call_1", "output": "x", "status": "completed"},
    {
        "type": "custom_tool_call_output",
        "call_id": "call_2",
        "output": [{"type": "input_image", "image_url": PNG, "detail": "original"}],
    },
    {"type": "message", "role": "developer", "content": [{"type": "input_text", "text": "now"}]},
    {
        "type": "message",
        "role": "user",
        "content": [
            {"type": "input_file", "filename": "a.pdf", "file_id": "file_1", "detail": "low"},
            {"type": "input_audio", "input_audio": {"data": "AAAA", "format": "mp3"}},
        ],
        "id": "msg_2",
    },
]


def test_a_client_of_the_same_format_is_repeated_exactly() -> None:
    members: dict[str, Any] = {
        "input": ITEMS,
        "instructions": "Be brief.",
        "tools": [
            {"type": "function", "name": "look", "parameters": {"type": "object"}, "defer_loading": True},
            {"type": "custom", "name": "patch", "format": {"type": "grammar"}},
            {
                "type": "namespace",
                "name": "docs",
                "description": "D",
                "tools": [{"type": "function", "name": "find", "strict": True}],
            },
            {"type": "web_search", "filters": {}},
        ],
        "tool_choice": {"type": "web_search_preview"},
        "parallel_tool_calls": True,
        "max_output_tokens": 5,
        "temperature": 0.5,
        "top_p": 0.5,
        "reasoning": {"effort": "none", "summary": "auto", "context": "auto"},
        "text": {"verbosity": "low", "format": {"type": "json_object"}, "new": 1},
        "stream": True,
        "store": True,
        "previous_response_id": "resp_1",
        "user": "u" * 100,
        "metadata": {"a": "b"},
        "service_tier": "flex",
        "prompt_cache_key": "k",
        "include": ["message.output_text.logprobs"],
        "truncation": "auto",
        "stream_options": {"include_obfuscation": False},
    }
    assert again(**members) == {"model": "served", **members}


def test_reasoning_that_no_provider_stores_is_not_referred_to() -> None:
    made = {"type": "reasoning", "id": "rs_made_0123", "summary": [{"type": "summary_text", "text": "a"}]}
    stored = {"type": "reasoning", "id": "rs_0123", "summary": []}
    said = [made, stored, {"type": "message", "role": "user", "content": "hi"}]
    assert [item.get("id") for item in again(input=said)["input"]] == ["rs_0123", None]
    assert [item["type"] for item in again(input=said, store=False)["input"]] == ["message"]
