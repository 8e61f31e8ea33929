"""Asking one place what it is: short, harmless questions, and no answer can hold anybody up.

Only GET, without keys, cookies, redirects or the environment's proxies, and never with the name of a model
that is not in memory: so nothing is loaded, started or woken by being asked. What answers may be anything at
all, so the time and the size of every answer are limited, and what cannot be read is simply no answer.
"""

import asyncio
import errno
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import aiohttp
import msgspec
from yarl import URL

from proxy.local.place import Place
from proxy.version import __version__

PLACE_SECONDS = 1.0
"""For all that is asked at one place."""
_CONNECT_SECONDS = 0.3
_ANSWER_SECONDS = 0.6
_LARGEST = 512 * 1024
_PIECE = 16 * 1024
_MOST_FAILURES = 2
_OUR_OWN_LACK = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)
_HEADERS = {
    "accept": "application/json, text/plain",
    "accept-encoding": "identity",
    "user-agent": f"tierwise/{__version__}",
}


@dataclass(frozen=True)
class Reply:
    """An answer, as far as it was read."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    @property
    def is_good(self) -> bool:
        return self.status == 200

    @cached_property
    def json(self) -> Any:
        """None for what is no JSON."""
        try:
            return msgspec.json.decode(self.body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return None

    @property
    def object(self) -> Mapping[str, Any]:
        """The members of a good answer; none where it is anything else."""
        told = self.json if self.is_good else None
        return told if isinstance(told, dict) else {}

    @property
    def text(self) -> str:
        return self.body.decode(errors="replace").strip() if self.is_good else ""


NO_REPLY = Reply(0, {}, b"")
"""Nobody answered, or nothing that could be read."""


class GoneError(Exception):
    """Nobody listens there."""


class MuteError(Exception):
    """Somebody listens there, but gives no answers that can be read: it makes no sense to go on."""


class Asker:
    """Asks one place; each question once, however many want to know."""

    def __init__(self, session: aiohttp.ClientSession, place: Place) -> None:
        self.place = place
        self.is_slow = False
        """Whether an answer was waited for in vain: whoever is there may just be busy."""
        self.is_cut = False
        """Whether an answer was too long to be read."""
        self._session = session
        self._replies: dict[str, Reply] = {}
        self._failures = 0

    async def get(self, path: str) -> Reply:
        """What is answered at a path below the place; GoneError or MuteError if there is no use in asking."""
        known = self._replies.get(path)
        if known is None:
            known = self._replies[path] = await self._asked(path)
        return known

    async def _asked(self, path: str) -> Reply:
        try:
            reply = await self._answer(self.place.url + path)
        except aiohttp.ClientSSLError:
            pass  # somebody is there, and is not trusted, or does not speak TLS
        except aiohttp.ClientConnectorError as error:
            if error.os_error.errno not in _OUR_OWN_LACK:
                raise GoneError from error
            self.is_slow = True
        except TimeoutError:
            self.is_slow = True
        except (aiohttp.ClientError, OSError, ValueError):
            pass
        else:
            self._failures = 0
            return reply
        self._failures += 1
        if self._failures >= _MOST_FAILURES:
            raise MuteError
        return NO_REPLY

    async def _answer(self, url: str) -> Reply:
        timeout = aiohttp.ClientTimeout(total=_ANSWER_SECONDS, sock_connect=_CONNECT_SECONDS)
        async with self._session.get(
            URL(url, encoded=url.isascii()), headers=_HEADERS, allow_redirects=False, timeout=timeout
        ) as response:
            body = bytearray()
            while len(body) < _LARGEST and (piece := await response.content.read(_PIECE)):
                body += piece
                await asyncio.sleep(0)  # a fast flood leaves room for others, and lets time-outs strike
            self.is_cut = self.is_cut or len(body) >= _LARGEST
            return Reply(response.status, response.headers, bytes(body))


def asking_session() -> aiohttp.ClientSession:
    """Connections that are used once, so that none stays open towards whatever only looked promising."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0, force_close=True),
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        trust_env=False,
    )
