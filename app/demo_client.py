"""Asking the demo one question, as a client program would: over HTTP, with a token, streamed."""

from collections.abc import AsyncIterator

import aiohttp
import msgspec

from app.errors import UserError
from proxy.secret import Secret

_PATIENCE = aiohttp.ClientTimeout(total=None, sock_connect=5, sock_read=30)


class DemoError(UserError):
    """The demo did not answer as it should."""

    kind = "demo"


class DemoClient:
    """Speaks Anthropic Messages to one gateway, and remembers who served the last answer."""

    def __init__(self, url: str, token: Secret) -> None:
        self._url = url
        self._token = token
        self.served_by = "unknown"

    async def ask(self, question: str) -> AsyncIterator[str]:
        """The words of the answer, as they come."""
        body = {
            "model": "auto",
            "max_tokens": 200,
            "stream": True,
            "messages": [{"role": "user", "content": question}],
        }
        headers = {"x-api-key": self._token.reveal(), "content-type": "application/json"}
        try:
            async with (
                aiohttp.ClientSession(timeout=_PATIENCE) as session,
                session.post(f"{self._url}/v1/messages", json=body, headers=headers) as answer,
            ):
                if answer.status != 200:
                    raise DemoError(f"The demo answered {answer.status}: {await answer.text()}")
                self.served_by = answer.headers.get("x-tierwise-service", "unknown")
                async for line in answer.content:
                    if line.startswith(b"data: "):
                        yield _text_in(line[6:])
        except aiohttp.ClientError as error:
            raise DemoError(f"The demo at {self._url} cannot be reached: {error}") from error


class _Delta(msgspec.Struct):
    text: str = ""


class _Problem(msgspec.Struct):
    message: str = ""


class _Event(msgspec.Struct):
    """What we read of the events of an answer, whichever type they are of."""

    delta: _Delta = msgspec.field(default_factory=_Delta)
    error: _Problem | None = None


def _text_in(data: bytes) -> str:
    """The words in an event. Once an answer has begun, only an event can say that it failed."""
    try:
        event = msgspec.json.decode(data, type=_Event)
    except msgspec.DecodeError as error:
        raise DemoError(f"The demo answered with something that is no event: {error}") from error
    if event.error is not None:
        raise DemoError(event.error.message or "The demo could not finish its answer.")
    return event.delta.text
