"""The request that is to be explained, from a file and flags to what the gateway is asked."""

import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.errors import UsageError, UserError

STDIN = "-"


class UnreadableRequestError(UserError):
    """The file cannot be read, or is no request; the message says where."""

    kind = "unreadable"


@dataclass(frozen=True, slots=True)
class Flags:
    """What is said beside the file; it counts more than what the file says."""

    client: str | None = None
    surface: str | None = None
    headers: tuple[str, ...] = ()
    id: str | None = None


def question(file: str | None, flags: Flags) -> dict[str, Any]:
    """As `POST /api/explain` takes it."""
    if flags.id is not None:
        if file is not None:
            raise UsageError("say either a file or the --id of a recent request")
        return {"id": flags.id}
    if file is None:
        raise UsageError("say which file holds the request; - is what is piped in")
    asked = _as_question(_object_in(file))
    if flags.client is not None:
        asked["client"] = flags.client
    if flags.surface is not None:
        asked["surface"] = flags.surface
    if flags.headers:
        asked["headers"] = {**asked.get("headers", {}), **dict(_headers(flags.headers))}
    return asked


def _as_question(found: Mapping[str, Any]) -> dict[str, Any]:
    """A body by itself is what most people have. No API's body has a `body` or an `id` in it."""
    return dict(found) if "body" in found or "id" in found else {"body": found}


def _object_in(file: str) -> Mapping[str, Any]:
    name = "what was piped in" if file == STDIN else file
    try:
        found = json.loads(_bytes_of(file).decode("utf-8-sig"))
    except OSError as error:
        raise UnreadableRequestError(f"{name} cannot be read: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        raise UnreadableRequestError(f"{name} is not UTF-8 (byte {error.start}).") from error
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise UnreadableRequestError(f"{name} is not JSON: {error.msg} ({where}).") from error
    except RecursionError as error:
        raise UnreadableRequestError(f"{name} is nested too deeply.") from error
    if not isinstance(found, dict):
        raise UnreadableRequestError(f"{name} holds no request: a JSON object is wanted.")
    return found


def _bytes_of(file: str) -> bytes:
    return sys.stdin.buffer.read() if file == STDIN else Path(file).read_bytes()


def _headers(given: Iterable[str]) -> Iterable[tuple[str, str]]:
    for each in given:
        name, colon, value = each.partition(":")
        if not colon or not name.strip():
            raise UsageError(f"--header {each!r}: NAME:VALUE is wanted")
        yield name.strip(), value.strip()
