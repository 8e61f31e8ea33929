"""Pieces of streams, and what is read of them."""

from typing import Any

from proxy.wire.bedrock.read_stream import stream_reader
from proxy.wire.canonical import (
    Event,
    Usage,
)
from proxy.wire.target import Expecting
from tests.proxy.wire.bedrock.speaking import said

START = said("messageStart", role="assistant")
COUNTS = said("metadata", usage={"inputTokens": 5, "outputTokens": 7, "totalTokens": 12}, metrics={})
USAGE = Usage(input=5, output=7)


def ended(index: int) -> bytes:
    return said("contentBlockStop", contentBlockIndex=index)


def stopped(reason: str = "end_turn", **more: Any) -> bytes:
    return said("messageStop", stopReason=reason, **more)


def read(*pieces: bytes, expecting: Expecting | None = None) -> list[Event]:
    reader = stream_reader(expecting or Expecting())
    return [*(event for piece in pieces for event in reader.feed(piece)), *reader.end()]
