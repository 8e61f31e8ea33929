"""Which conversations stay with which service, for those who look on: no session is called by its own id."""

import asyncio
from collections.abc import Sequence
from typing import Any

from proxy.routing.affinity.affinity import Sitting
from proxy.server.choosing.world import World


async def sessions_told(world: World) -> dict[str, Any]:
    """The newest first, and how many each service has; times are seconds from now."""
    now = world.now()
    sittings = list(world.affinity.live(now))
    services = sorted({each.pin.service for each in sittings})
    counts = {str(each): world.affinity.count_by_service(each, now) for each in services}
    return {"sessions": await asyncio.to_thread(_lines, sittings, now), "services": counts}


def _lines(sittings: Sequence[Sitting], now: float) -> list[dict[str, Any]]:
    """There may be thousands."""
    return [_line(each, now) for each in sorted(sittings, key=lambda each: -each.pin.locked_at)]


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
