"""One tier for everything, for a while: what a tray offers to somebody in the middle of something hard."""

from math import inf
from typing import Annotated, Any

import msgspec
from aiohttp import web
from msgspec import Meta

from proxy.config import TIER_NAMES, TierName
from proxy.routing.selection.snapshot import Override
from proxy.server.choosing.world import World
from proxy.server.endpoint import Access, Endpoint

_PATH = "/api/routing/override"
_LONGEST_MINUTES = 7 * 24 * 60


class Wanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    tier: str
    minutes: Annotated[float, Meta(gt=0, le=_LONGEST_MINUTES)] | None = None
    """None: until the program ends."""


def endpoints(world: World) -> list[Endpoint]:
    async def get_override(_request: web.Request) -> web.Response:
        return web.json_response({"override": told(world)})

    async def put_override(request: web.Request) -> web.Response:
        try:
            wanted = msgspec.json.decode(await request.read(), type=Wanted)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            return _refused(str(error))
        tier = next((tier for tier in TIER_NAMES if tier == wanted.tier.strip().upper()), None)
        if tier is None:
            return _refused(f"No such tier; there are {', '.join(TIER_NAMES)}.")
        set_for_all(world, tier, wanted.minutes)
        return web.json_response({"override": told(world)})

    async def delete_override(_request: web.Request) -> web.Response:
        world.force(None)
        return web.json_response({"override": None})

    return [
        _endpoint("GET", get_override, "The tier that is set for everything; null where the turns decide."),
        _endpoint("PUT", put_override, "Set a tier for everything, for some minutes or until the end."),
        _endpoint("DELETE", delete_override, "Let every turn decide again."),
    ]


def _refused(why: str) -> web.Response:
    return web.json_response({"error": {"type": "bad_request", "message": why}}, status=400)


def set_for_all(world: World, tier: TierName, minutes: float | None) -> None:
    """Until the program ends without minutes."""
    world.force(Override(tier, world.now() + (inf if minutes is None else minutes * 60)))


def told(world: World) -> dict[str, Any] | None:
    """None once it has ended."""
    override, now = world.override, world.now()
    if override is None or now >= override.until:
        return None
    seconds = override.until - now
    return {"tier": override.tier, "ends_in": None if seconds == float("inf") else round(seconds, 3)}


def _endpoint(method: str, handle: Any, summary: str) -> Endpoint:
    answers = {
        200: "What holds from the next typed turn on.",
        401: "The admin token is missing or not valid.",
    }
    if method == "PUT":
        answers[400] = "No tier is named, or no time between now and a week."
    return Endpoint(
        method=method, path=_PATH, access=Access.ADMIN, handle=handle, summary=summary, answers=answers
    )
