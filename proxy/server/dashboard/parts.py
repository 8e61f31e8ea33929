"""Pages are made of parts. One that fails says so in its place, and the others are there all the same."""

import sqlite3
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

import msgspec
from aiohttp import web

from proxy import log
from proxy.ledger.ledger import Ledger, LedgerError
from proxy.server.dashboard.record import ask
from proxy.wire.failure import Failure

_log = log.area("server")

Question = Callable[[sqlite3.Connection], Any]

_MISTAKE = "Tierwise made a mistake; its log says more."


async def answered(ledger: Ledger, questions: Mapping[str, Question]) -> dict[str, Any]:
    """Each question's answer, or in its place what went wrong; all as of one moment."""

    def ask_all(connection: sqlite3.Connection) -> dict[str, Any]:
        return {
            name: part(name, partial(ledger.watched, question, connection))
            for name, question in questions.items()
        }

    try:
        return await ask(ledger, ask_all)
    except LedgerError as error:
        return {name: failed("ledger", str(error)) for name in questions}


def page(
    name: str, make: Callable[[web.Request], Awaitable[Any]]
) -> Callable[[web.Request], Awaitable[web.Response]]:
    """An answer of one part: if that fails there is nothing else to show."""

    async def handle(request: web.Request) -> web.Response:
        try:
            return _json(await make(request))
        except Failure:
            raise
        except LedgerError as error:
            return _json(failed(f"{name}_unavailable", str(error)), status=503)
        except Exception as error:  # noqa: BLE001 -- the edge of a page: it is told in the words of its parts
            return _json(_told(name, error), status=500)

    return handle


def failed(kind: str, detail: str) -> dict[str, str]:
    return {"error": kind, "detail": detail}


def part(name: str, make: Callable[[], Any]) -> Any:
    """What is made, or what went wrong with it."""
    try:
        return make()
    except Exception as error:  # noqa: BLE001 -- the edge of a part: a bug in one must not take the others with it
        return _told(name, error)


async def part_to_come(name: str, make: Callable[[], Awaitable[Any]]) -> Any:
    """The same for what takes a while."""
    try:
        return await make()
    except Exception as error:  # noqa: BLE001 -- as above
        return _told(name, error)


def _told(name: str, error: Exception) -> dict[str, str]:
    if isinstance(error, sqlite3.Error):
        _log.warning("%s cannot be read: %s", name, error)
        return failed(f"{name}_unavailable", f"The record cannot be read: {error}.")
    _log.error("%s failed", name, exc_info=error)
    return failed(f"{name}_failed", _MISTAKE)


def _json(value: object, *, status: int = 200) -> web.Response:
    return web.Response(body=msgspec.json.encode(value), status=status, content_type="application/json")
