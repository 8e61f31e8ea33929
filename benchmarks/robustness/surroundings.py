"""What stands around a typed text, changed: none of it is said by the user, and the text is as it was."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

Asked = dict[str, Any]
"""The body of a request."""

_REMINDER: Final = (
    "<system-reminder>\nThe list of open tasks is empty. Do not mention this.\n</system-reminder>"
)
_ENVIRONMENT: Final = "Working directory: /home/else/where\nPlatform: darwin\nToday's date: 2027-02-03"
_NONCE: Final = "x-anthropic-billing-header:"
_ROUNDS: Final = 10
"""Of four messages each."""
_ADDED: Final = 12


def with_reminder(asked: Asked, surface: str) -> Asked | None:
    if surface == "messages":
        *before, last = asked["messages"]
        content = last["content"]
        blocks = [_text(content)] if isinstance(content, str) else content
        return {**asked, "messages": [*before, {**last, "content": [*blocks, _text(_REMINDER)]}]}
    return {**asked, "input": [*asked["input"], _item("user", _REMINDER)]}


def with_another_environment(asked: Asked, surface: str) -> Asked | None:
    if surface == "messages":
        system = asked.get("system") or ""
        blocks = [_text(system)] if isinstance(system, str) else system
        return {**asked, "system": [*blocks, _text(_ENVIRONMENT)]}
    told = f"<environment_context>\n{_ENVIRONMENT}\n</environment_context>"
    first = next((at for at, item in enumerate(asked["input"]) if item.get("role") == "user"), 0)
    return {**asked, "input": [*asked["input"][:first], _item("user", told), *asked["input"][first:]]}


def with_history(asked: Asked, surface: str) -> Asked | None:
    """Forty messages before everything that was said."""
    if surface == "messages":
        return {**asked, "messages": [*_messages(), *asked["messages"]]}
    first = next((at for at, item in enumerate(asked["input"]) if item.get("role") == "user"), 0)
    return {**asked, "input": [*asked["input"][:first], *_items(), *asked["input"][first:]]}


def with_more_tools(asked: Asked, surface: str) -> Asked | None:
    schema = {"type": "object", "properties": {"query": {"type": "string"}}}
    names = [f"mcp__tracker__tool_{at}" for at in range(_ADDED)]
    if surface == "messages":
        more = [{"name": name, "description": "Looks it up.", "input_schema": schema} for name in names]
    else:
        more = [{"type": "function", "name": name, "parameters": schema} for name in names]
    return {**asked, "tools": [*asked.get("tools", []), *more]}


def with_fewer_tools(asked: Asked, _surface: str) -> Asked | None:
    tools = asked.get("tools", [])
    return {**asked, "tools": tools[: (len(tools) + 1) // 2]} if len(tools) > 1 else None


def with_another_nonce(asked: Asked, _surface: str) -> Asked | None:
    system = asked.get("system")
    if not isinstance(system, list) or not system or not system[0]["text"].startswith(_NONCE):
        return None
    return {
        **asked,
        "system": [{**system[0], "text": f"{_NONCE} cc_version=9.9.9.abc; cch=0f0f0;"}, *system[1:]],
    }


def _messages() -> Iterator[dict[str, Any]]:
    for at in range(_ROUNDS):
        id_ = f"toolu_before_{at}"
        use = {"type": "tool_use", "id": id_, "name": "Read", "input": {"file_path": f"/src/{at}.py"}}
        found = {"type": "tool_result", "tool_use_id": id_, "content": f"value = {at}\n"}
        yield {"role": "user", "content": f"What is the value in file {at}?"}
        yield {"role": "assistant", "content": [use]}
        yield {"role": "user", "content": [found]}
        yield {"role": "assistant", "content": f"It is {at}."}


def _items() -> Iterator[dict[str, Any]]:
    for at in range(_ROUNDS):
        id_ = f"call_before_{at}"
        yield _item("user", f"What is the value in file {at}?")
        arguments = f'{{"cmd":"cat /src/{at}.py"}}'
        yield {"type": "function_call", "call_id": id_, "name": "exec_command", "arguments": arguments}
        yield {"type": "function_call_output", "call_id": id_, "output": f"value = {at}\n"}
        answer = [{"type": "output_text", "text": f"It is {at}."}]
        yield {"type": "message", "role": "assistant", "content": answer}


def _text(text: str) -> dict[str, str]:
    return {"type": "text", "text": text}


def _item(role: str, text: str) -> dict[str, Any]:
    return {"type": "message", "role": role, "content": [{"type": "input_text", "text": text}]}


SURROUNDINGS: Final[Mapping[str, Callable[[Asked, str], Asked | None]]] = {
    "a reminder behind it": with_reminder,
    "another environment": with_another_environment,
    "40 messages before it": with_history,
    "12 more tools": with_more_tools,
    "half of the tools": with_fewer_tools,
    "another billing nonce": with_another_nonce,
}
"""None for a request that has nothing of the kind."""
