"""What a client got, read as strictly as the clients of that API read it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from proxy.wire.format import Format


@dataclass(frozen=True)
class Told:
    """An answer as the client that asked has to understand it."""

    status: int
    headers: Mapping[str, str]
    text: str = ""
    errors: tuple[Mapping[str, Any], ...] = ()
    ends: int = 0
    """How often it says that it came to a good end."""
    broken: int = 0
    """Events that cannot be read."""

    @property
    def error(self) -> Mapping[str, Any]:
        [error] = self.errors
        return error


def told(spoken: Format, status: int, headers: Mapping[str, str], body: bytes) -> Told:
    lower = {name.lower(): value for name, value in headers.items()}
    if "event-stream" in lower["content-type"]:
        events = _events(body)
        read = _STREAMED[spoken](status, lower, [event for event in events if event is not None])
        return replace(read, broken=events.count(None))
    return _WHOLE[spoken](status, lower, json.loads(body))


def _events(body: bytes) -> list[Any]:
    lines = (line for event in body.decode().split("\n\n") for line in event.split("\n"))
    data = (line.removeprefix("data:").strip() for line in lines if line.startswith("data:"))
    return [each if each == "[DONE]" else _parsed(each) for each in data]


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _whole_message(status: int, headers: Mapping[str, str], body: Any) -> Told:
    if status != 200:
        assert body["type"] == "error"
        return Told(status, headers, errors=(body["error"],))
    text = "".join(block["text"] for block in body["content"])
    return Told(status, headers, text, ends=int(body["stop_reason"] == "end_turn"))


def _streamed_message(status: int, headers: Mapping[str, str], events: list[Any]) -> Told:
    deltas = (event["delta"] for event in events if event["type"] == "content_block_delta")
    return Told(
        status,
        headers,
        "".join(delta.get("text", "") for delta in deltas),
        tuple(event["error"] for event in events if event["type"] == "error"),
        sum(event["type"] in ("message_delta", "message_stop") for event in events) // 2,
    )


def _whole_completion(status: int, headers: Mapping[str, str], body: Any) -> Told:
    if status != 200:
        return Told(status, headers, errors=(body["error"],))
    [choice] = body["choices"]
    return Told(status, headers, choice["message"]["content"], ends=int(choice["finish_reason"] == "stop"))


def _streamed_completion(status: int, headers: Mapping[str, str], events: list[Any]) -> Told:
    objects = [event for event in events if event != "[DONE]"]
    choices = [choice for event in objects for choice in event.get("choices", ())]
    return Told(
        status,
        headers,
        "".join(choice["delta"].get("content") or "" for choice in choices),
        tuple(event["error"] for event in objects if "error" in event),
        sum(choice.get("finish_reason") is not None for choice in choices),
    )


_WHOLE = {Format.ANTHROPIC: _whole_message, Format.OPENAI_CHAT: _whole_completion}
_STREAMED = {Format.ANTHROPIC: _streamed_message, Format.OPENAI_CHAT: _streamed_completion}
