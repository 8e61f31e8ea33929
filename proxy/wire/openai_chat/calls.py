"""Tool calls in whole messages: the entries of `tool_calls`, and the `function_call` of old."""

import json
from typing import Any

import msgspec
from msgspec import Raw, Struct

from proxy.wire.canonical import Extra, ToolCall
from proxy.wire.openai_chat.nested import read_inner
from proxy.wire.reading import ABSENT, UNREADABLE, Shapes, decoded, given, members_of, read_one


class Call(Struct, forbid_unknown_fields=True):
    id: str | None = None
    type: str | None = None
    function: Raw = ABSENT
    custom: Raw = ABSENT
    extra_content: Raw = ABSENT
    index: int | None = None
    """Clients that copy it from stream deltas mean nothing by it."""


class CalledFunction(Struct, forbid_unknown_fields=True):
    name: str
    arguments: Raw = ABSENT


class CalledCustom(Struct, forbid_unknown_fields=True):
    name: str
    input: str = ""


_CALL = Shapes(Call)
_FUNCTION = Shapes(CalledFunction)
_CUSTOM = Shapes(CalledCustom)
_TEXT = msgspec.json.Decoder(str)


class _Google(Struct):
    thought_signature: str | None = None


class _ExtraContent(Struct):
    google: _Google | None = None


_EXTRA_CONTENT = msgspec.json.Decoder(_ExtraContent)


def read_call(raw: Raw, made_up: str) -> ToolCall:
    """One entry of `tool_calls`; `made_up` is its id if it has none."""
    call, extra = read_one(_CALL, raw)
    signature, extra = _signature(call.extra_content, extra)
    id_ = call.id or made_up
    if call.type == "custom":
        custom, extra = read_inner(_CUSTOM, call.custom, "custom", extra)
        return ToolCall(
            id_, custom.name, custom_arguments(custom.input), custom=True, signature=signature, extra=extra
        )
    function, extra = read_inner(_FUNCTION, call.function, "function", extra)
    return ToolCall(id_, function.name, read_arguments(function.arguments), signature=signature, extra=extra)


def read_function_call(raw: Raw, made_up: str) -> ToolCall:
    """The one call that messages could hold before there were tools."""
    function, extra = read_inner(_FUNCTION, raw, "function", None)
    return ToolCall(made_up, function.name, read_arguments(function.arguments), extra=extra)


def read_arguments(raw: Raw) -> str:
    """JSON text in a string; some send the object itself."""
    said = given(raw)
    if said is None:
        return ""
    text = bytes(said)
    return decoded(_TEXT, said) if text.startswith(b'"') else text.decode()


def custom_arguments(text: str) -> str:
    return json.dumps({"input": text}, ensure_ascii=False)


def custom_input(arguments: str) -> str:
    """The free text of a custom tool's call; arguments of another form are themselves the text."""
    try:
        return decoded(_TEXT, members_of(arguments.encode())["input"])
    except (*UNREADABLE, KeyError):
        return arguments


def object_arguments(arguments: str) -> str:
    """JSON text that holds an object: servers put it into templates that demand one."""
    if not arguments.strip():
        return "{}"
    try:
        members_of(arguments.encode())
    except UNREADABLE:
        return json.dumps({"_arguments": arguments}, ensure_ascii=False)
    return arguments


def written_call(call: ToolCall, name: str, arguments: str) -> dict[str, Any]:
    """An entry of `tool_calls`."""
    function = {"name": name, "arguments": arguments}
    return _signed(call, {"id": call.id, "type": "function", "function": function})


def written_custom_call(call: ToolCall, name: str) -> dict[str, Any]:
    custom = {"name": name, "input": custom_input(call.arguments)}
    return _signed(call, {"id": call.id, "type": "custom", "custom": custom})


def _signed(call: ToolCall, members: dict[str, Any]) -> dict[str, Any]:
    if call.signature is not None:
        members["extra_content"] = signed(call.signature)
    return members


def signed(signature: str) -> dict[str, Any]:
    """Gemini's signature of a call, where its OpenAI-compatible endpoint puts it."""
    return {"google": {"thought_signature": signature}}


def _signature(raw: Raw, extra: Extra | None) -> tuple[str | None, Extra | None]:
    said = given(raw)
    if said is None:
        return None, extra
    signature = read_signature(said)
    if signature is None:
        return None, {**(extra or {}), "extra_content": said}
    return signature, extra


def read_signature(raw: Raw) -> str | None:
    try:
        google = decoded(_EXTRA_CONTENT, raw).google
    except msgspec.ValidationError:
        return None
    return google.thought_signature or None if google is not None else None
