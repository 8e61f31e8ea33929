"""Bodies and values the tests share, and short ways to what they hold."""

import json
from typing import Any

import msgspec

from proxy.wire.canonical import Conversation, Event, Message, Role, Text
from proxy.wire.failure import Failure
from proxy.wire.format import Format
from proxy.wire.responses.read_request import read_request
from proxy.wire.responses.read_stream import stream_reader
from proxy.wire.responses.write_request import write_request
from proxy.wire.responses.write_stream import StreamWriter
from proxy.wire.target import Expecting, Reply, Target, Written
from tests.proxy.wire.normal import Everything

TARGET = Target(model="served", issued=Everything())
REPLY = Reply(id="req_1", model="asked-for", created=1_700_000_000)
PNG = "data:image/png;base64,iVBORw0KGgo="


def asked(input_: Any, **members: Any) -> Conversation:
    """A client's request."""
    return read_request(json.dumps({"model": "gpt", "input": input_, **members}).encode())


def plain(value: Any) -> Any:
    """Raw JSON and structs as plain objects."""
    return json.loads(msgspec.json.encode(value))


def conversation(*messages: Message, **members: Any) -> Conversation:
    """Of a client of another format."""
    said = messages or (Message(Role.USER, (Text("hi"),)),)
    return Conversation(**{"format": Format.ANTHROPIC, "messages": said, **members})


def sent(conversation_: Conversation, **target: Any) -> dict[str, Any]:
    """The body that a provider gets."""
    body: dict[str, Any] = json.loads(written(conversation_, **target).body)
    return body


def written(conversation_: Conversation, **target: Any) -> Written:
    return write_request(conversation_, Target(**{"model": "served", "issued": Everything(), **target}))


def again(**members: Any) -> dict[str, Any]:
    """What a provider of this format gets from a client of this format."""
    return sent(read_request(json.dumps({"model": "gpt", "input": "hi", **members}).encode()))


def sse(*events: dict[str, Any]) -> bytes:
    return b"".join(b"data: " + json.dumps(event).encode() + b"\n\n" for event in events)


def read(*events: dict[str, Any], **expecting: Any) -> list[Event]:
    """What a provider's stream means."""
    reader = stream_reader(Expecting(**expecting))
    return [*reader.feed(sse(*events)), *reader.end()]


def told(*events: Event, reply: Reply = REPLY) -> list[dict[str, Any]]:
    """The events that a client gets."""
    writer = StreamWriter(reply)
    return parsed(b"".join(writer.write(event) for event in events))


def parsed(stream: bytes) -> list[dict[str, Any]]:
    """Each event's data, after a look at its frame."""
    events = []
    for frame in stream.decode().split("\n\n")[:-1]:
        if frame.startswith(":"):
            continue
        name, data = frame.split("\n")
        event = json.loads(data.removeprefix("data: "))
        assert name == f"event: {event['type']}"
        events.append(event)
    return events


def failure_of(body: bytes) -> Failure:
    try:
        read_request(body)
    except Failure as failure:
        return failure
    raise AssertionError("it was read")
