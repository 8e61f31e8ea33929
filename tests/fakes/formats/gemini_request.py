"""A request of the Gemini API in neutral words."""

from collections.abc import Mapping
from typing import Any

from tests.fakes.formats.text import encoded, texts_in
from tests.fakes.script import ToolResult


def read_gemini(body: Mapping[str, Any]) -> dict[str, Any]:
    contents = body.get("contents") or []
    users = [_texts(content) for content in contents if content.get("role", "user") == "user"]
    config = member(body, "generationConfig") or {}
    return {
        "system": _texts(member(body, "systemInstruction") or {}),
        "user": next((text for text in reversed(users) if text), ""),
        "tools": tuple(
            function.get("name", "")
            for tool in body.get("tools") or ()
            for function in member(tool, "functionDeclarations") or ()
        ),
        "results": tuple(_results(contents)),
        "thinking": _thinking(member(config, "thinkingConfig") or {}),
        "max_tokens": member(config, "maxOutputTokens"),
    }


def member(body: Mapping[str, Any], name: str) -> Any:
    """Under its name, or under that which the vendor's own programs write."""
    other = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
    return body.get(name, body.get(other))


def _texts(content: Mapping[str, Any]) -> str:
    return texts_in(content.get("parts"))


def _results(contents: list[Any]) -> list[ToolResult]:
    told = [
        member(part, "functionResponse")
        for content in contents
        for part in content.get("parts") or ()
        if member(part, "functionResponse")
    ]
    return [
        ToolResult(result.get("name", ""), result.get("id", ""), _told(response), "error" in response)
        for result in told
        for response in [result.get("response") or {}]
    ]


def _told(response: Mapping[str, Any]) -> str:
    told = next(
        (response[name] for name in ("output", "result", "error", "content") if name in response), response
    )
    return told if isinstance(told, str) else encoded(told).decode()


def _thinking(config: Mapping[str, Any]) -> bool | None:
    budget, level = member(config, "thinkingBudget"), member(config, "thinkingLevel")
    if budget is None and level is None:
        return None
    return budget != 0
