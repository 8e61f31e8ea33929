"""Which conversation a request belongs to, told by what clients send of their own accord."""

from collections.abc import Mapping

import msgspec

from proxy.wire.reading import UNREADABLE, decoded
from proxy.wire.splice import Body

_HEADERS = (
    "x-tierwise-session",
    "x-claude-code-session-id",
    "session-id",
    "session_id",
    "x-session-id",
    "x-session-affinity",
    "thread-id",
    "conversation_id",
)


class _Metadata(msgspec.Struct):
    user_id: str | None = None


class _UserId(msgspec.Struct):
    session_id: str | None = None


_METADATA = msgspec.json.Decoder(_Metadata)
_USER_ID = msgspec.json.Decoder(_UserId)
_TEXT = msgspec.json.Decoder(str)


def session_of(headers: Mapping[str, str], body: Body | None) -> str | None:
    """The client's own id of the conversation, or None; no text of the conversation is looked at."""
    for name in _HEADERS:
        if value := headers.get(name):
            return value
    return None if body is None else _in_metadata(body) or _cache_key(body)


def _in_metadata(body: Body) -> str | None:
    """Claude Code puts an object with the session into `metadata.user_id`, as text; older ones end in it."""
    raw = body.value("metadata")
    if raw is None:
        return None
    try:
        user_id = decoded(_METADATA, raw).user_id or ""
    except UNREADABLE:
        return None
    try:
        return decoded(_USER_ID, user_id.encode()).session_id
    except UNREADABLE:
        _, found, session = user_id.rpartition("_session_")
        return session if found else None


def _cache_key(body: Body) -> str | None:
    raw = body.value("prompt_cache_key")
    try:
        return decoded(_TEXT, raw) if raw is not None else None
    except UNREADABLE:
        return None
