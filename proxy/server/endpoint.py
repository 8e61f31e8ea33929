"""What an endpoint is: the one table from which routes, access rules and the API description are made."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from aiohttp import web

from proxy.wire.formats import Format

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Schema = Mapping[str, Any]


class Access(Enum):
    """Who may call: anybody on this machine, a client with its token, or the user's own tools."""

    OPEN = "open"
    CLIENT = "client"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One method of one path, with everything others need to know about it."""

    method: str
    path: str
    access: Access
    handle: Handler
    summary: str
    answers: Mapping[int, str]
    speaks: Format = Format.OPENAI_CHAT
    request: Schema = field(default_factory=dict)
    response: Schema = field(default_factory=dict)
    prefixed: bool = False
    """Also under /c/{client}[@profile], where a client's requests carry its name in the path."""
