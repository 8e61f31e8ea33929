"""How much of what providers allow is used up, as it was heard on the way or, on request, asked for now."""

import msgspec
from aiohttp import web

from proxy.server.endpoint import Access, Endpoint
from proxy.server.quotas import Quotas


def endpoints(quotas: Quotas) -> list[Endpoint]:
    async def get_quota(request: web.Request) -> web.Response:
        wants_news = request.query.get("refresh") == "1"
        quota = await quotas.asked_for() if wants_news else quotas.known()
        return web.Response(body=msgspec.json.encode(quota), content_type="application/json")

    return [
        Endpoint(
            method="GET",
            path="/api/quota",
            access=Access.ADMIN,
            handle=get_quota,
            summary="How much of limits, plans and balances is used; `refresh=1` asks for balances now.",
            answers={
                200: "What is known of every enabled provider; null is unknown.",
                401: "The admin token is missing or not valid.",
            },
        )
    ]
