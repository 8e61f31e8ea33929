"""One request on its way to its answer: what answers and faults have at hand."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from aiohttp import web

from tests.fakes.formats.speech import Memory, Refused, Reply, Speech
from tests.fakes.formats.text import encoded
from tests.fakes.script import Asked, Billed, Turn


@dataclass
class Serving:
    request: web.Request
    speech: Speech
    asked: Asked
    number: int
    memory: Memory
    charge: Callable[[str, Billed], None]

    def pieces(self, turn: Turn) -> list[bytes]:
        """The answer, charged: the events of a stream, or one piece where none was asked for.

        As with vendors, whoever hangs up in the middle has paid all the same.
        """
        if not self.asked.stream:
            return [self.whole(turn)]
        return self.speech.stream(self._charged(turn), self.asked, self.number)

    def whole(self, turn: Turn) -> bytes:
        """The answer, charged, in one piece whatever was asked for."""
        return encoded(self.speech.whole(self._charged(turn), self.asked, self.number))

    def _charged(self, turn: Turn) -> Turn:
        turn = self.speech.made_definite(turn, self.number)
        self.charge(self.asked.model, turn.usage)
        self.speech.stored(self.memory, turn, self.asked, self.number)
        return turn

    @cached_property
    def content_type(self) -> str:
        return (
            self.speech.streamed_type(self.asked) if self.asked.stream else self.speech.whole_type(self.asked)
        )

    async def begun(self, headers: Mapping[str, str] | None = None) -> web.StreamResponse:
        """A good answer of which only the head was sent."""
        response = web.StreamResponse(headers={"content-type": self.content_type, **(headers or {})})
        await response.prepare(self.request)
        return response

    async def answered(self, turn: Turn) -> web.StreamResponse:
        if not self.asked.stream:
            return self.replied(Reply(200, self.pieces(turn)[0], {"content-type": self.content_type}))
        return await self.sent(self.pieces(turn))

    async def sent(self, pieces: Iterable[bytes]) -> web.StreamResponse:
        """Each piece by itself."""
        response = await self.begun()
        for piece in pieces:
            await response.write(piece)
        await response.write_eof()
        return response

    def replied(self, reply: Reply) -> web.StreamResponse:
        return web.Response(body=reply.body, status=reply.status, headers=reply.headers)

    def refused(self, refused: Refused) -> web.StreamResponse:
        return self.replied(self.speech.error(refused.status, refused.message, refused.code))

    def cut_off(self) -> None:
        """Breaks the connection, without a goodbye; what has not left yet is lost."""
        assert self.request.transport is not None
        self.request.transport.abort()

    def close(self) -> None:
        """Ends the connection once all that was written has left."""
        assert self.request.transport is not None
        self.request.transport.close()
