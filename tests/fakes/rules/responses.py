"""What OpenAI refuses in a request of its Responses format."""

import re
from collections.abc import Mapping
from typing import Any

from tests.fakes.formats.speech import Memory, need
from tests.fakes.formats.text import names_in
from tests.fakes.script import Asked

_MEMBERS = names_in(
    """
    model input instructions background context_management conversation include max_output_tokens
    max_tool_calls metadata parallel_tool_calls previous_response_id prompt prompt_cache_key
    prompt_cache_retention reasoning safety_identifier service_tier store stream stream_options
    temperature text tool_choice tools top_logprobs top_p truncation user client_metadata
    """
)
_PARTS = {
    "user": ("input_text", "input_image", "input_file"),
    "system": ("input_text", "input_image", "input_file"),
    "developer": ("input_text", "input_image", "input_file"),
    "assistant": ("output_text", "refusal"),
}
_PREFIXES = {"message": "msg", "reasoning": "rs", "function_call": "fc"}
_OUTPUTS = {"function_call_output": "function_call", "custom_tool_call_output": "custom_tool_call"}
_NAME = re.compile("[a-zA-Z0-9_-]{1,64}")
_LEAST_OUTPUT = 16
_LONGEST_CALL_ID = 64


def items_of(said: Any) -> list[Any]:
    if isinstance(said, str):
        return [{"type": "message", "role": "user", "content": said}]
    return said if isinstance(said, list) else []


def check_responses(asked: Asked, memory: Memory, *, max_output: int) -> None:
    body = asked.body
    need(body.get("model"), "Missing required parameter: 'model'.", code="missing_required_parameter")
    for member in body:
        need(member in _MEMBERS, f"Unknown parameter: '{member}'.", code="unknown_parameter")
    previous = body.get("previous_response_id")
    need(
        previous is None or previous in memory.responses,
        f"Previous response with id '{previous}' not found.",
        code="previous_response_not_found",
    )
    need(
        body.get("input") or previous,
        "Missing required parameter: 'input'.",
        code="missing_required_parameter",
    )
    _check_length(body, max_output)
    _check_tools(body)
    items = items_of(body.get("input"))
    for place, item in enumerate(items):
        _check_item(item, f"input[{place}]", memory)
    _check_pairs([*memory.responses.get(previous or "", []), *items])


def _check_length(body: Mapping[str, Any], max_output: int) -> None:
    limit = body.get("max_output_tokens")
    need(
        limit is None or limit >= _LEAST_OUTPUT,
        "Invalid 'max_output_tokens': integer below minimum value. Expected a value >= "
        f"{_LEAST_OUTPUT}, but got "
        f"{limit} instead.",
        code="integer_below_min_value",
    )
    need(
        limit is None or limit <= max_output,
        f"Invalid 'max_output_tokens': {limit} is greater than the maximum of {max_output}.",
    )


def _check_tools(body: Mapping[str, Any]) -> None:
    for place, tool in enumerate(body.get("tools") or ()):
        need(
            tool.get("type"),
            f"Missing required parameter: 'tools[{place}].type'.",
            code="missing_required_parameter",
        )
        if tool["type"] == "function":
            name = tool.get("name")
            need(
                name, f"Missing required parameter: 'tools[{place}].name'.", code="missing_required_parameter"
            )
            need(
                _NAME.fullmatch(name),
                f"Invalid 'tools[{place}].name': string does not match pattern '^[a-zA-Z0-9_-]+$'.",
            )
    choice = body.get("tool_choice", "auto")
    need(
        choice in ("auto", "none") or body.get("tools"),
        "Tool choice 'required' must be specified with 'tools' parameter.",
    )


def _check_item(item: Mapping[str, Any], where: str, memory: Memory) -> None:
    type_ = item.get("type", "message")
    prefix = _PREFIXES.get(type_, "")
    id_ = item.get("id")
    need(
        id_ is None or id_.startswith(prefix),
        f"Invalid '{where}.id': '{id_}'. Expected an ID that begins with '{prefix}'.",
        code="invalid_value",
    )
    if type_ == "message":
        _check_message(item, where)
    if "call_id" in item:
        need(
            len(item["call_id"]) <= _LONGEST_CALL_ID,
            f"Invalid '{where}.call_id': string too long.",
            code="string_above_max_length",
        )
    if type_ == "function_call":
        need(
            isinstance(item.get("arguments"), str),
            f"Invalid type for '{where}.arguments': expected a string.",
        )
    if type_ == "function_call_output":
        need(
            "output" in item,
            f"Missing required parameter: '{where}.output'.",
            code="missing_required_parameter",
        )
    sealed = item.get("encrypted_content") if type_ == "reasoning" else None
    need(
        sealed is None or sealed in memory.signatures,
        f"The encrypted content for item {id_} could not be verified.",
        code="invalid_encrypted_content",
    )


def _check_message(item: Mapping[str, Any], where: str) -> None:
    role, content = item.get("role"), item.get("content")
    need(
        role in _PARTS,
        f"Invalid value: '{role}'. Supported values are: {', '.join(_PARTS)}.",
        code="invalid_value",
    )
    need(
        content is not None,
        f"Missing required parameter: '{where}.content'.",
        code="missing_required_parameter",
    )
    for index, part in enumerate(content if isinstance(content, list) else ()):
        types = _PARTS[str(role)]
        need(
            part.get("type") in types,
            f"Invalid value: '{part.get('type')}'. Supported values are: {' and '.join(map(repr, types))}. "
            f"({where}.content[{index}])",
            code="invalid_value",
        )


def _check_pairs(items: list[Any]) -> None:
    """A call need not be right before its output, but one must not be without the other."""
    for output, call in _OUTPUTS.items():
        calls = [item.get("call_id") for item in items if item.get("type") == call]
        outputs = [item.get("call_id") for item in items if item.get("type") == output]
        for id_ in outputs:
            need(id_ in calls, f"No tool call found for function call output with call_id {id_}.")
        for id_ in calls:
            need(id_ in outputs, f"No tool output found for function call {id_}.")
