"""An answer of events that goes on for as long as somebody hears it."""

from collections.abc import AsyncIterator

from aiohttp import web


async def send_events(request: web.Request, events: AsyncIterator[bytes]) -> web.StreamResponse:
    """Ends with the events, or with whoever hears them."""
    response = web.StreamResponse(headers={"content-type": "text/event-stream", "cache-control": "no-cache"})
    await response.prepare(request)
    try:
        async for event in events:
            await response.write(event)
    except ConnectionError:
        pass  # it has heard enough
    return response
