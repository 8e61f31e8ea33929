"""The pages that explain: where a request would go and why, and the newest requests, to ask about one."""

import asyncio
from collections.abc import Mapping
from typing import Any

import msgspec
from aiohttp import web

from proxy.routing.selection.told import told
from proxy.server.body import read_body
from proxy.server.endpoint import Access, Endpoint
from proxy.server.explaining import Explained, Explaining
from proxy.server.recent import Past, Recent
from proxy.wire.failure import FailureKind

_NOBODY = 422
_NO_TOKEN = "The admin token is missing or not valid."  # noqa: S105 -- a sentence


def endpoints(explaining: Explaining, recent: Recent) -> list[Endpoint]:
    async def explain(request: web.Request) -> web.Response:
        data = await read_body(request, explaining.config.server.max_body_mb)
        found = await explaining.explained(await explaining.question(data))
        return _json(told(found.decision)) if not found.refusal else _refused(found)

    async def get_recent(_request: web.Request) -> web.Response:
        newest = list(recent.newest_first())
        rows = await asyncio.to_thread(lambda: [_row(past) for past in newest])
        return _json({"recent": rows})

    return [
        Endpoint(
            method="POST",
            path="/api/explain",
            access=Access.ADMIN,
            handle=explain,
            summary="Where a request would go now, and why; nothing is sent, and nothing changes. The body "
            "holds `body`, and may hold `surface`, `client`, `profile`, `model` and `headers`; or only `id`, "
            "of a recent request.",
            answers={
                200: "The decision.",
                400: "There is no request in it.",
                401: _NO_TOKEN,
                404: "No recent request has that id.",
                422: "Nobody could serve it; `error.message` says why, `decision` what was decided.",
            },
        ),
        Endpoint(
            method="GET",
            path="/api/recent",
            access=Access.ADMIN,
            handle=get_recent,
            summary="The newest requests of clients since the start, each with its first words.",
            answers={200: "At most 200, the newest first.", 401: _NO_TOKEN},
        ),
    ]


def _row(past: Past) -> Mapping[str, Any]:
    return {
        "id": past.id,
        "when": past.when,
        "client": past.client,
        "surface": past.surface.value,
        "model": past.model or None,
        "kind": past.decision.kind.value,
        "tier": past.tier,
        "service": None if past.served is None else str(past.served),
        "sentence": past.sentence,
        "preview": past.preview,
    }


def _refused(found: Explained) -> web.Response:
    error = {"type": FailureKind.NO_SERVICE.value, "message": found.refusal}
    return _json({"error": error, "decision": told(found.decision)}, status=_NOBODY)


def _json(value: object, *, status: int = 200) -> web.Response:
    return web.Response(body=msgspec.json.encode(value), status=status, content_type="application/json")
