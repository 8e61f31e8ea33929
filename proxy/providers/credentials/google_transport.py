"""How google-auth asks for its tokens: by the standard library, so that no second HTTP stack comes along."""

import http.client
import ssl
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any

from google.auth import exceptions, transport

_SECONDS = 30.0


class Response(transport.Response):
    """An answer, read to its end."""

    def __init__(self, status: int, headers: Mapping[str, str], data: bytes) -> None:
        self._status = status
        self._headers = headers
        self._data = data

    @property
    def status(self) -> int:
        return self._status

    @property
    def headers(self) -> Mapping[str, str]:
        return self._headers

    @property
    def data(self) -> bytes:
        return self._data


class Request(transport.Request):
    """One request; no proxy of the environment is used."""

    def __call__(
        self,
        url: str,
        method: str = "GET",
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
        **_more: Any,
    ) -> Response:
        request = urllib.request.Request(url, data=body, headers=dict(headers or {}), method=method)  # noqa: S310 -- google-auth names the address
        opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=_tls())
        )
        try:
            with opener.open(request, timeout=timeout or _SECONDS) as answer:
                return Response(answer.status, dict(answer.headers), answer.read())
        except urllib.error.HTTPError as error:
            return Response(error.code, dict(error.headers), error.read())
        except (OSError, http.client.HTTPException) as error:
            raise exceptions.TransportError(error) from error  # type: ignore[no-untyped-call] # it has no types


def _tls() -> ssl.SSLContext:
    import truststore

    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
