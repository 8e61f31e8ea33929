"""Talking to a running Tierwise from another process: what the command line does."""

import http.client
import json
from typing import Any
from urllib.parse import urlsplit

from app.errors import UserError
from app.instance import Instance

_PATIENCE_SECONDS = 5.0


class UnreachableError(UserError):
    """The instance holds its lock, but does not answer."""

    kind = "unreachable"


def call(instance: Instance, method: str, path: str) -> dict[str, Any]:
    """One request to the admin API; the answer's JSON object."""
    where = urlsplit(instance.url)
    connection = http.client.HTTPConnection(
        where.hostname or "127.0.0.1", where.port, timeout=_PATIENCE_SECONDS
    )
    try:
        connection.request(method, path, headers={"x-tierwise-token": instance.admin_token})
        answer: dict[str, Any] = json.loads(connection.getresponse().read())
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise UnreachableError(
            f"Tierwise (process {instance.pid}) does not answer at {instance.url}: {error}. "
            "Its logs may say why; ending that process helps."
        ) from error
    finally:
        connection.close()
    return answer
