"""What OpenAI refuses in a request of its Chat format."""

import re
from collections.abc import Mapping
from typing import Any

from tests.fakes.formats.speech import need
from tests.fakes.formats.text import names_in
from tests.fakes.script import Asked

_MEMBERS = names_in(
    """
    model messages audio frequency_penalty function_call functions logit_bias logprobs
    max_completion_tokens max_tokens metadata modalities n parallel_tool_calls prediction presence_penalty
    prompt_cache_key prompt_cache_retention reasoning_effort response_format safety_identifier seed
    service_tier stop store stream stream_options temperature tool_choice tools top_logprobs top_p user
    verbosity web_search_options
    """
)
_OF_MESSAGES = names_in(
    """
    role content name tool_calls tool_call_id refusal audio function_call annotations reasoning_content
    reasoning reasoning_details
    """
)
"""With the names under which hosts that show thinking want it back."""
_PARTS = {
    "user": ("text", "image_url", "input_audio", "file"),
    "assistant": ("text", "refusal"),
    "system": ("text",),
    "developer": ("text",),
    "tool": ("text",),
}
_OF_PARTS = {"text": {"text"}, "image_url": {"image_url"}, "input_audio": {"input_audio"}, "file": {"file"}}
_NAME = re.compile("[a-zA-Z0-9_-]{1,64}")
_THINKING_MODELS = re.compile(r"gpt-5|o\d")
_LONGEST_ID = 40


def check_chat(asked: Asked, *, max_output: int) -> None:
    body = asked.body
    need(body.get("model"), "you must provide a model parameter")
    need("messages" in body, "Missing required parameter: 'messages'.", code="missing_required_parameter")
    for member in body:
        need(member in _MEMBERS, f"Unrecognized request argument supplied: {member}")
    need(body["messages"], "Invalid 'messages': empty array.", code="empty_array")
    _check_length(body, asked.model, max_output)
    _check_tools(body)
    need(
        "stream_options" not in body or body.get("stream") is True,
        "The 'stream_options' parameter is only allowed when 'stream' is enabled.",
    )
    for place, message in enumerate(body["messages"]):
        _check_message(message, f"messages[{place}]")
    _check_pairs(body["messages"])


def _check_length(body: Mapping[str, Any], model: str, max_output: int) -> None:
    need(
        not ("max_tokens" in body and "max_completion_tokens" in body),
        "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.",
    )
    if _THINKING_MODELS.match(model):
        need(
            "max_tokens" not in body,
            "Unsupported parameter: 'max_tokens' is not supported with this model. Use "
            "'max_completion_tokens' "
            "instead.",
            code="unsupported_parameter",
        )
    limit = body.get("max_completion_tokens", body.get("max_tokens"))
    need(
        limit is None or limit >= 1, f"Invalid value for 'max_tokens': {limit} is less than the minimum of 1."
    )
    need(
        limit is None or limit <= max_output,
        f"max_tokens is too large: {limit}. This model supports at most {max_output} completion tokens.",
    )


def _check_tools(body: Mapping[str, Any]) -> None:
    tools = body.get("tools")
    need(tools is None or tools, "Invalid 'tools': empty array. Expected an array with minimum length 1.")
    for member in ("tool_choice", "parallel_tool_calls"):
        need(
            tools or member not in body or body[member] in (None, "none"),
            f"Invalid value for '{member}': '{member}' is only allowed when 'tools' are specified.",
        )
    for place, tool in enumerate(tools or ()):
        need(tool.get("type") in ("function", "custom"), f"Invalid value for 'tools[{place}].type'.")
        function = tool.get(tool["type"])
        need(function and function.get("name"), f"Missing required parameter: 'tools[{place}].function'.")
        need(
            _NAME.fullmatch(function["name"]),
            f"Invalid 'tools[{place}].function.name': string does not match pattern. Expected a string "
            "that matches "
            "the pattern '^[a-zA-Z0-9_-]+$'.",
        )
        schema = function.get("parameters", {"type": "object"})
        need(
            schema == {} or schema.get("type") == "object",
            f"Invalid schema for function '{function['name']}': schema must be a JSON Schema of 'type: "
            '"object"\'.',
            code="invalid_function_parameters",
        )


def _check_message(message: Mapping[str, Any], where: str) -> None:
    role = message.get("role")
    need(
        role in _PARTS,
        f"Invalid value: '{role}'. Supported values are: {', '.join(_PARTS)}.",
        code="invalid_value",
    )
    assert isinstance(role, str)
    for member in message:
        need(member in _OF_MESSAGES, f"Unknown parameter: '{where}.{member}'.", code="unknown_parameter")
    content, calls = message.get("content"), message.get("tool_calls")
    need(
        content is not None or (role == "assistant" and calls),
        f"Invalid value for 'content': expected a string, got null. ({where})",
    )
    need(
        not isinstance(content, list) or content,
        f"Invalid '{where}.content': empty array.",
        code="empty_array",
    )
    for index, part in enumerate(content if isinstance(content, list) else ()):
        _check_part(part, _PARTS[role], f"{where}.content[{index}]")
    need(
        calls is None or calls,
        f"Invalid '{where}.tool_calls': empty array. Expected an array with minimum length 1.",
    )
    need(calls is None or role == "assistant", f"Unknown parameter: '{where}.tool_calls'.")
    for index, call in enumerate(calls or ()):
        _check_call(call, f"{where}.tool_calls[{index}]")


def _check_part(part: Mapping[str, Any], types: tuple[str, ...], where: str) -> None:
    type_ = part.get("type")
    need(
        type_ in types,
        f"Invalid value: '{type_}'. Supported values are: {', '.join(map(repr, types))}. ({where})",
        code="invalid_value",
    )
    for member in part:
        known = member == "type" or member in _OF_PARTS.get(str(type_), {type_})
        need(known, f"Unknown parameter: '{where}.{member}'.", code="unknown_parameter")


def _check_call(call: Mapping[str, Any], where: str) -> None:
    id_ = call.get("id")
    need(id_, f"Missing required parameter: '{where}.id'.")
    assert isinstance(id_, str)
    need(
        len(id_) <= _LONGEST_ID,
        f"Invalid '{where}.id': string too long. Expected a string with maximum length {_LONGEST_ID}, "
        "but got a string "
        f"with length {len(id_)} instead.",
        code="string_above_max_length",
    )
    function = call.get("function")
    if call.get("type") == "custom":
        return
    need(function and function.get("name"), f"Missing required parameter: '{where}.function.name'.")
    need(
        isinstance(function["arguments"], str),
        f"Invalid type for '{where}.function.arguments': expected a string, but got an object instead.",
        code="invalid_type",
    )


def _check_pairs(messages: list[Any]) -> None:
    open_: list[str] = []
    answered: list[str] = []
    follows_calls = False
    for message in [*messages, {"role": "end"}]:
        if message["role"] == "tool":
            need(
                follows_calls,
                "Invalid parameter: messages with role 'tool' must be a response to a preceeding "
                "message with "
                "'tool_calls'.",
            )
            id_ = message.get("tool_call_id")
            need(
                id_ in open_,
                f"Invalid parameter: 'tool_call_id' of '{id_}' not found in 'tool_calls' of previous "
                "message.",
            )
            answered.append(id_)
            continue
        missing = [id_ for id_ in open_ if id_ not in answered]
        need(
            not missing,
            "An assistant message with 'tool_calls' must be followed by tool messages responding to each "
            "'tool_call_id'. The following tool_call_ids did not have response messages: "
            f"{', '.join(missing)}",
        )
        open_, answered = [call["id"] for call in message.get("tool_calls") or ()], []
        follows_calls = bool(open_)
