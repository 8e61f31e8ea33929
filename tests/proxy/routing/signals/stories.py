"""One story of work with tools, told in the formats of several vendors."""

import json
from dataclasses import dataclass, field
from typing import Any

from proxy.wire.format import Format


@dataclass(frozen=True)
class Did:
    """A call of a tool and what it answered; `is_error` is told where the format has a word for it."""

    tool: str
    arguments: dict[str, Any] = field(default_factory=dict)
    answer: str = "done"
    is_error: bool = False


def ran(command: str, answer: str = "", *, is_error: bool = False) -> Did:
    return Did("Bash", {"command": command}, answer, is_error)


def edited(path: str = "src/a.py", answer: str = "The file was changed.", *, is_error: bool = False) -> Did:
    arguments = {"file_path": path, "old_string": answer[:5], "new_string": "y"}
    return Did("Edit", arguments, answer, is_error)


def looked_at(path: str = "src/a.py", answer: str = "import os") -> Did:
    return Did("Read", {"file_path": path}, answer)


def searched(words: str, answer: str = "src/a.py:1:found") -> Did:
    return Did("Grep", {"pattern": words}, answer)


Told = list[str | Did]
"""What the user typed, and what was done for it."""


def body(told: Told, written: Format) -> dict[str, Any]:
    return _BODIES[written](told)


def _ids(told: Told) -> list[tuple[str, str | Did]]:
    return [(f"call_{at}", each) for at, each in enumerate(told)]


def _anthropic(told: Told) -> dict[str, Any]:
    messages: list[dict[str, Any]] = []
    for id_, each in _ids(told):
        if isinstance(each, str):
            messages.append({"role": "user", "content": each})
            continue
        call = {"type": "tool_use", "id": id_, "name": each.tool, "input": each.arguments}
        answer = [{"type": "text", "text": each.answer}]
        result = {"type": "tool_result", "tool_use_id": id_, "content": answer, "is_error": each.is_error}
        messages += [{"role": "assistant", "content": [call]}, {"role": "user", "content": [result]}]
    return {"model": "m", "max_tokens": 9, "messages": messages}


def _chat(told: Told) -> dict[str, Any]:
    messages: list[dict[str, Any]] = []
    for id_, each in _ids(told):
        if isinstance(each, str):
            messages.append({"role": "user", "content": each})
            continue
        function = {"name": each.tool, "arguments": json.dumps(each.arguments)}
        call = {"id": id_, "type": "function", "function": function}
        messages.append({"role": "assistant", "content": None, "tool_calls": [call]})
        messages.append({"role": "tool", "tool_call_id": id_, "content": each.answer})
    return {"model": "m", "messages": messages}


def _responses(told: Told) -> dict[str, Any]:
    items: list[dict[str, Any]] = []
    for id_, each in _ids(told):
        if isinstance(each, str):
            items.append({"role": "user", "content": [{"type": "input_text", "text": each}]})
            continue
        written = json.dumps(each.arguments)
        items.append({"type": "function_call", "call_id": id_, "name": each.tool, "arguments": written})
        items.append({"type": "function_call_output", "call_id": id_, "output": each.answer})
    return {"model": "m", "input": items}


def _gemini(told: Told) -> dict[str, Any]:
    contents: list[dict[str, Any]] = []
    for each in told:
        if isinstance(each, str):
            contents.append({"role": "user", "parts": [{"text": each}]})
            continue
        call = {"functionCall": {"name": each.tool, "args": each.arguments}}
        said = {"error" if each.is_error else "output": each.answer}
        answer = {"functionResponse": {"name": each.tool, "response": said}}
        contents += [{"role": "model", "parts": [call]}, {"role": "user", "parts": [answer]}]
    return {"contents": contents}


_BODIES = {
    Format.ANTHROPIC: _anthropic,
    Format.OPENAI_CHAT: _chat,
    Format.RESPONSES: _responses,
    Format.GEMINI: _gemini,
}
