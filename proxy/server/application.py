"""The HTTP application: routes from the table of endpoints, and one door that every request passes."""

import math
from collections.abc import Callable, Iterable

from aiohttp import web
from aiohttp.typedefs import Middleware

from proxy import log
from proxy.config import Config
from proxy.server.access import check_token, check_where_from
from proxy.server.endpoint import Endpoint, Handler
from proxy.server.headers import about
from proxy.server.paths import family
from proxy.server.relay import ClientGoneError
from proxy.server.state import CLIENT, EXCHANGE, HAS_BEGUN, REQUEST_ID
from proxy.server.tokens import Tokens
from proxy.wire.failure import Failure, FailureKind
from proxy.wire.formats import ERRORS, Format

_log = log.area("server")

# Nobody reads it; the name that servers have for a client that hung up.
_CLIENT_CLOSED_REQUEST = 499

_PREFIX = "/c/{client:[^/@]+}"
_PREFIX_WITH_PROFILE = _PREFIX + "@{profile:[^/]+}"


def build(
    endpoints: Iterable[Endpoint], tokens: Tokens, config: Callable[[], Config], new_id: Callable[[], str]
) -> web.Application:
    door = _Door(tokens, config, new_id)
    application = web.Application(middlewares=[door.middleware])
    application.on_response_prepare.append(_note_beginning)
    for endpoint in endpoints:
        for path in _paths(endpoint):
            route = application.router.add_route(endpoint.method, path, endpoint.handle)
            door.register(route, endpoint)
    return application


async def _note_beginning(request: web.Request, _response: web.StreamResponse) -> None:
    request[HAS_BEGUN] = True


def _paths(endpoint: Endpoint) -> Iterable[str]:
    """Where an endpoint is found. A base URL that ends in `/v1` doubles it in the path of some clients."""
    doubled = ["/v1" + endpoint.path] if endpoint.path.startswith("/v1") else []
    yield from (endpoint.path, *doubled)
    if endpoint.prefixed:
        for prefix in (_PREFIX, _PREFIX_WITH_PROFILE):
            yield from (prefix + path for path in (endpoint.path, *doubled))
            if endpoint.path == "/":
                yield prefix


class _Door:
    """Gives a request its id, checks where it comes from and what it may do, and words every failure."""

    def __init__(self, tokens: Tokens, config: Callable[[], Config], new_id: Callable[[], str]) -> None:
        self._tokens = tokens
        self._config = config
        self._new_id = new_id
        self._endpoints: dict[web.AbstractRoute, Endpoint] = {}

    def register(self, route: web.AbstractRoute, endpoint: Endpoint) -> None:
        self._endpoints[route] = endpoint

    @property
    def middleware(self) -> Middleware:
        @web.middleware
        async def door(request: web.Request, handler: Handler) -> web.StreamResponse:
            request[REQUEST_ID] = self._new_id()
            mark = log.current_request.set(request[REQUEST_ID])
            try:
                response = await self._answer(request, handler)
                if not response.prepared:
                    response.headers.setdefault("x-tierwise-request-id", request[REQUEST_ID])
                return response
            finally:
                log.current_request.reset(mark)

        return door

    async def _answer(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            check_where_from(request, remote_allowed=self._config().server.allow_remote)
            endpoint = self._endpoints.get(request.match_info.route)
            if endpoint is not None:
                caller = check_token(request, endpoint, self._tokens)
                request[CLIENT] = request.match_info.get("client", caller)
            return await handler(request)
        except Failure as failure:
            return self._failed(request, failure)
        except web.HTTPException as error:
            return self._failed(request, _as_failure(request, error))
        except ClientGoneError:
            return _cut(request)
        except Exception:  # noqa: BLE001 -- the edge: a bug is logged with its traceback and told in the client's format
            _log.exception("%s %s failed", request.method, request.rel_url.raw_path)
            sentence = f"Tierwise made a mistake; its log has the details under {request[REQUEST_ID]}."
            return self._failed(request, Failure(FailureKind.INTERNAL, sentence))

    def _failed(self, request: web.Request, failure: Failure) -> web.Response:
        if request.get(HAS_BEGUN):  # no second answer into the first
            return _cut(request)
        style = ERRORS[self._format(request)]
        status = style.status(failure)
        _log.info("%s %s: %s %s", request.method, request.rel_url.raw_path, status, failure.for_log)
        body = style.body(failure, request[REQUEST_ID])
        response = web.Response(status=status, body=body, content_type="application/json")
        if failure.retry_after is not None:
            response.headers["retry-after"] = str(math.ceil(failure.retry_after))
        exchange = request.get(EXCHANGE)
        if exchange is not None:
            exchange.status = status
            response.headers.update(about(exchange))
        if failure.kind is FailureKind.STOPPING:
            response.force_close()
        return response

    def _format(self, request: web.Request) -> Format:
        endpoint = self._endpoints.get(request.match_info.route)
        if endpoint is None:
            return family(request.rel_url.raw_path, request.headers)
        is_anthropic = endpoint.speaks is Format.OPENAI_CHAT and "anthropic-version" in request.headers
        return Format.ANTHROPIC if is_anthropic else endpoint.speaks


def _cut(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=_CLIENT_CLOSED_REQUEST)


def _as_failure(request: web.Request, error: web.HTTPException) -> Failure:
    where = f"{request.method} {request.rel_url.raw_path}"
    match error:
        case web.HTTPMethodNotAllowed():
            allowed = ", ".join(sorted(error.allowed_methods))
            return Failure(FailureKind.METHOD_NOT_ALLOWED, f"{where} is not offered; {allowed} is.")
        case web.HTTPNotFound():
            return Failure(FailureKind.NOT_FOUND, f"Tierwise has nothing at {where}.")
        case _:
            return Failure(FailureKind.BAD_REQUEST, f"{where}: {error.reason}.")
