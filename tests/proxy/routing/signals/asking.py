"""Requests for these tests, as clients write them."""

import json
from typing import Any

from proxy.routing.signals import Looked, Messages, Signals, signals
from proxy.wire.format import Format
from proxy.wire.splice import Body

REMINDER = "<system-reminder>\nThe list of tasks is empty. secret words\n</system-reminder>"
SURFACES = {
    Format.ANTHROPIC: "messages",
    Format.OPENAI_CHAT: "chat",
    Format.RESPONSES: "responses",
    Format.GEMINI: "gemini",
}


def looked(body: Any, written: Format = Format.ANTHROPIC, **known: Any) -> Looked:
    whole = Body(json.dumps(body).encode()) if body is not None else None
    return Looked(body=whole, format=written, **{"surface": SURFACES[written], "client": "sdk", **known})


def read(body: Any, written: Format = Format.ANTHROPIC, **known: Any) -> Signals:
    return signals(looked(body, written, **known), Messages())


def anthropic(*messages: Any, **more: Any) -> dict[str, Any]:
    return {"model": "m", "max_tokens": 1000, **more, "messages": list(messages)}


def user(content: Any) -> dict[str, Any]:
    return {"role": "user", "content": content}


def assistant(content: Any) -> dict[str, Any]:
    return {"role": "assistant", "content": content}


def text(words: str) -> dict[str, Any]:
    return {"type": "text", "text": words}


def call(id: str, name: str = "Bash") -> dict[str, Any]:  # noqa: A002 -- it is the member's name
    return {"type": "tool_use", "id": id, "name": name, "input": {}}


def result(id: str, content: Any = "done") -> dict[str, Any]:  # noqa: A002 -- it is the member's name
    return {"type": "tool_result", "tool_use_id": id, "content": content}


IMAGE = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "aaaa"}}
EXCHANGE = (user("list the files"), assistant([text("I look."), call("t1")]), user([result("t1")]))
