"""Which conversation a request belongs to, told by what clients send of their own accord."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Literal

from msgspec import Raw, Struct

from proxy.routing.signals.leniently import Leniently, first, text
from proxy.wire.reading import ABSENT
from proxy.wire.splice import Body

Origin = Literal["header", "body", "call_ids", "fingerprint", "ip", "none"]
Anonymous = Literal["call_ids", "fingerprint", "ip", "none"]


@dataclass(frozen=True, slots=True)
class SessionId:
    id: str | None
    origin: Origin


_HEADERS = (
    "x-claude-code-session-id",
    "session-id",
    "session_id",
    "x-session-id",
    "x-session-affinity",
    "thread-id",
    "conversation_id",
)
_WINDOW = "x-codex-window-id"
_OURS = "x-tierwise-session"
_GENERATION = re.compile(r":\d{1,9}$")
"""Codex counts how often a window was compacted behind its id; the conversation stays the same."""

_LONGEST = 200


class _Metadata(Struct):
    user_id: Raw = ABSENT


class _UserId(Struct):
    session_id: str | None = None


_METADATA, _USER_ID = Leniently(_Metadata), Leniently(_UserId)


def resolve_session_id(
    headers: Mapping[str, str],
    body: Body | None,
    anonymous: Anonymous = "none",
    fingerprint: str | None = None,
    address: str = "",
) -> SessionId:
    """The client's own id of the conversation; without one, what `anonymous` makes of the request."""
    for name in _HEADERS:
        if own := _kept(headers.get(name, "")):
            return SessionId(own, "header")
    if window := _kept(_GENERATION.sub("", headers.get(_WINDOW, "").strip())):
        return SessionId(window, "header")
    if body is not None and (said := _kept(_in_metadata(body)) or _kept(_cache_key(body))):
        return SessionId(said, "body")
    if ours := _kept(headers.get(_OURS, "")):
        return SessionId(ours, "header")
    if anonymous == "fingerprint":
        return SessionId(fingerprint, "fingerprint")
    return SessionId(address or None if anonymous == "ip" else None, anonymous)


def agent_of(headers: Mapping[str, str], session: SessionId) -> str:
    """Who of a conversation's agents asks: clients name all but the first of them."""
    if named := _kept(headers.get("x-claude-code-agent-id", "")):
        return named
    thread = _kept(headers.get("thread-id", ""))
    return thread if thread and thread != session.id else "main"


def fingerprint_of(first_words: str, system: str, user_agent: str) -> str | None:
    """An id for conversations that begin alike; two of them that do are taken for one."""
    if not first_words:
        return None
    content = "\0".join((first_words[:2000], system[:500], user_agent))
    return "fp-" + blake2b(content.encode("utf-8", "replace"), digest_size=16).hexdigest()


def _kept(value: str) -> str:
    """An id is kept and shown, so one without end becomes its hash."""
    value = value.strip()
    if len(value) <= _LONGEST:
        return value
    return "h-" + blake2b(value.encode("utf-8", "replace"), digest_size=16).hexdigest()


def _in_metadata(body: Body) -> str:
    """Claude Code puts an object with the session into `metadata.user_id`, as text; older ones end in it."""
    metadata = body.value("metadata")
    if metadata is None:
        return ""
    user_id = text(_METADATA.read(metadata).user_id).strip()
    raw = user_id.encode("utf-8", "replace")
    if first(raw) == "{":
        return _USER_ID.read(raw).session_id or ""
    _, found, session = user_id.rpartition("_session_")
    return session if found else ""


def _cache_key(body: Body) -> str:
    key = body.value("prompt_cache_key")
    return "" if key is None else text(key)
