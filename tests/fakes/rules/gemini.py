"""What Google refuses in a request of the Gemini API."""

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from tests.fakes.formats.speech import Memory, need
from tests.fakes.formats.text import names_in
from tests.fakes.rules.gemini_tools import camel, check_tools
from tests.fakes.script import Asked

_MEMBERS = names_in(
    """
    contents systemInstruction tools toolConfig generationConfig safetySettings cachedContent model labels
    store serviceTier generateContentRequest
    """
)
_OF_PARTS = names_in(
    """
    text thought thoughtSignature inlineData fileData functionCall functionResponse executableCode
    codeExecutionResult videoMetadata partMetadata mediaResolution
    """
)
_DATA = _OF_PARTS - {"thought", "thoughtSignature", "videoMetadata", "partMetadata", "mediaResolution"}
_ACCEPTED_WITHOUT_CHECK = ("skip_thought_signature_validator", "context_engineering_is_the_way_to_go")


def check_gemini(asked: Asked, memory: Memory, *, max_output: int) -> None:
    body = camel(asked.body)
    for member in body:
        need(
            member in _MEMBERS, f'Invalid JSON payload received. Unknown name "{member}": Cannot find field.'
        )
    contents = body.get("contents")
    need(contents, "* GenerateContentRequest.contents: contents is not specified")
    assert isinstance(contents, list)
    _check_config(camel(body.get("generationConfig") or {}), max_output)
    check_tools(body.get("tools") or ())
    for place, content in enumerate(contents):
        _check_content(content, place)
    _check_order(contents)
    _check_signatures(contents, memory, asked.model)


def _check_config(config: Mapping[str, Any], max_output: int) -> None:
    limit = config.get("maxOutputTokens")
    need(
        limit is None or 1 <= limit <= max_output,
        f"Unable to submit request because it has a maxOutputTokens value of {limit} but the supported "
        "range is "
        f"from 1 (inclusive) to {max_output + 1} (exclusive).",
    )
    thinking = camel(config.get("thinkingConfig") or {})
    need(
        not ("thinkingBudget" in thinking and "thinkingLevel" in thinking),
        "You can only set only one of thinking budget and thinking level.",
    )


def _check_content(content: Mapping[str, Any], place: int) -> None:
    role = content.get("role", "user")
    need(role in ("user", "model", "function"), "Please use a valid role: user, model.")
    parts = content.get("parts")
    need(parts, f"* GenerateContentRequest.contents[{place}].parts: contents.parts must not be empty.")
    for index, raw in enumerate(parts or ()):
        where = f"contents[{place}].parts[{index}]"
        part = camel(raw)
        for member in part:
            unknown = (
                f"Invalid JSON payload received. Unknown name \"{member}\" at '{where}': Cannot find field."
            )
            need(member in _OF_PARTS, unknown)
        held = [member for member in part if member in _DATA]
        need(
            held,
            f"* GenerateContentRequest.{where}.data: required oneof field 'data' must have one "
            "initialized field",
        )
        need(len(held) == 1, f"Invalid value at '{where}' (oneof), oneof field 'data' is already set.")
        _check_data(part, where)


def _check_data(part: Mapping[str, Any], where: str) -> None:
    for kind, object_ in (("functionCall", "args"), ("functionResponse", "response")):
        if kind in part:
            need(
                part[kind].get("name"), f"* GenerateContentRequest.{where}.{kind}.name: Name cannot be empty."
            )
            value = part[kind].get(object_, {})
            need(
                isinstance(value, dict),
                f"Invalid value at '{where}.{kind}.{object_}' (type.googleapis.com/Struct)",
            )


def _check_order(contents: list[Any]) -> None:
    open_: list[str] = []
    before = ""
    for content in contents:
        role = content.get("role", "user")
        calls, results = _names(content, "functionCall"), _names(content, "functionResponse")
        need(
            not calls or (before and before != "model"),
            "Please ensure that function call turn comes immediately after a user turn or after a "
            "function response "
            "turn.",
        )
        need(
            open_ or not results,
            "Please ensure that function response turn comes immediately after a function call turn.",
        )
        need(
            sorted(results) == sorted(open_),
            "Please ensure that the number of function response parts is equal to the number of "
            "function call parts "
            "of the function call turn.",
        )
        open_, before = calls, role
    need(
        not open_ and before != "model",
        "Please ensure that multiturn requests end with a user role or a function response.",
    )


def _check_signatures(contents: list[Any], memory: Memory, model: str) -> None:
    """Signatures must be the vendor's own; current models also miss those of the turn that is under way."""
    last_said = max(
        (place for place, content in enumerate(contents) if _is_said(content)),
        default=0,
    )
    for place, content in enumerate(contents):
        parts = [camel(part) for part in content["parts"]]
        for part in parts:
            signature = part.get("thoughtSignature")
            if signature is not None and signature not in _ACCEPTED_WITHOUT_CHECK:
                need(
                    _is_base64(signature),
                    "Invalid value at 'thought_signature' (TYPE_BYTES), Base64 decoding failed",
                )
                need(signature in memory.signatures, "Thought signature is not valid.")
        calls = [part for part in parts if "functionCall" in part]
        if calls and place > last_said and model.startswith("gemini-3"):
            name = calls[0]["functionCall"]["name"]
            need(
                "thoughtSignature" in calls[0],
                "Function call is missing a thought_signature in functionCall parts. This is required "
                "for tools to "
                f"work correctly. Function call `default_api:{name}`.",
            )


def _is_said(content: Mapping[str, Any]) -> bool:
    """By the user, and not for a tool."""
    return content.get("role", "user") == "user" and not _names(content, "functionResponse")


def _names(content: Mapping[str, Any], kind: str) -> list[str]:
    return [part[kind]["name"] for part in map(camel, content["parts"]) if kind in part]


def _is_base64(text: str) -> bool:
    try:
        base64.b64decode(text.replace("-", "+").replace("_", "/"), validate=True)
    except binascii.Error:
        return False
    return True
