"""The byte path: same format in and out, so the request's and the answer's bytes pass untouched."""

import asyncio
from collections.abc import Callable

from aiohttp import web
from multidict import CIMultiDictProxy

from proxy import log
from proxy.config import Config
from proxy.exchange import Exchange, OpenExchanges, Service, Surface
from proxy.providers.address import Address, first_address
from proxy.secret import Secret, SecretSource, SecretUnavailableError
from proxy.server.body import read_body
from proxy.server.relay import ClientGoneError, Relay
from proxy.server.state import CLIENT, EXCHANGE, REQUEST_ID
from proxy.upstream.attempt import Call, Upstream
from proxy.wire.failure import Failure, FailureKind
from proxy.wire.peek import Asked, peek

_log = log.area("server")

# Above this size a body is looked at in a worker thread, so that no stream waits for it.
_LARGE_BODY = 256 * 1024


class BytePath:
    """Hands a request to the first configured provider of its own format and the answer back."""

    def __init__(
        self,
        config: Callable[[], Config],
        secrets: SecretSource,
        upstream: Upstream,
        exchanges: OpenExchanges,
    ) -> None:
        self._config = config
        self._secrets = secrets
        self._upstream = upstream
        self._exchanges = exchanges

    async def serve(self, request: web.Request, surface: Surface) -> web.StreamResponse:
        body = await read_body(request, self._config().server.max_body_mb)
        with self._exchanges.counted():
            asked = await _what_is_asked(body, request.headers)
            exchange = Exchange(request[REQUEST_ID], surface, request[CLIENT], asked.model)
            request[EXCHANGE] = exchange
            call = await self._plan(exchange, request, body)
            return await self._relay(call, exchange, Relay(request, exchange))

    async def _relay(self, call: Call, exchange: Exchange, relay: Relay) -> web.StreamResponse:
        outcome = "the client hung up"
        try:
            async with self._upstream.answer(call, exchange) as answer:
                await relay.begin(answer.status, answer.headers)
                async for chunk in answer.chunks():
                    await relay.write(chunk)
            await relay.finish()
            outcome = str(answer.status)
        except Failure as failure:
            outcome = failure.sentence
            if not relay.has_begun:
                raise
            await relay.break_off(failure)
        except ClientGoneError:
            raise
        except Exception:
            outcome = "a mistake of Tierwise"
            if not relay.has_begun:
                raise
            _log.exception("serving broke off")
            await relay.break_off(
                Failure(FailureKind.INTERNAL, "Tierwise made a mistake; its log says more.")
            )
        finally:
            _log.info("%s -> %s: %s", exchange.surface, call.service, outcome)
        return relay.response

    async def _plan(self, exchange: Exchange, request: web.Request, body: bytes) -> Call:
        address = first_address(self._config(), exchange.format)
        if address is None:
            local_only = self._config().routing.local_only
            raise Failure(FailureKind.NO_SERVICE, _nobody(exchange.surface, "local " if local_only else ""))
        _refuse_what_is_not_done(address)
        exchange.source = "passthrough"
        key = await self._key(address)
        return Call(
            service=Service(address.provider, exchange.requested_model or "unknown"),
            url=address.url,
            shown_url=address.shown_url,
            query=f"?{request.query_string}" if request.query_string else "",
            headers=address.headers(request.headers.items(), key),
            body=body,
            timeouts=address.config.timeouts,
        )

    async def _key(self, address: Address) -> Secret | None:
        names = address.config.secret_names(address.provider)
        if not names:
            return None
        try:
            key = await self._secrets.get(names[0])
        except SecretUnavailableError as error:
            raise Failure(FailureKind.NO_SERVICE, f"The key of {address.provider}: {error}") from error
        if key is None:
            raise Failure(FailureKind.NO_SERVICE, _no_key(address.provider, names[0]))
        return _fit_for_a_header(key, address.provider)


def _fit_for_a_header(key: Secret, provider: str) -> Secret:
    """Pasted keys end in line breaks; a key with one inside was never a key."""
    trimmed = Secret(key.reveal().strip())
    if not (trimmed.reveal().isascii() and trimmed.reveal().isprintable()):
        raise Failure(
            FailureKind.NO_SERVICE,
            f"The key of {provider} contains a character that no header may carry. Store it again.",
        )
    return trimmed


def _refuse_what_is_not_done(address: Address) -> None:
    """Better no answer than one that took another way than the user asked for."""
    for name, value in (("proxy", address.config.proxy), ("ca_file", address.config.ca_file)):
        if value:
            raise Failure(
                FailureKind.NO_SERVICE,
                f"The provider {address.provider} is configured with `{name}`, which this version does not "
                "use yet, so nothing is sent to it.",
            )


async def _what_is_asked(body: bytes, headers: CIMultiDictProxy[str]) -> Asked:
    if headers.get("content-encoding", "identity") != "identity":
        return Asked()
    if len(body) <= _LARGE_BODY:
        return peek(body)
    return await asyncio.to_thread(peek, body)


def _nobody(surface: Surface, sort: str) -> str:
    speaks = {Surface.MESSAGES: "Anthropic", Surface.CHAT: "OpenAI"}[surface]
    return (
        f"No {sort}provider that speaks the {speaks} format is configured and enabled. "
        "Add one to config.toml (`tierwise config path` tells where), or try `tierwise demo`."
    )


def _no_key(provider: str, name: str) -> str:
    if name.startswith("env:"):
        return f"The key of {provider} is missing: the environment variable {name[4:]} is not set."
    return f"The key of {provider} is missing: the keyring has no entry {name} for Tierwise."
