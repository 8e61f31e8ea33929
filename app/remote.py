"""Talking to a running Tierwise from another process: what the command line does."""

import http.client
import json
from typing import Any
from urllib.parse import urlsplit

from app.errors import UserError
from app.instance import Instance

_PATIENCE_SECONDS = 5.0
_FIRST_ERROR = 400


class UnreachableError(UserError):
    """The instance holds its lock, but does not answer."""

    kind = "unreachable"


class RefusedError(UserError):
    """The instance answered that it will not; the message is its own."""

    kind = "refused"


def call(instance: Instance, method: str, path: str) -> dict[str, Any]:
    """One request to the admin API; the answer's JSON object."""
    where = urlsplit(instance.url)
    connection = http.client.HTTPConnection(
        where.hostname or "127.0.0.1", where.port, timeout=_PATIENCE_SECONDS
    )
    try:
        connection.request(method, path, headers={"x-tierwise-token": instance.admin_token})
        response = connection.getresponse()
        answer = json.loads(response.read())
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise UnreachableError(
            f"Tierwise (process {instance.pid}) does not answer at {instance.url}: {error}. "
            "Its logs may say why; ending that process helps."
        ) from error
    finally:
        connection.close()
    if not isinstance(answer, dict):
        raise UnreachableError(f"What answers at {instance.url} is not Tierwise (process {instance.pid}).")
    if response.status >= _FIRST_ERROR:
        raise RefusedError(_told(answer) or f"Tierwise refused {method} {path} with {response.status}.")
    return answer


def _told(answer: dict[str, Any]) -> str:
    error = answer.get("error")
    message = error.get("message") if isinstance(error, dict) else None
    return message if isinstance(message, str) else ""
