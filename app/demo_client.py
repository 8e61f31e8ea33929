"""Asking the demo one question, as a client program would: over HTTP, with a token, streamed."""

from collections.abc import AsyncIterator
from typing import Any

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
                        yield _text_in(msgspec.json.decode(line[6:]))
        except aiohttp.ClientError as error:
            raise DemoError(f"The demo at {self._url} cannot be reached: {error}") from error


def _text_in(event: dict[str, Any]) -> str:
    text = event.get("delta", {}).get("text", "")
    return text if isinstance(text, str) else ""
