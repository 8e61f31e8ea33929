"""What is worth noting in the answers of each format.

`see` runs for every event of a stream, so it only looks for names in quotes: inside a JSON text a quote is
escaped, so such a find is a member or a value. What it finds it keeps, to be read when it is asked for.
"""

import re
from collections.abc import Callable
from typing import Protocol

import msgspec
from msgspec import Raw

from proxy.wire.anthropic.usage import merged
from proxy.wire.anthropic.usage import read_usage as read_anthropic_usage
from proxy.wire.canonical import UNKNOWN, Usage
from proxy.wire.format import Format
from proxy.wire.gemini.usage import read_usage as read_gemini_usage
from proxy.wire.openai_chat.usage import read_timings
from proxy.wire.openai_chat.usage import read_usage as read_chat_usage
from proxy.wire.responses.usage import read_usage as read_responses_usage
from proxy.wire.tap.calls import (
    add_calls,
    calls_in_block_start,
    calls_in_completion,
    calls_in_gemini,
    calls_in_item_event,
    calls_in_whole,
)
from proxy.wire.tap.told import Object, Told, at, failure_in, items, members, number_at, text_at


class Notes(Protocol):
    """Notes on one answer."""

    def see(self, data: bytes) -> None:
        """One event of a stream."""

    def told(self) -> Told:
        """What the stream told so far."""

    def whole(self, body: bytes) -> Told:
        """What an answer in one piece tells."""


class AnthropicNotes:
    def __init__(self) -> None:
        self._start: bytes | None = None
        self._deltas: list[bytes] = []
        self._calls: list[str] = []
        self._error: bytes | None = None
        self._is_over = False

    def see(self, data: bytes) -> None:
        if b'"content_block_delta"' in data:
            return
        if b'"content_block_start"' in data:
            add_calls(self._calls, calls_in_block_start(data))
        elif b'"message_start"' in data:
            self._start = data
        elif b'"message_delta"' in data:
            # One is usual. However many there are, the first and the latest tell enough.
            self._deltas = [*self._deltas[:_MOST_DELTAS], data]
        elif b'"message_stop"' in data:
            self._is_over = True
        elif b'"error"' in data and text_at(data, "type") == "error":
            self._error = data

    def told(self) -> Told:
        message = members(at(self._start, "message"))
        usage = _counted(read_anthropic_usage, at(message, "usage"))
        reason = None
        for delta in self._deltas:
            usage = merged(usage, _counted(read_anthropic_usage, at(delta, "usage")))
            reason = text_at(delta, "delta", "stop_reason") or reason
        return Told(
            usage=usage,
            model=text_at(message, "model"),
            id=text_at(message, "id"),
            stop_reason=reason,
            calls=tuple(self._calls),
            is_over=self._is_over,
            failure=failure_in(self._error),
        )

    def whole(self, body: bytes) -> Told:
        message = members(body)
        return Told(
            usage=_counted(read_anthropic_usage, at(message, "usage")),
            model=text_at(message, "model"),
            id=text_at(message, "id"),
            stop_reason=text_at(message, "stop_reason"),
            calls=calls_in_whole(Format.ANTHROPIC, body),
        )


class ChatNotes:
    """Some hosts send `usage: null` with every chunk, and some never say [DONE]."""

    def __init__(self, choices: int = 1) -> None:
        self._choices = choices
        self._ended: set[bytes] = set()
        self._first: bytes | None = None
        self._counts: bytes | None = None
        self._calls: list[str] = []
        self._reason: str | None = None
        self._error: bytes | None = None
        self._is_done = False

    def see(self, data: bytes) -> None:
        if self._first is None:
            self._first = data
        if (b'"usage"' in data and _CHAT_COUNTS.search(data)) or b'"timings"' in data:
            self._counts = data
        reason = _CHAT_REASON.search(data)
        if reason is not None:
            self._reason = reason[1].decode("ascii", "replace")
            self._note_ended(data)
        if (found := data.find(b'"tool_calls"')) >= 0 and data.find(b'"id"', found) >= 0:
            add_calls(self._calls, calls_in_completion(data))
        if b'"error"' in data or b'"choices"' not in data:
            self._see_the_odd(data)

    def _note_ended(self, data: bytes) -> None:
        if self._choices == 1:
            self._ended.add(b"0")
            return
        for choice in items(at(data, "choices")):
            if text_at(choice, "finish_reason") is not None:
                self._ended.add(bytes(at(choice, "index") or b""))

    def _see_the_odd(self, data: bytes) -> None:
        if data == b"[DONE]":
            self._is_done = True
        elif at(data, "error") is not None or at(data, "message") is not None:
            self._error = data

    def told(self) -> Told:
        has_ended = len(self._ended) >= self._choices
        return Told(
            usage=_chat_usage(self._counts),
            model=text_at(self._first, "model"),
            id=text_at(self._first, "id"),
            stop_reason=self._reason if has_ended else None,
            calls=tuple(self._calls),
            is_over=self._is_done or has_ended,
            failure=failure_in(self._error),
        )

    def whole(self, body: bytes) -> Told:
        completion = members(body)
        choices = items(at(completion, "choices"))
        return Told(
            usage=_chat_usage(completion),
            model=text_at(completion, "model"),
            id=text_at(completion, "id"),
            stop_reason=text_at(choices[0], "finish_reason") if choices else None,
            calls=calls_in_whole(Format.OPENAI_CHAT, body),
        )


class ResponsesNotes:
    """Its events hold the response as it is so far: at the beginning and, with usage, at the end."""

    def __init__(self) -> None:
        self._response: bytes | None = None
        self._last: bytes | None = None
        self._calls: list[str] = []
        self._error: bytes | None = None
        self._is_over = False

    def see(self, data: bytes) -> None:
        if data != b"[DONE]":
            self._last = data
        if b'"response"' in data:
            self._response = data
            if _RESPONSE_END.search(data):
                self._is_over = True
        elif b'"call_id"' in data:
            add_calls(self._calls, calls_in_item_event(data))
        elif b'"error"' in data and text_at(data, "type") == "error":
            self._error = data

    def told(self) -> Told:
        response = members(at(self._response, "response"))
        told = _told_by_response(response)
        has_failed = text_at(response, "status") == "failed"
        return Told(
            usage=told.usage,
            model=told.model,
            id=told.id,
            stop_reason=told.stop_reason,
            calls=tuple(self._calls),
            sequence_number=number_at(self._last, "sequence_number"),
            is_over=self._is_over,
            failure=failure_in(self._error or (self._response if has_failed else None)),
        )

    def whole(self, body: bytes) -> Told:
        told = _told_by_response(body)
        return msgspec.structs.replace(told, calls=calls_in_whole(Format.RESPONSES, body))


class GeminiNotes:
    """Counts stand in every chunk and grow; the last ones count."""

    def __init__(self) -> None:
        self._first: bytes | None = None
        self._counts: bytes | None = None
        self._calls: list[str] = []
        self._reason: str | None = None
        self._error: bytes | None = None

    def see(self, data: bytes) -> None:
        if self._first is None:
            self._first = data
        if b'"usageMetadata"' in data:
            self._counts = data
        if b'"functionCall"' in data:
            add_calls(self._calls, calls_in_gemini(data))
        reason = _GEMINI_REASON.search(data)
        if reason is not None:
            self._reason = reason[1].decode("ascii", "replace")
        if b'"error"' in data and at(data, "error") is not None:
            self._error = data

    def told(self) -> Told:
        return Told(
            usage=_counted(read_gemini_usage, at(self._counts, "usageMetadata")),
            model=text_at(self._first, "modelVersion"),
            id=text_at(self._first, "responseId"),
            stop_reason=self._reason,
            calls=tuple(self._calls),
            is_over=self._reason is not None,
            failure=failure_in(self._error),
        )

    def whole(self, body: bytes) -> Told:
        """One object, or without server-sent events a list of chunks."""
        for chunk in items(body) if body.lstrip().startswith(b"[") else [body]:
            self.see(bytes(chunk))
        return self.told()


NOTES: dict[Format, type[Notes]] = {
    Format.ANTHROPIC: AnthropicNotes,
    Format.OPENAI_CHAT: ChatNotes,
    Format.RESPONSES: ResponsesNotes,
    Format.GEMINI: GeminiNotes,
}

_MOST_DELTAS = 16
_CHAT_COUNTS = re.compile(rb'"usage"\s*:\s*\{')
_CHAT_REASON = re.compile(rb'"finish_reason"\s*:\s*"([^"\\]{1,100})"')
_GEMINI_REASON = re.compile(rb'"finishReason"\s*:\s*"([^"\\]{1,100})"')
_RESPONSE_END = re.compile(rb'"response\.(?:completed|failed|incomplete)"')


def _counted(read: Callable[[Raw], Usage], counts: Raw | None) -> Usage:
    return read(counts) if counts is not None else UNKNOWN


def _chat_usage(data: Object) -> Usage:
    data = members(data)
    usage = _counted(read_chat_usage, at(data, "usage"))
    return usage if usage.is_known else _counted(read_timings, at(data, "timings"))


def _told_by_response(data: Object) -> Told:
    response = members(data)
    return Told(
        usage=_counted(read_responses_usage, at(response, "usage")),
        model=text_at(response, "model"),
        id=text_at(response, "id"),
        stop_reason=text_at(response, "incomplete_details", "reason") or text_at(response, "status"),
    )
