"""Answers that stall, break off, or are not what was asked for."""

import asyncio
import zlib

from aiohttp import web

from tests.fakes.fault import Fault
from tests.fakes.formats.speech import Reply
from tests.fakes.script import Turn
from tests.fakes.serving import Serving

SOME = Turn("This is an answer that is long enough to come in several pieces.")
_HTML = b"<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"
_GZIP = 16 + zlib.MAX_WBITS


async def _forever() -> None:
    """Until the client hangs up or the fake ends: both cancel."""
    await asyncio.Event().wait()


def hang_before_headers() -> Fault:
    async def happen(_serving: Serving) -> web.StreamResponse:
        await _forever()
        raise AssertionError("unreachable")

    return Fault("hangs before headers", happen)


def hang_mid_stream(after: int = 3, turn: Turn = SOME) -> Fault:
    """Nothing more comes after so many events, and the connection stays."""

    async def happen(serving: Serving) -> web.StreamResponse:
        response = await serving.begun()
        for piece in serving.pieces(turn)[:after]:
            await response.write(piece)
        await _forever()
        raise AssertionError("unreachable")

    return Fault("hangs mid stream", happen)


def disconnect_before_answer() -> Fault:
    async def happen(serving: Serving) -> web.StreamResponse:
        serving.cut_off()
        return web.Response()

    return Fault("disconnects before the answer", happen)


def disconnect_mid_event(after: int = 3, turn: Turn = SOME) -> Fault:
    """The connection breaks with half of an event, or of a whole answer, on its way."""

    async def happen(serving: Serving) -> web.StreamResponse:
        pieces = serving.pieces(turn)
        half = pieces[min(after, len(pieces) - 1)]
        response = await serving.begun({"content-length": "1000000"})
        for piece in [*pieces[: min(after, len(pieces) - 1)], half[: len(half) // 2]]:
            await response.write(piece)
        serving.close()
        return response

    return Fault("disconnects mid event", happen)


def malformed_event(after: int = 3, turn: Turn = SOME) -> Fault:
    """One event among good ones is broken; a whole answer is cut in half."""

    async def happen(serving: Serving) -> web.StreamResponse:
        pieces = serving.pieces(turn)
        if not serving.asked.stream:
            return serving.replied(Reply(200, pieces[0][: len(pieces[0]) // 2]))
        bad = serving.speech.malformed_event(serving.asked)
        return await serving.sent([*pieces[:after], bad, *pieces[after:]])

    return Fault("malformed event", happen)


def wrong_content_type(turn: Turn = SOME, content_type: str = "text/plain") -> Fault:
    async def happen(serving: Serving) -> web.StreamResponse:
        return serving.replied(Reply(200, b"".join(serving.pieces(turn)), {"content-type": content_type}))

    return Fault("wrong content type", happen)


def gzipped(turn: Turn = SOME) -> Fault:
    """Compressed, whether or not that was allowed; each event is flushed by itself."""

    async def happen(serving: Serving) -> web.StreamResponse:
        response = await serving.begun({"content-encoding": "gzip"})
        gzip = zlib.compressobj(wbits=_GZIP)
        for piece in serving.pieces(turn):
            await response.write(gzip.compress(piece) + gzip.flush(zlib.Z_SYNC_FLUSH))
        await response.write(gzip.flush())
        await response.write_eof()
        return response

    return Fault("gzip", happen)


def drip(gate: asyncio.Event, turn: Turn = SOME, *, before: int = 2) -> Fault:
    """A slow answer: each setting of the gate lets one more event pass, after the first few."""

    async def happen(serving: Serving) -> web.StreamResponse:
        response = await serving.begun()
        for place, piece in enumerate(serving.pieces(turn)):
            if place >= before:
                await gate.wait()
                gate.clear()
            await response.write(piece)
        await response.write_eof()
        return response

    return Fault("drips", happen)


def ok_with_error_body(message: str = "Something went wrong.", code: int = 500) -> Fault:
    """Status 200 above an error."""

    async def happen(serving: Serving) -> web.StreamResponse:
        reply = serving.speech.error(code, message)
        return web.Response(body=reply.body, status=200, headers=reply.headers)

    return Fault("ok with an error body", happen)


def error_first_event(message: str = "Overloaded") -> Fault:
    return error_mid_stream(0, message)


def error_mid_stream(after: int = 3, message: str = "Overloaded", turn: Turn = SOME) -> Fault:
    """A stream that fails, in the format's words, and ends."""

    async def happen(serving: Serving) -> web.StreamResponse:
        pieces = serving.pieces(turn)[:after] if after else []
        return await serving.sent([*pieces, serving.speech.error_event(message, serving.asked)])

    return Fault(f"error after {after} events", happen)


def html_error_page(code: int = 502) -> Fault:
    """What a machine in between says for the vendor."""

    async def happen(_serving: Serving) -> web.StreamResponse:
        return web.Response(body=_HTML, status=code, content_type="text/html")

    return Fault("html error page", happen)


def empty_answer() -> Fault:
    """Status 200, and then nothing."""

    async def happen(serving: Serving) -> web.StreamResponse:
        return await serving.sent([])

    return Fault("empty answer", happen)


def json_when_stream_was_asked(turn: Turn = SOME) -> Fault:
    async def happen(serving: Serving) -> web.StreamResponse:
        return serving.replied(Reply(200, serving.whole(turn)))

    return Fault("json instead of a stream", happen)
