"""A request as it comes in: its body read and looked at, its wish understood, its exchange opened."""

import time
from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import web
from multidict import CIMultiDictProxy

from proxy.config import TIER_NAMES, Config, TierName
from proxy.exchange import Exchange, Surface
from proxy.providers.entrance import Task
from proxy.routing.names import spelled
from proxy.routing.selection.selector import Selector
from proxy.routing.service import Service
from proxy.routing.signals import Looked
from proxy.secret import Secret
from proxy.server.body import read_body
from proxy.server.state import CLIENT, EXCHANGE, REQUEST_ID
from proxy.server.tokens import Tokens
from proxy.upstream.asked import Asked, aside
from proxy.wire.anthropic.cache_marks import cache_seconds_in
from proxy.wire.anthropic.errors import THREAD_UNSUPPORTED
from proxy.wire.failure import Failure, FailureKind
from proxy.wire.format import Format
from proxy.wire.openai_chat.shape import is_responses_shaped
from proxy.wire.peek import asked as peeked
from proxy.wire.splice import Body

FORMATS = {
    Surface.MESSAGES: Format.ANTHROPIC,
    Surface.CHAT: Format.OPENAI_CHAT,
    Surface.RESPONSES: Format.RESPONSES,
    Surface.GEMINI: Format.GEMINI,
    Surface.EMBEDDINGS: Format.OPENAI_CHAT,
}

_ENCODING = "content-encoding"
"""What is sent on is what was read, which is not encoded any longer."""


@dataclass(frozen=True, slots=True)
class Named:
    """What the address of a request says, for those who do not put it into the body."""

    model: str
    streamed: bool
    as_array: bool = False


async def incoming(
    request: web.Request,
    surface: Surface,
    config: Config,
    tokens: Tokens,
    task: Task = Task.ANSWER,
    named: Named | None = None,
) -> Asked:
    data = await read_body(request, config.server.max_body_mb)
    body, cache_seconds = await aside(lambda: (Body(data), cache_seconds_in(data)), len(data))
    if surface is Surface.MESSAGES:
        _refuse_threads(body)
    told = peeked(body) if named is None else None
    exchange = Exchange(
        id=request[REQUEST_ID],
        surface=surface,
        client=request[CLIENT],
        requested_model=named.model if named is not None else told.model if told is not None else None,
        format=FORMATS[surface],
        profile=request.match_info.get("profile", ""),
        streamed=named.streamed if named is not None else bool(told is not None and told.stream),
        as_array=named is not None and named.as_array,
        received=time.time(),
        opened=time.monotonic(),
        cache_seconds=cache_seconds,
        is_explained=request.headers.get("x-tierwise-debug") == "1",
        credential=_clients_own(request.headers, tokens),
    )
    request[EXCHANGE] = exchange
    return Asked(
        exchange,
        body,
        tuple((name, value) for name, value in request.headers.items() if name.lower() != _ENCODING),
        request.rel_url.raw_query_string,
        task,
        written_in=Format.RESPONSES if surface is Surface.CHAT and is_responses_shaped(body) else None,
    )


def _refuse_threads(body: Body) -> None:
    """A thread is kept by one provider, which is sent only what is new; then nobody else could go on."""
    thread = body.value("thread")
    if thread is not None and bytes(thread) != b"null":
        raise Failure(
            FailureKind.BAD_REQUEST,
            "Tierwise keeps no threads: send the whole conversation, without `thread`.",
            code=THREAD_UNSUPPORTED,
        )


def looked_at(request: web.Request, asked: Asked, selector: Selector) -> Looked:
    """The request as its signals are read from it."""
    exchange = asked.exchange
    model = exchange.requested_model or ""
    route = selector.route(exchange.client, exchange.surface, model, exchange.profile)
    return Looked(
        body=asked.body,
        format=asked.written_in or exchange.format,
        surface=exchange.surface,
        client=exchange.client,
        profile=exchange.profile,
        model=model,
        headers=request.headers,
        is_count=asked.task is Task.COUNT,
        anonymous=route.affinity.anonymous,
        address=request.remote or "",
    )


def probed(headers: Mapping[str, str], selector: Selector) -> Service | None:
    """The service that a header names, so that it and no other is asked."""
    value = headers.get("x-tierwise-service")
    if value is None:
        return None
    service = Service.named(value.strip())
    if service is None:
        raise Failure(
            FailureKind.BAD_REQUEST, "x-tierwise-service names no service: provider/model is wanted."
        )
    known = spelled(selector.config, service)
    if known is None:
        raise Failure(
            FailureKind.BAD_REQUEST,
            f'x-tierwise-service: provider not found: none is called "{service.provider[:100]}".',
        )
    return known


def forced_tier(headers: Mapping[str, str]) -> TierName | None:
    """The tier that a header asks for."""
    return _forced(headers.get("x-tierwise-tier"))


def _forced(value: str | None) -> TierName | None:
    if value is None:
        return None
    found = next((tier for tier in TIER_NAMES if tier == value.strip().upper()), None)
    if found is None:
        allowed = ", ".join(TIER_NAMES)
        raise Failure(FailureKind.BAD_REQUEST, f"x-tierwise-tier names no tier; there are {allowed}.")
    return found


def _clients_own(headers: CIMultiDictProxy[str], tokens: Tokens) -> Secret | None:
    """The credential beside our own token, which only the first of the two headers can be."""
    if not headers.get("x-tierwise-token"):
        return None
    scheme, _, bearer = headers.get("authorization", "").partition(" ")
    for carried in (bearer.strip() if scheme.lower() == "bearer" else "", headers.get("x-api-key", "")):
        if carried and tokens.client_of(carried) is None and not tokens.is_admin(carried):
            return Secret(carried)
    return None
