"""Which conversations stay with which service, for those who look on: no session is called by its own id."""

from typing import Any

from aiohttp import web

from proxy.routing.affinity.affinity import Sitting
from proxy.server.choosing.world import World
from proxy.server.endpoint import Access, Endpoint


def endpoints(world: World) -> list[Endpoint]:
    async def get_sessions(_request: web.Request) -> web.Response:
        now = world.now()
        sittings = sorted(world.affinity.live(now), key=lambda each: -each.pin.locked_at)
        services = sorted({each.pin.service for each in sittings})
        counts = {str(each): world.affinity.count_by_service(each, now) for each in services}
        return web.json_response({"sessions": [_line(each, now) for each in sittings], "services": counts})

    return [
        Endpoint(
            method="GET",
            path="/api/sessions",
            access=Access.ADMIN,
            handle=get_sessions,
            summary="The services that conversations stay with; times are seconds from now.",
            answers={
                200: "The newest first, and how many each service has; `thread` is not a session's own id.",
                401: "The admin token is missing or not valid.",
            },
        )
    ]


def _line(each: Sitting, now: float) -> dict[str, Any]:
    pin = each.pin
    return {
        "thread": each.thread.hex(),
        "route": each.route,
        "client": each.client,
        "rule": pin.rule or None,
        "matched_rule_index": pin.rule_index,
        "message_id": pin.message_id or None,
        "service": str(pin.service),
        "provider": pin.provider,
        "model": pin.model,
        "tier": pin.tier,
        "requested": pin.requested,
        "score": pin.score,
        "since": round(pin.first_locked - now, 3),
        "expires_in": round(pin.expires_at - now, 3),
        "awaits_result": pin.awaits_result,
        "cached_tokens": pin.prefix if now < pin.warm_until else 0,
    }
