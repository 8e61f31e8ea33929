"""A pretended provider on loopback: answers Anthropic and OpenAI requests with text that says what it is."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

import msgspec
from aiohttp import web

from proxy.wire.anthropic import errors as anthropic
from proxy.wire.failure import Failure, FailureKind
from proxy.wire.openai_chat import errors as openai_chat

_BETWEEN_WORDS = 0.02
_MAX_BODY = 64 * 1024 * 1024
_CHARACTERS_PER_TOKEN = 4
_REQUEST_ID = "req_demo"


class _StreamOptions(msgspec.Struct):
    include_usage: bool | None = None


class Turn(msgspec.Struct):
    """What the pretended provider reads of a request, in either format; some write null for "as usual"."""

    model: str = "demo"
    messages: list[dict[str, Any]] = []
    stream: bool | None = None
    stream_options: _StreamOptions | None = None

    @property
    def wants_usage(self) -> bool:
        return self.stream_options is not None and bool(self.stream_options.include_usage)


class DemoProvider:
    """Listens on a free port of 127.0.0.1 from `start` to `stop`."""

    def __init__(self) -> None:
        self._runner: web.AppRunner | None = None
        self.url = ""

    async def start(self) -> None:
        application = web.Application(client_max_size=_MAX_BODY)
        application.router.add_post("/v1/messages", _answering(_messages, anthropic.error_body))
        application.router.add_post("/v1/chat/completions", _answering(_chat, openai_chat.error_body))
        self._runner = web.AppRunner(
            application,
            access_log=None,
            handle_signals=False,
            handler_cancellation=True,
            shutdown_timeout=0.1,
        )
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()


Answer = Callable[[web.Request, Turn], Awaitable[web.StreamResponse]]
ErrorBody = Callable[[Failure, str], bytes]


def _answering(
    answer: Answer, error_body: ErrorBody
) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """What is no request in this format is refused in this format, as a real provider does."""

    async def handle(request: web.Request) -> web.StreamResponse:
        try:
            turn = msgspec.json.decode(await request.read(), type=Turn)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            failure = Failure(FailureKind.BAD_REQUEST, f"The request cannot be read: {error}.")
            body = error_body(failure, _REQUEST_ID)
            return web.Response(body=body, status=failure.status, content_type="application/json")
        return await answer(request, turn)

    return handle


async def _messages(request: web.Request, turn: Turn) -> web.StreamResponse:
    text = _text(turn)
    usage = {"input_tokens": _tokens(str(turn.messages)), "output_tokens": _tokens(text)}
    message: dict[str, Any] = {
        "id": "msg_demo",
        "type": "message",
        "role": "assistant",
        "model": turn.model,
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "usage": {**usage, "output_tokens": 1},
    }
    if not turn.stream:
        return _json(
            {
                **message,
                "content": [{"type": "text", "text": text}],
                "stop_reason": "end_turn",
                "usage": usage,
            }
        )
    return await _stream(request, _message_events(message, text, usage))


async def _message_events(message: dict[str, Any], text: str, usage: dict[str, int]) -> AsyncIterator[bytes]:
    block = {"type": "text", "text": ""}
    yield _event({"type": "message_start", "message": message})
    yield _event({"type": "content_block_start", "index": 0, "content_block": block})
    async for word in _slowly(text):
        delta = {"type": "text_delta", "text": word}
        yield _event({"type": "content_block_delta", "index": 0, "delta": delta})
    yield _event({"type": "content_block_stop", "index": 0})
    end = {"stop_reason": "end_turn", "stop_sequence": None}
    yield _event({"type": "message_delta", "delta": end, "usage": usage})
    yield _event({"type": "message_stop"})


async def _chat(request: web.Request, turn: Turn) -> web.StreamResponse:
    text = _text(turn)
    before, after = _tokens(str(turn.messages)), _tokens(text)
    usage = {"prompt_tokens": before, "completion_tokens": after, "total_tokens": before + after}
    answer = {"id": "chatcmpl-demo", "created": 0, "model": turn.model}
    if not turn.stream:
        message = {"role": "assistant", "content": text}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        return _json({**answer, "object": "chat.completion", "choices": [choice], "usage": usage})
    chunk = {**answer, "object": "chat.completion.chunk"}
    return await _stream(request, _chat_chunks(chunk, text, usage if turn.wants_usage else None))


async def _chat_chunks(
    chunk: dict[str, Any], text: str, usage: dict[str, int] | None
) -> AsyncIterator[bytes]:
    def choice(delta: dict[str, str], finish: str | None = None) -> bytes:
        return _data({**chunk, "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]})

    yield choice({"role": "assistant", "content": ""})
    async for word in _slowly(text):
        yield choice({"content": word})
    yield choice({}, "stop")
    if usage is not None:
        yield _data({**chunk, "choices": [], "usage": usage})
    yield b"data: [DONE]\n\n"


def _text(turn: Turn) -> str:
    count = len(turn.messages)
    return (
        "This is the Tierwise demo: no model was asked, and nothing left this computer. "
        f"Your request for {turn.model} with {count} message{'' if count == 1 else 's'} came through the "
        "gateway and back, exactly as it will with a real provider."
    )


def _words(text: str) -> Iterator[str]:
    first, *others = text.split(" ")
    yield first
    yield from (f" {word}" for word in others)


async def _slowly(text: str) -> AsyncIterator[str]:
    """Word by word, at the pace at which a model would speak."""
    for word in _words(text):
        yield word
        await asyncio.sleep(_BETWEEN_WORDS)


def _tokens(text: str) -> int:
    return max(1, len(text) // _CHARACTERS_PER_TOKEN)


def _event(value: dict[str, Any]) -> bytes:
    name: str = value["type"]
    return b"event: " + name.encode() + b"\n" + _data(value)


def _data(value: dict[str, Any]) -> bytes:
    return b"data: " + msgspec.json.encode(value) + b"\n\n"


def _json(value: dict[str, Any]) -> web.Response:
    return web.Response(body=msgspec.json.encode(value), content_type="application/json")


async def _stream(request: web.Request, pieces: AsyncIterator[bytes]) -> web.StreamResponse:
    response = web.StreamResponse(headers={"content-type": "text/event-stream", "cache-control": "no-cache"})
    await response.prepare(request)
    async for piece in pieces:
        await response.write(piece)
    await response.write_eof()
    return response
