"""The pages that explain: where a request would go and why, and the newest requests, to ask about one."""

import msgspec
from aiohttp import web

from proxy.server.answers import Answers
from proxy.server.body import read_body
from proxy.server.endpoint import Access, Endpoint
from proxy.wire.failure import FailureKind

_NOBODY = 422
_NO_TOKEN = "The admin token is missing or not valid."  # noqa: S105 -- a sentence


def endpoints(answers: Answers) -> list[Endpoint]:
    async def explain(request: web.Request) -> web.Response:
        found = await answers.explain(await read_body(request, answers.config().server.max_body_mb))
        if not found["refusal"]:
            return _json(found["decision"])
        error = {"type": FailureKind.NO_SERVICE.value, "message": found["refusal"]}
        return _json({"error": error, "decision": found["decision"]}, status=_NOBODY)

    async def get_recent(_request: web.Request) -> web.Response:
        return _json({"recent": await answers.recent()})

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


def _json(value: object, *, status: int = 200) -> web.Response:
    return web.Response(body=msgspec.json.encode(value), status=status, content_type="application/json")
