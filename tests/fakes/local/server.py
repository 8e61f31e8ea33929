"""The sockets of a pretended local model server, and all that has come to them.

A fake derives from `FakeLocal` and says what it answers, by method and path:

    @dataclass(kw_only=True)
    class FakeThing(FakeLocal):
        greeting: str = "hello"

        def answers(self) -> Answers:
            return {"GET /": self._greeting, "POST /v1/chat/completions": self._chat}

        async def _greeting(self, asked: Asked) -> web.StreamResponse:
            return web.Response(text=self.greeting)

    async with FakeThing(host="::1").running() as server:
        await look_at(server.url)
    assert server.was_only_looked_at
    assert [each.line for each in server.seen] == ["GET /", "GET /v1/models"]

A path may end with a name in braces (`GET /v1/models/{name}`; the name may hold slashes), which is then in
`asked.named`. What has no answer goes to `otherwise`: 404, or 405 where another method has one; a fake whose
real server does something else overrides it. What comes before every answer (a key, a guard of the Host) is
said by `before`. `headers` are on every answer, as the `Server` of llama.cpp is; without one there is none.
HEAD is answered like GET. `written` begins an answer that is streamed.

`running()` may be entered again after it was left, and then the server is back at the same port.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Self

from aiohttp import hdrs, web
from multidict import CIMultiDictProxy

_LOOKING = ("GET", "HEAD")
_LARGEST = 64 * 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One request, read to its end."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: CIMultiDictProxy[str]
    content: bytes
    request: web.Request = field(repr=False, compare=False)
    """For answers that are written piece by piece."""
    named: str = ""
    """What stood where the answer's path has a name in braces."""

    @property
    def line(self) -> str:
        return f"{self.method} {self.path}"

    @cached_property
    def body(self) -> Any:
        """The JSON that was sent; None where nothing was, or something else."""
        try:
            return json.loads(self.content)
        except ValueError:
            return None

    @property
    def key(self) -> str:
        """The key that was shown, wherever the client put it."""
        shown = self.headers.get("authorization", "").removeprefix("Bearer ").strip()
        return shown or self.headers.get("x-api-key", "")


Answer = Callable[[Asked], Awaitable[web.StreamResponse]]
Answers = Mapping[str, Answer]


@dataclass(kw_only=True)
class FakeLocal:
    """A server that listens where it is told, and remembers what it was asked."""

    host: str = "127.0.0.1"
    port: int = 0
    """0: any that is free. Once it runs, the one it has."""
    seen: list[Asked] = field(default_factory=list)
    """Whatever has come, answered or not."""
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    """Set whenever something comes; clear it to wait for the next."""
    goes_on: asyncio.Event = field(default_factory=asyncio.Event)
    """Clear it, and nothing is answered until it is set again: how a busy server looks."""

    def __post_init__(self) -> None:
        self.goes_on.set()

    def answers(self) -> Answers:
        raise NotImplementedError

    async def before(self, asked: Asked) -> web.StreamResponse | None:
        """An answer that stands before all others, if it has one."""
        return None

    async def otherwise(self, asked: Asked) -> web.StreamResponse:
        others = any(_matched(line.partition(" ")[2], asked.path) is not None for line in self.answers())
        return web.json_response({"detail": "Not Found"}, status=405 if others else 404)

    def headers(self) -> Mapping[str, str]:
        """What it puts into the head of every answer."""
        return {}

    @property
    def url(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    @property
    def lines(self) -> list[str]:
        """What was asked, method and path."""
        return [each.line for each in self.seen]

    @property
    def was_only_looked_at(self) -> bool:
        """Nothing came that might change anything, and no key was shown."""
        return all(each.method in _LOOKING and not each.content and not each.key for each in self.seen)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Self]:
        application = web.Application(client_max_size=_LARGEST)
        application.router.add_route("*", "/{path:.*}", self._handled)
        application.on_response_prepare.append(self._dressed)
        runner = web.AppRunner(
            application,
            handle_signals=False,
            handler_cancellation=True,
            shutdown_timeout=0.1,
            access_log=None,
        )
        await runner.setup()
        try:
            await web.TCPSite(runner, self.host, self.port, reuse_address=True).start()
            self.port = runner.addresses[0][1]
            yield self
        finally:
            await runner.cleanup()

    async def _handled(self, request: web.Request) -> web.StreamResponse:
        asked = Asked(
            method=request.method,
            path=request.path,
            query=dict(request.query),
            headers=request.headers,
            content=await request.read(),
            request=request,
        )
        self.seen.append(asked)
        self.arrived.set()
        await self.goes_on.wait()
        return await self.before(asked) or await self._answered(asked)

    async def _answered(self, asked: Asked) -> web.StreamResponse:
        method = "GET" if asked.method == "HEAD" else asked.method
        for line, answer in self.answers().items():
            its_method, _, path = line.partition(" ")
            named = _matched(path, asked.path)
            if its_method == method and named is not None:
                return await answer(replace(asked, named=named))
        return await self.otherwise(asked)

    async def _dressed(self, request: web.Request, answered: web.StreamResponse) -> None:
        del answered.headers[hdrs.SERVER]
        answered.headers.update(self.headers())


async def written(asked: Asked, content_type: str) -> web.StreamResponse:
    """The head of an answer whose pieces are then written one by one."""
    answered = web.StreamResponse(headers={hdrs.CONTENT_TYPE: content_type})
    await answered.prepare(asked.request)
    return answered


def _matched(path: str, asked: str) -> str | None:
    """The part of what was asked that stands for the name; None if it is another path."""
    fixed, brace, _ = path.partition("{")
    if not brace:
        return "" if asked == path else None
    return asked[len(fixed) :] if asked.startswith(fixed) and len(asked) > len(fixed) else None
