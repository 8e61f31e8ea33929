"""How many tokens a prompt would be: an estimate at once, or an exact count where that costs nothing.

Clients ask dozens of times in a row, so nothing is recorded, nobody's limits are used up, and an estimate
takes a few milliseconds at most.
"""

from aiohttp import web

from proxy.exchange import Surface
from proxy.providers.entrance import Task
from proxy.providers.speakers import speakers
from proxy.routing.selection.request import Said
from proxy.server.choosing.choosing import Choosing
from proxy.server.choosing.plans import plan_of
from proxy.server.incoming import Named, forced_tier, incoming, looked_at, probed
from proxy.server.loops import LoopGuard
from proxy.server.tokens import Tokens
from proxy.upstream.asked import Asked, aside
from proxy.upstream.counting import Counter
from proxy.wire.estimate import estimate_tokens


class Counting:
    """Answers count requests of all formats that have them."""

    def __init__(self, choosing: Choosing, counter: Counter, tokens: Tokens, loops: LoopGuard) -> None:
        self._choosing = choosing
        self._loops = loops
        self._counter = counter
        self._tokens = tokens

    async def messages(self, request: web.Request) -> web.Response:
        self._loops.check(request.headers)
        asked = await incoming(
            request, Surface.MESSAGES, self._choosing.selector.config, self._tokens, Task.COUNT
        )
        return await self._counted(request, asked, "input_tokens")

    async def gemini(self, request: web.Request, named: Named) -> web.Response:
        self._loops.check(request.headers)
        asked = await incoming(
            request, Surface.GEMINI, self._choosing.selector.config, self._tokens, Task.COUNT, named
        )
        return await self._counted(request, asked, "totalTokens")

    async def _counted(self, request: web.Request, asked: Asked, name: str) -> web.Response:
        data = asked.body.data
        estimate = await aside(lambda: estimate_tokens(data, asked.format), len(data))
        exact = await self._exact(request, asked)
        if exact is not None:
            return web.Response(body=exact, content_type="application/json")
        return web.json_response({name: estimate})

    async def _exact(self, request: web.Request, asked: Asked) -> bytes | None:
        """From the one who would be asked; deciding that leaves no trace."""
        selector = self._choosing.selector
        looked = looked_at(request, asked, selector)
        signals = await self._choosing.signals(selector, asked, looked)
        said = Said(
            service=probed(request.headers, selector),
            tier=forced_tier(request.headers),
            speakers=tuple(speakers(selector.config, asked.format, Task.ANSWER)),
        )
        decision = self._choosing.decide(selector, signals, asked.exchange, said)
        if decision.refusal is not None:
            return None
        return await self._counter.count(asked, plan_of(decision), selector.config)
