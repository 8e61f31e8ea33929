"""What a trial asks of a model, each as small as it can be, and what the answers show."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from proxy.providers.facts import facts
from proxy.routing.service import Service
from proxy.upstream.listing import KnownModel
from proxy.wire.canonical import Answer, Text, ToolCall

_ROOM = 256
"""Tokens for an answer: models that think first need some before they say anything."""
_PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAABAAAAAQCAIAAACQkWg2AAAAFklEQVR4nGP4z8BAEiJN9aiGUQ1DSgMAePb/AQHQ1S0AAAAA"
    "SUVORK5CYII="
)
_TOOL = {
    "type": "function",
    "function": {
        "name": "ping",
        "description": "Says pong.",
        "parameters": {"type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"]},
    },
}


def greeting(service: Service) -> bytes:
    return _body(service, "Reply with the word OK.")


def tool_call(service: Service) -> bytes:
    return _body(service, "Call the tool `ping` with the text OK.", tools=[_TOOL], tool_choice="required")


def picture(service: Service) -> bytes:
    said = {"type": "text", "text": "Which colour has this picture? Reply with one word."}
    shown = {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{_PIXEL}"}}
    return _body(service, [said, shown])


def count(listed: Sequence[KnownModel]) -> str:
    """Nothing of the key: many tell their list to everybody."""
    if not listed:
        return "The list of models is empty."
    return "1 model is listed." if len(listed) == 1 else f"{len(listed)} models are listed."


def sees(kind: str, service: Service, listed: Sequence[KnownModel]) -> bool:
    known = next((model.vision for model in listed if model.service == service), None)
    return bool(facts(kind, service.model).vision if known is None else known)


def greeting_shows(service: Service, told: Answer, first: float | None) -> tuple[bool, str]:
    """`first` is after how many seconds the first word came."""
    if not told.content:
        return False, f"{service} answered with nothing."
    begins = f"; its first word came after {first:.2f} s" if first is not None else ""
    return True, f"{service} answers and streams{begins}."


def tool_call_shows(service: Service, told: Answer, _first: float | None) -> tuple[bool, str]:
    if any(isinstance(block, ToolCall) for block in told.content):
        return True, f"{service} calls tools."
    return False, f"{service} was to call a tool and did not."


def picture_shows(service: Service, told: Answer, _first: float | None) -> tuple[bool, str]:
    if any(isinstance(block, Text) and block.text.strip() for block in told.content):
        return True, f"{service} takes images."
    return False, f"{service} was shown an image, and is silent."


@dataclass(frozen=True, slots=True)
class Step:
    """A request, and how its answer is judged."""

    name: str
    body: Callable[[Service], bytes]
    shows: Callable[[Service, Answer, float | None], tuple[bool, str]]


GREETING = Step("answer", greeting, greeting_shows)
TOOL_CALL = Step("tools", tool_call, tool_call_shows)
PICTURE = Step("vision", picture, picture_shows)


def _body(service: Service, said: Any, **more: Any) -> bytes:
    return json.dumps(
        {
            "model": service.model,
            "messages": [{"role": "user", "content": said}],
            "max_tokens": _ROOM,
            "stream": True,
            "stream_options": {"include_usage": True},
            **more,
        }
    ).encode()
