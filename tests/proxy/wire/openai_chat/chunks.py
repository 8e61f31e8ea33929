"""Streams of chunks, as providers send them."""

import json
from typing import Any

from proxy.wire.assemble import collected
from proxy.wire.canonical import Answer, Event, ToolCall
from proxy.wire.format import Format
from proxy.wire.openai_chat.read_stream import stream_reader
from proxy.wire.target import Expecting

DONE = b"data: [DONE]\n\n"


def sent(value: Any) -> bytes:
    return b"data: " + json.dumps(value).encode() + b"\n\n"


def delta(finish: str | None = None, **members: Any) -> bytes:
    """A chunk of the first choice."""
    choice = {"index": 0, "delta": members, "finish_reason": finish}
    return sent({"id": "cmpl-1", "model": "served", "choices": [choice]})


def call(
    arguments: str | None = None,
    *,
    index: int | None = None,
    id_: str | None = None,
    name: str | None = None,
    **more: Any,
) -> dict[str, Any]:
    """One entry of a delta's `tool_calls`, with nothing in it that is not given."""
    function = {key: value for key, value in (("name", name), ("arguments", arguments)) if value is not None}
    outer = {key: value for key, value in (("index", index), ("id", id_)) if value is not None}
    return {**outer, "function": function, **more}


def calling(*calls: dict[str, Any]) -> bytes:
    return delta(tool_calls=list(calls))


def events_of(*chunks: bytes, expecting: Expecting | None = None) -> list[Event]:
    reader = stream_reader(expecting or Expecting(seed="s"))
    return [*(event for chunk in chunks for event in reader.feed(chunk)), *reader.end()]


def answer_of(*chunks: bytes, expecting: Expecting | None = None) -> Answer:
    return collected(events_of(*chunks, expecting=expecting), Format.OPENAI_CHAT)


def calls_in(*chunks: bytes) -> list[tuple[str, str, str]]:
    """Id, name and arguments of each call of a stream that is ended properly."""
    answer = answer_of(*chunks, delta("tool_calls"), DONE)
    return [(b.id, b.name, b.arguments) for b in answer.content if isinstance(b, ToolCall)]
