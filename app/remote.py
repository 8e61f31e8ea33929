"""Talking to a running Tierwise from another process: what the command line does."""

import http.client
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
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
    """The instance answered that it will not; the message is its own, `answer` all that came with it."""

    kind = "refused"

    def __init__(self, message: str, answer: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.answer = answer or {}


def call(instance: Instance, method: str, path: str, body: object = None) -> dict[str, Any]:
    """One request to the admin API, with a body as JSON if there is one; the answer's JSON object."""
    with _response(instance, method, path, _PATIENCE_SECONDS, body) as response:
        answer = json.loads(response.read())
    if not isinstance(answer, dict):
        raise UnreachableError(f"What answers at {instance.url} is not Tierwise (process {instance.pid}).")
    _refuse_errors(response.status, answer, f"{method} {path}")
    return answer


def lines(instance: Instance, method: str, path: str, patience: float) -> Iterator[dict[str, Any]]:
    """One request whose answer is a JSON object on each line, as the lines come; `patience` is for each."""
    with _response(instance, method, path, patience) as response:
        if response.status >= _FIRST_ERROR:
            _refuse_errors(response.status, json.loads(response.read()), f"{method} {path}")
        for line in response:
            yield json.loads(line)


@contextmanager
def _response(
    instance: Instance, method: str, path: str, patience: float, body: object = None
) -> Iterator[http.client.HTTPResponse]:
    where = urlsplit(instance.url)
    connection = http.client.HTTPConnection(where.hostname or "127.0.0.1", where.port, timeout=patience)
    try:
        headers = {"x-tierwise-token": instance.admin_token}
        data = None if body is None else json.dumps(body).encode()
        connection.request(method, path, data, headers)
        yield connection.getresponse()
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise UnreachableError(
            f"Tierwise (process {instance.pid}) does not answer at {instance.url}: {error}. "
            "Its logs may say why; ending that process helps."
        ) from error
    finally:
        connection.close()


def _refuse_errors(status: int, answer: Any, what: str) -> None:
    if status >= _FIRST_ERROR:
        told = answer if isinstance(answer, dict) else {}
        raise RefusedError(_told(told) or f"Tierwise refused {what} with {status}.", told)


def _told(answer: dict[str, Any]) -> str:
    error = answer.get("error")
    message = error.get("message") if isinstance(error, dict) else None
    return message if isinstance(message, str) else ""
