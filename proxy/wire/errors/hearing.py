"""What a provider's error says, found in whatever shape it has.

All shapes are objects in objects, with a message and codes somewhere in them under one of a few names, so
there is one walk for all of them. What stands further in is more exact: a gateway wraps what its provider
said, and a general type wraps the special reason.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from proxy.wire.framing.sse import ServerSentEvents
from proxy.wire.reading import UNREADABLE

_INNER = (
    "response",
    "error",
    "errors",
    "innererror",
    "inner_error",
    "external_model_error",
    "metadata",
    "raw",
)
_MESSAGES = ("message", "Message", "msg", "detail", "status_msg", "error_description")
_CODES = (
    "error_code",
    "reason",
    "quotaId",
    "code",
    "__type",
    "type",
    "error_type",
    "status",
    "status_code",
    "statusCode",
)
_WAITS = ("retryDelay", "retry_after", "retry_after_seconds")
_TYPE_HEADERS = ("x-amzn-errortype", ":exception-type")

_SAY_NOTHING = frozenset({"error", "failed", "response.failed", "none", "null", "unknown_error", "false"})
_DEEPEST = 8
_MOST_PARTS = 20
_LARGEST = 8 * 1024 * 1024
_LONGEST = 4000
"""Of a message. Some hosts say the whole request again, and every pattern would look through it. It is more
than is told, so that what is cut off there is no half of a secret."""


@dataclass(slots=True)
class Said:
    """An error's parts. The most exact of the `codes` comes first."""

    message: str = ""
    codes: list[str] = field(default_factory=list)
    status: int | None = None
    wait: str | None = None
    tokens: int | None = None
    maximum: int | None = None


def heard(body: bytes, headers: Mapping[str, str]) -> Said:
    """What the body and the headers (names in lower case) say; an unreadable body says nothing."""
    said = Said()
    body = body.strip()
    for value in _values(body):
        _listen(value, said, 0)
    if not (said.message or said.codes):
        said.message = _plain_text(body)
    for name in _TYPE_HEADERS:
        if name in headers:
            _note_code(headers[name], said)
    return said


def _values(body: bytes) -> Iterator[Any]:
    """The JSON in the body, which may be framed as events although it is an error."""
    if len(body) > _LARGEST:
        return
    if body.startswith((b"data:", b"event:", b"error:", b"id:", b":")):
        events = ServerSentEvents(_LARGEST + 1)
        texts = [*events.feed(body), *events.end()][:_MOST_PARTS]
    else:
        texts = [body]
    for text in texts:
        value = _parsed(text)
        if isinstance(value, list):
            yield from value[:_MOST_PARTS]
        elif value is not None:
            yield value


def _parsed(text: bytes | str) -> Any:
    try:
        return msgspec.json.decode(text)
    except UNREADABLE:
        pass
    try:
        return json.loads(text)
    except UNREADABLE:
        return None


def _plain_text(body: bytes) -> str:
    """A body in words. Pages, halves of objects and binary data are none."""
    text = body[:_LONGEST].decode("utf-8", "replace")
    is_words = not text.startswith(("<", "{", "[", '"')) and "\ufffd" not in text and "\0" not in text
    return text if is_words else ""


def _listen(value: Any, said: Said, depth: int) -> None:
    if isinstance(value, str):
        _listen_to_text(value, said, depth)
    if not isinstance(value, dict) or depth > _DEEPEST:
        return
    error = value.get("error")
    for name in _INNER:
        inner = value.get(name)
        if inner is error and isinstance(error, str):
            continue  # words, and maybe not the best
        for part in inner[:_MOST_PARTS] if isinstance(inner, list) else [inner]:
            _listen(part, said, depth + 1)
    for words in (*map(value.get, _MESSAGES), error):
        if not said.message:
            _listen(_text(words, 0), said, depth + 1)
    _note_base_response(value.get("base_resp"), said)
    details = value.get("details")
    for detail in details[:_MOST_PARTS] if isinstance(details, list) else [details]:
        _note_details(detail, said)
    for name in _CODES:
        _note_code(value.get(name), said)
    _note_numbers(value, said)


def _listen_to_text(text: str, said: Said, depth: int) -> None:
    """Words, or an object written into a text, as gateways do with what their provider said."""
    inner = _parsed(text) if text.startswith(("{", "[")) and depth <= _DEEPEST else None
    if isinstance(inner, list) and inner:
        inner = inner[0]
    if isinstance(inner, dict):
        _listen(inner, said, depth + 1)
    elif not said.message:
        said.message = text[:_LONGEST]


def _text(value: Any, depth: int) -> str:
    """A message in words, also where it is a list of what is wrong with which field."""
    if isinstance(value, list) and depth < _DEEPEST:
        return "; ".join(filter(None, (_text(item, depth + 1) for item in value[:_MOST_PARTS])))
    if isinstance(value, dict) and depth < _DEEPEST:
        where = value.get("loc")
        place = ".".join(map(str, where)) + ": " if isinstance(where, list) and where else ""
        words = next(filter(None, (_text(value.get(name), depth + 1) for name in _MESSAGES)), "")
        return place + words if words else ""
    return value if isinstance(value, str) else ""


def _note_details(detail: Any, said: Said) -> None:
    """Details say what the error is, never in words that are better than its own."""
    if not isinstance(detail, dict):
        return
    violations = detail.get("violations")
    for violation in violations[:_MOST_PARTS] if isinstance(violations, list) else []:
        _note_details(violation, said)
    for name in ("error_code", "reason", "quotaId", "code"):
        _note_code(detail.get(name), said)
    _note_numbers(detail, said)


def _note_base_response(value: Any, said: Said) -> None:
    """MiniMax numbers its errors; other vendors use the same numbers for other things."""
    if isinstance(value, dict) and value.get("status_code"):
        if not said.message:
            said.message = _text(value, 0)
        _note_code(f"base_resp {value.get('status_code')}", said)


def _note_code(value: Any, said: Said) -> None:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return
    # AWS: `com.amazon.coral.validate#ValidationException:http://...`
    code = str(value)[:200].rpartition("#")[2].partition(":")[0].strip()
    if code.isdecimal() and code.isascii() and 400 <= int(code) < 600:
        said.status = said.status or int(code)
    elif code and code.lower() not in _SAY_NOTHING and code not in said.codes:
        said.codes.append(code)


def _note_numbers(value: dict[str, Any], said: Said) -> None:
    for name in _WAITS:
        wait = value.get(name)
        if said.wait is None and isinstance(wait, str | int | float):
            said.wait = str(wait)
    if isinstance(value.get("n_prompt_tokens"), int):
        said.tokens = value["n_prompt_tokens"]
    if isinstance(value.get("n_ctx"), int):
        said.maximum = value["n_ctx"]
    if "flagged_input" in value:
        _note_code("flagged_input", said)
