"""The chunks of a stream, as leniently as they are sent."""

from typing import Any

import msgspec
from msgspec import Raw, Struct

from proxy.wire.openai_chat.thinking import Detail
from proxy.wire.reading import ABSENT


class FunctionDelta(Struct):
    name: str | None = None
    arguments: str | dict[str, Any] | None = None


class CustomDelta(Struct):
    name: str | None = None
    input: str | None = None


class CallDelta(Struct):
    index: int | None = None
    id: str | None = None
    function: FunctionDelta | None = None
    custom: CustomDelta | None = None
    extra_content: Raw = ABSENT


class Delta(Struct):
    content: str | list[Raw] | None = None
    reasoning_content: str | None = None
    reasoning: str | None = None
    reasoning_details: list[Detail] | None = None
    refusal: str | None = None
    annotations: list[Raw] | None = None
    tool_calls: list[CallDelta] | None = None
    function_call: FunctionDelta | None = None


class ChoiceDelta(Struct):
    index: int | None = None
    delta: Delta | None = None
    message: Delta | None = None
    """Some send the whole message in one chunk."""
    finish_reason: str | None = None
    stop_reason: str | int | None = None
    error: Raw = ABSENT


class Chunk(Struct):
    id: str | int | None = None
    model: str | None = None
    choices: list[ChoiceDelta] | None = None
    usage: Raw = ABSENT
    timings: Raw = ABSENT
    error: Raw = ABSENT
    message: Raw = ABSENT
    """Beside no choices, this is an error's, as is `detail`."""
    detail: Raw = ABSENT


CHUNK = msgspec.json.Decoder(Chunk)
