"""What Ollama refuses: little more than what does not fit its types."""

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from tests.fakes.formats.speech import need
from tests.fakes.script import Asked

_ROLES = ("system", "user", "assistant", "tool")
_KINDS = {str: "string", list: "array", dict: "object", bool: "bool", int: "number", float: "number"}


def check_ollama(asked: Asked) -> None:
    need(asked.model, "model is required")
    for message in asked.body.get("messages") or ():
        _check_message(message)
    for tool in asked.body.get("tools") or ():
        function = tool.get("function")
        need(isinstance(function, dict) and function.get("name"), "tools: function name is required")


def _check_message(message: Mapping[str, Any]) -> None:
    role = message.get("role")
    need(role in _ROLES, f"invalid role: {role}, must be one of [{', '.join(_ROLES)}]")
    _need_type(message.get("content", ""), str, "content", "string")
    _need_type(message.get("thinking", ""), str, "thinking", "string")
    for call in message.get("tool_calls") or ():
        arguments = (call.get("function") or {}).get("arguments")
        _need_type(arguments, dict, "tool_calls.function.arguments", "api.ToolCallFunctionArguments")
    for image in message.get("images") or ():
        need(_is_base64(image), "illegal base64 data at input byte 0")


def _need_type(value: Any, type_: type, where: str, name: str) -> None:
    told = _KINDS.get(type(value), "null")
    need(
        isinstance(value, type_),
        f"json: cannot unmarshal {told} into Go struct field ChatRequest.messages.{where} of type {name}",
    )


def _is_base64(text: Any) -> bool:
    try:
        base64.b64decode(text, validate=True)
    except (binascii.Error, TypeError):
        return False
    return True
